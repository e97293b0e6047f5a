// The minted MCP servers as the protocol looks them up: a token's hash in the control plane's
// snapshot, into which it is read when it is not there.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "control/control_plane.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "mcp/server/server_registry.h"
#include "servers/minted_server.h"
#include "vault/vault.h"

namespace patchbay::servers {

class MintedServerRegistry final : public mcp::ServerRegistry {
 public:
  // `snapshot` is the control plane's. `credentials_refused` may be empty.
  MintedServerRegistry(io::Runtime& runtime, control::ControlPlane& control,
                       const control::SnapshotHolder& snapshot, gateway::Gateway& gateway,
                       std::shared_ptr<const vault::Vault> vault,
                       CredentialsRefused credentials_refused);

  std::optional<Found> find(const mcp::Credentials& given) const override;
  std::optional<io::Task<bool>> look_up(std::string_view token,
                                        std::string_view api_token) const override;

  // Runs on a loop, and blocks until it is known what came of it: for Approvals::send_with.
  control::Sent send_approved(const vault::TokenHash& hash,
                              std::shared_ptr<const control::McpServer> server,
                              const control::Approval& approval) const;

  // What clients of that server list. From any thread.
  mcp::SharedText listing_of(const control::McpServer& server) const {
    return parts_.listings.tools_of(server);
  }

  // Something has changed in the control plane: calls that are no longer allowed end. From any
  // thread.
  void look_again() { parts_.running.look_again(); }

 private:
  struct Wanted {
    vault::TokenHash server;
    std::optional<vault::TokenHash> api_token;
  };
  io::Task<bool> read(Wanted wanted) const;

  io::Runtime& runtime_;
  control::ControlPlane& control_;
  const control::SnapshotHolder& snapshot_;
  mutable std::atomic<std::size_t> reading_ = 0;
  mutable std::atomic<std::size_t> next_loop_ = 0;  // of what is sent on an approval
  std::shared_ptr<const vault::Vault> vault_;
  ServingParts parts_;
};

}  // namespace patchbay::servers
