#include "servers/current_servers.h"

#include "io/runtime.h"

namespace patchbay::servers {

// Against the clock, not against a timer: the moment counts even if the timer has not fired yet.
bool CurrentServers::passed(const std::optional<WallTime>& expires_at) const {
  return expires_at && *expires_at <= clock_.now();
}

std::shared_ptr<const control::McpServer> CurrentServers::find(const vault::TokenHash& hash) const {
  return snapshot_.trust.state() == control::Trust::Is::good ? in_memory(hash) : nullptr;
}

std::shared_ptr<const control::McpServer> CurrentServers::still(
    const vault::TokenHash& hash) const {
  return snapshot_.trust.may_go_on() ? in_memory(hash) : nullptr;
}

std::shared_ptr<const control::McpServer> CurrentServers::in_memory(
    const vault::TokenHash& hash) const {
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  std::shared_ptr<const control::McpServer> server = snapshot->find_server(hash);
  if (server == nullptr || passed(server->expires_at)) return nullptr;
  if (server->previous && !server->opens_by(hash, clock_.now())) return nullptr;
  server->use->note(snapshot_.epoch());
  return server;
}

std::shared_ptr<control::Use> CurrentServers::admits(const vault::TokenHash& api_token,
                                                     const control::McpServer& server) const {
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  const control::ApiToken* known = snapshot->find_api_token(api_token);
  if (known == nullptr || passed(known->expires_at)) return nullptr;
  if (!control::admits_to_server(known->scope, server.id)) return nullptr;
  if (!known->environment_id.empty() && known->environment_id != server.environment_id) {
    return nullptr;
  }
  known->use->note(snapshot_.epoch());
  return known->use;
}

std::string CurrentServers::api_token_id(const vault::TokenHash& api_token) const {
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  const control::ApiToken* known = snapshot->find_api_token(api_token);
  return known != nullptr ? known->id : std::string();
}

}  // namespace patchbay::servers
