// Who may see what, and what may be said about it.
#include "base/iso8601.h"
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

bool ControlPlane::Impl::may_see_server(const Principal& principal,
                                        const store::McpServerRow& row) const {
  return !is_over(row.expires_at) && check_within(principal.scope, row.config).has_value();
}

Result<store::EnvironmentRow> ControlPlane::Impl::find_environment(const Principal& principal,
                                                                   std::string_view id) const {
  auto row = known_environment(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row || !may_see(principal, id)) return no_such("environment", id);
  return std::move(**row);
}

Result<store::ApiTokenRow> ControlPlane::Impl::find_api_token(const Principal& principal,
                                                              std::string_view id) const {
  auto row = known_api_token(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row || !may_see(principal, (*row)->environment_id)) return no_such("API token", id);
  return std::move(**row);
}

Result<store::AccountRow> ControlPlane::Impl::find_account(const Principal& principal,
                                                           std::string_view id) const {
  auto row = known_account(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row || !may_see_account(principal, **row)) return no_such("integrated account", id);
  return std::move(**row);
}

Result<store::McpServerRow> ControlPlane::Impl::find_server(const Principal& principal,
                                                            std::string_view account_id,
                                                            std::string_view id) const {
  if (const auto account = find_account(principal, account_id); !account) {
    return std::unexpected(account.error());
  }
  auto row = known_server(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row || (*row)->account_id != account_id || !may_see_server(principal, **row)) {
    return no_such("MCP server", id);
  }
  return std::move(**row);
}

Result<std::string> ControlPlane::Impl::choose_environment(const Principal& principal,
                                                           std::string_view wanted) const {
  if (!wanted.empty()) {
    const auto found = find_environment(principal, wanted);
    if (!found) return std::unexpected(found.error());
    return found->id;
  }
  if (!principal.environment_id.empty()) return principal.environment_id;
  const auto some = repository.environments(Page{.limit = 2});
  if (!some) return std::unexpected(some.error());
  if (some->size() == 1) return some->front().id;
  return fail(ErrorCode::invalid_argument,
              "There are several environments; this token belongs to none of them.",
              "Say which with 'environment_id'.");
}

Result<std::string> ControlPlane::choose_environment(const Principal& principal,
                                                     std::string_view wanted) const {
  return impl_->choose_environment(principal, wanted);
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
    const auto row = stored_server(id);
    if (!row) return std::unexpected(row.error());
    if (!*row) return no_such("MCP server", id);
    if (auto seen = find_server(owner, (*row)->account_id, id); !seen) {
      return seen.error().code == ErrorCode::not_found ? no_such("MCP server", id)
                                                       : std::unexpected(seen.error());
    }
  }
  return {};
}

Result<> ControlPlane::Impl::check_not_the_last(const store::ApiTokenRow& row) const {
  const bool opens_the_instance = row.environment_id.empty() &&
                                  row.scope == to_string(Scope::admin) && !is_over(row.expires_at);
  if (!opens_the_instance) return {};
  const auto admins = repository.count_instance_admins(clock.now());
  if (!admins) return std::unexpected(admins.error());
  if (*admins > 1) return {};
  return fail(ErrorCode::conflict, "This is the last admin API token of the whole instance.",
              "Create another one first.");
}

Result<> ControlPlane::check_standing(const Principal& principal) const {
  return impl_->check_standing(principal);
}

Result<Principal> ControlPlane::principal_of(std::string_view token_id) const {
  const auto row = impl_->stored_api_token(token_id);
  if (!row) return std::unexpected(row.error());
  auto scope = *row && !impl_->is_over((*row)->expires_at)
                   ? read_token_scope((*row)->scope, (*row)->limits)
                   : fail(ErrorCode::not_found, "There is no such API token.");
  if (!scope) return fail(ErrorCode::unauthenticated, "The API token is gone or has expired.");
  return Principal{.token_id = std::string(token_id),
                   .environment_id = (*row)->environment_id,
                   .scope = std::move(*scope)};
}

Result<store::ApiTokenRow> ControlPlane::own_token(const Principal& principal) const {
  auto row = impl_->stored_api_token(principal.token_id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (*row) return std::move(**row);
  return fail(ErrorCode::unauthenticated, "The API token is gone or has expired.");
}

Result<> ControlPlane::Impl::check_standing(const Principal& principal) const {
  if (principal.token_id == kBootstrap) return {};
  const auto found = known_api_token(principal.token_id);
  if (!found) return std::unexpected(found.error());
  const auto as_it_was = [&](const store::ApiTokenRow& row) {
    const auto scope = read_token_scope(row.scope, row.limits);
    return row.environment_id == principal.environment_id && scope && *scope == principal.scope &&
           !is_over(row.expires_at);
  };
  if (*found && as_it_was(**found)) return {};
  return fail(ErrorCode::unauthenticated,
              "The API token was deleted, changed or has expired in the meantime; nothing was "
              "changed.",
              "Send 'Authorization: Bearer <API token>' with a valid token.");
}

}  // namespace patchbay::control
