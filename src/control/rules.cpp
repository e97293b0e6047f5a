// Who may see what, and what may be said about it.
#include <algorithm>
#include <ranges>

#include "base/iso8601.h"
#include "base/nearest.h"
#include "base/text.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

std::unexpected<Error> no_such(std::string_view what, std::string_view id) {
  return fail(ErrorCode::not_found,
              "There is no " + std::string(what) + " '" + std::string(cut_utf8(id, 100)) + "'.");
}

}  // namespace

bool ControlPlane::Impl::may_see(const Principal& principal, std::string_view environment_id) {
  return principal.environment_id.empty() || principal.environment_id == environment_id;
}

bool ControlPlane::Impl::may_see_account(const Principal& principal, const store::AccountRow& row) {
  return may_see(principal, row.environment_id) && covers_account(principal.scope, row.id);
}

Result<const store::EnvironmentRow*> ControlPlane::Impl::find_environment(
    const Principal& principal, std::string_view id) const {
  const auto found = rows.read().environments.find(id);
  if (found == rows.read().environments.end() || !may_see(principal, id)) {
    return no_such("environment", id);
  }
  return &found->second;
}

Result<const store::ApiTokenRow*> ControlPlane::Impl::find_api_token(const Principal& principal,
                                                                     std::string_view id) const {
  const auto found = rows.read().api_tokens.find(id);
  if (found == rows.read().api_tokens.end() || !may_see(principal, found->second.environment_id)) {
    return no_such("API token", id);
  }
  return &found->second;
}

Result<const AccountEntry*> ControlPlane::Impl::find_account(const Principal& principal,
                                                             std::string_view id) const {
  const auto found = rows.read().accounts.find(id);
  if (found == rows.read().accounts.end() || !may_see_account(principal, found->second.row)) {
    return no_such("integrated account", id);
  }
  return &found->second;
}

Result<const McpServerEntry*> ControlPlane::Impl::find_server(const Principal& principal,
                                                              std::string_view account_id,
                                                              std::string_view id) const {
  if (const auto account = find_account(principal, account_id); !account) {
    return std::unexpected(account.error());
  }
  const auto found = rows.read().servers.find(id);
  if (found == rows.read().servers.end() || found->second.row.account_id != account_id) {
    return no_such("MCP server", id);
  }
  // Between its moment and the timer that removes it, it is gone already.
  const auto& expires_at = found->second.row.expires_at;
  if (expires_at && *expires_at <= clock.now()) return no_such("MCP server", id);
  // Nor is there one that reaches further than who asks may mint: its new URL would.
  if (!check_within(principal.scope, found->second.row.config)) return no_such("MCP server", id);
  return &found->second;
}

const AccountEntry& ControlPlane::Impl::account_of(const store::McpServerRow& row) const {
  return rows.read().accounts.find(row.account_id)->second;
}

Result<std::shared_ptr<const catalog::ToolCatalog>> ControlPlane::Impl::find_catalog(
    std::string_view name) const {
  const auto found = rows.read().catalogs.find(name);
  if (found != rows.read().catalogs.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, catalog] : rows.read().catalogs) names.push_back(known);
  const auto near = nearest(name, names, 5, true);
  return fail(ErrorCode::not_found,
              "There is no integration '" + std::string(cut_utf8(name, 100)) + "'.",
              near.empty() ? "" : "There are: " + join(near) + ".");
}

Result<std::string> ControlPlane::Impl::choose_environment(const Principal& principal,
                                                           std::string_view wanted) const {
  if (!wanted.empty()) {
    const auto found = find_environment(principal, wanted);
    if (!found) return std::unexpected(found.error());
    return (*found)->id;
  }
  if (!principal.environment_id.empty()) return principal.environment_id;
  if (rows.read().environments.size() == 1) return rows.read().environments.begin()->first;
  return fail(ErrorCode::invalid_argument,
              "There are several environments; this token belongs to none of them.",
              "Say which with 'environment_id'.");
}

Result<> ControlPlane::Impl::check_expiry(const std::optional<WallTime>& expires_at) const {
  if (!expires_at || *expires_at >= clock.now() + options.least_lifetime) return {};
  return fail(ErrorCode::invalid_argument,
              "'expires_at' must lie at least " + std::to_string(options.least_lifetime.count()) +
                  " seconds ahead; it is " + format_utc_millis(clock.now()) + " now.",
              "Use a later time, or null for no end.");
}

Result<> ControlPlane::Impl::check_limits(const Principal& owner, const TokenScope& scope) const {
  for (const std::string& id : scope.accounts) {
    if (auto found = find_account(owner, id); !found) return std::unexpected(found.error());
  }
  for (const std::string& id : scope.servers) {
    const auto found = rows.read().servers.find(id);
    if (found == rows.read().servers.end()) return no_such("MCP server", id);
    if (auto seen = find_server(owner, found->second.row.account_id, id); !seen) {
      return no_such("MCP server", id);
    }
  }
  return {};
}

Result<> ControlPlane::Impl::check_not_the_last(const store::ApiTokenRow& row) const {
  const auto opens_the_instance = [&](const store::ApiTokenRow& one) {
    return one.environment_id.empty() && one.scope == to_string(Scope::admin) &&
           (!one.expires_at || *one.expires_at > clock.now());
  };
  if (!opens_the_instance(row) ||
      std::ranges::count_if(std::views::values(rows.read().api_tokens), opens_the_instance) > 1) {
    return {};
  }
  return fail(ErrorCode::conflict, "This is the last admin API token of the whole instance.",
              "Create another one first.");
}

Result<> ControlPlane::Impl::check_standing(const Principal& principal) const {
  if (principal.token_id == kBootstrap) return {};
  const auto found = rows.read().api_tokens.find(principal.token_id);
  const auto as_it_was = [&](const store::ApiTokenRow& row) {
    const auto scope = read_token_scope(row.scope, row.limits);
    return row.environment_id == principal.environment_id && scope && *scope == principal.scope &&
           (!row.expires_at || *row.expires_at > clock.now());
  };
  if (found != rows.read().api_tokens.end() && as_it_was(found->second)) return {};
  return fail(ErrorCode::unauthenticated,
              "The API token was deleted, changed or has expired in the meantime; nothing was "
              "changed.",
              "Send 'Authorization: Bearer <API token>' with a valid token.");
}

}  // namespace patchbay::control
