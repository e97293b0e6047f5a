// The control plane's MCP servers and API tokens as they are at this moment: what the snapshot
// holds, may be gone by, and the clock has not passed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "control/snapshot.h"
#include "vault/token.h"

namespace patchbay::servers {

class CurrentServers {
 public:
  CurrentServers(const control::SnapshotHolder& snapshot, const Clock& clock)
      : snapshot_(snapshot), clock_(clock) {}

  // On a loop's thread, all. Null: unknown, revoked or expired, or not known at this moment.
  std::shared_ptr<const control::McpServer> find(const vault::TokenHash& hash) const;
  // The same for what runs on its behalf already (Trust::may_go_on).
  std::shared_ptr<const control::McpServer> still(const vault::TokenHash& hash) const;
  // Whether it is the hash of an API token of that environment, or of the whole instance. How the
  // token is used; null: it is not.
  std::shared_ptr<control::Use> admits(const vault::TokenHash& api_token,
                                       const control::McpServer& server) const;
  // The id of an API token that is in memory; empty: it is not.
  std::string api_token_id(const vault::TokenHash& api_token) const;

 private:
  std::shared_ptr<const control::McpServer> in_memory(const vault::TokenHash& hash) const;
  bool passed(const std::optional<WallTime>& expires_at) const;

  const control::SnapshotHolder& snapshot_;
  const Clock& clock_;
};

}  // namespace patchbay::servers
