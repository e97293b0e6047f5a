// The minted MCP servers as the protocol looks them up: a token's hash in the control plane's
// snapshot.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "mcp/server/server_registry.h"
#include "servers/minted_server.h"
#include "vault/vault.h"

namespace patchbay::servers {

class MintedServerRegistry final : public mcp::ServerRegistry {
 public:
  // `credentials_refused` may be empty.
  MintedServerRegistry(io::Runtime& runtime, const control::SnapshotHolder& snapshot,
                       gateway::Gateway& gateway, std::shared_ptr<const vault::Vault> vault,
                       const Clock& clock, CredentialsRefused credentials_refused);

  std::optional<Found> find(std::string_view token, std::string_view api_token) const override;

  // Something has changed in the control plane: calls that are no longer allowed end. From any
  // thread.
  void look_again() { parts_.running.look_again(); }

 private:
  std::shared_ptr<const vault::Vault> vault_;
  ServingParts parts_;
};

}  // namespace patchbay::servers
