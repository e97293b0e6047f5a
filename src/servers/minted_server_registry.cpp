#include "servers/minted_server_registry.h"

#include <utility>

namespace patchbay::servers {

MintedServerRegistry::MintedServerRegistry(const control::SnapshotHolder& snapshot,
                                           gateway::Gateway& gateway,
                                           std::shared_ptr<const vault::Vault> vault,
                                           const Clock& clock,
                                           CredentialsRefused credentials_refused)
    : vault_(std::move(vault)),
      parts_{.current = CurrentServers(snapshot, clock),
             .gateway = gateway,
             .credentials_refused = std::move(credentials_refused)} {}

std::optional<mcp::ServerRegistry::Found> MintedServerRegistry::find(std::string_view text) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::mcp_server, text);
  if (!token) return std::nullopt;
  const vault::TokenHash hash = vault_->hash(*token);
  std::shared_ptr<const control::McpServer> server = parts_.current.find(hash);
  if (server == nullptr) return std::nullopt;
  Found found;
  found.needs_api_token = server->require_api_token_auth;
  if (found.needs_api_token) found.environment_id = server->environment_id;
  found.server = std::make_shared<MintedServer>(parts_, hash, std::move(server));
  return found;
}

bool MintedServerRegistry::admits(std::string_view text, std::string_view environment_id) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::api, text);
  return token && parts_.current.admits(vault_->hash(*token), environment_id);
}

}  // namespace patchbay::servers
