#include "servers/minted_server_registry.h"

#include <utility>

namespace patchbay::servers {

MintedServerRegistry::MintedServerRegistry(io::Runtime& runtime,
                                           const control::SnapshotHolder& snapshot,
                                           gateway::Gateway& gateway,
                                           std::shared_ptr<const vault::Vault> vault,
                                           const Clock& clock,
                                           CredentialsRefused credentials_refused)
    : vault_(std::move(vault)),
      parts_{.current = CurrentServers(snapshot, clock),
             .gateway = gateway,
             .credentials_refused = std::move(credentials_refused),
             .running = RunningCalls(runtime)} {}

std::optional<mcp::ServerRegistry::Found> MintedServerRegistry::find(
    std::string_view text, std::string_view api_token) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::mcp_server, text);
  if (!token) return std::nullopt;
  Admission admission{.server = vault_->hash(*token)};
  std::shared_ptr<const control::McpServer> server = parts_.current.find(admission.server);
  if (server == nullptr) return std::nullopt;
  Found found;
  if (server->require_api_token_auth) {
    const auto second = vault::Token::parse(vault::TokenKind::api, api_token);
    if (second) admission.api_token = vault_->hash(*second);
    found.lacks_api_token = !second || !parts_.current.admits(*admission.api_token, *server);
  }
  found.server = std::make_shared<MintedServer>(parts_, admission, std::move(server));
  return found;
}

}  // namespace patchbay::servers
