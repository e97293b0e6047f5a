// Environments and API tokens.
#include <utility>

#include "audit/settings.h"
#include "base/random.h"
#include "control/names.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

std::unexpected<Error> instance_only() {
  return fail(ErrorCode::permission_denied, "Only an API token of the whole instance may do that.");
}

}  // namespace

Result<store::EnvironmentRow> ControlPlane::create_environment(const Principal& principal,
                                                               std::string name) {
  if (!principal.environment_id.empty()) return instance_only();
  auto checked = check_name(name, "name");
  if (!checked) return std::unexpected(checked.error());
  const WallTime now = impl_->clock.now();
  store::EnvironmentRow row{
      .id = random_id("env"), .name = std::move(*checked), .created_at = now, .updated_at = now};
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (auto inserted = impl_->repository.insert(row); !inserted) {
    return std::unexpected(inserted.error());
  }
  return row;
}

Result<store::EnvironmentRow> ControlPlane::environment(const Principal& principal,
                                                        std::string_view id) const {
  return impl_->find_environment(principal, id);
}

Result<std::vector<store::EnvironmentRow>> ControlPlane::environments(const Principal& principal,
                                                                      const Page& page) const {
  if (!principal.environment_id.empty()) {
    if (page.after) return std::vector<store::EnvironmentRow>();
    auto own = impl_->stored_environment(principal.environment_id);
    if (!own) return std::unexpected(std::move(own.error()));
    std::vector<store::EnvironmentRow> rows;
    if (*own) rows.push_back(std::move(**own));
    return rows;
  }
  return page_of(
      page, [&](const Page& next) { return impl_->repository.environments(next); },
      [&](const auto& row) { return impl_->counts(row); });
}

Result<store::Owned> ControlPlane::owned_by(const store::EnvironmentRow& row) const {
  return impl_->repository.owned_by_environment(row.id);
}

Result<store::EnvironmentRow> ControlPlane::update_environment(const Principal& principal,
                                                               std::string_view id,
                                                               EnvironmentChange wanted) {
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  auto found = impl_->find_environment(principal, id);
  if (!found) return std::unexpected(found.error());
  // Names are unique: a conflict would tell an environment what others are called.
  if (!principal.environment_id.empty()) return instance_only();
  store::EnvironmentRow row = std::move(*found);
  if (wanted.name) {
    auto name = check_name(*wanted.name, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  if (wanted.audit) {
    for (auto& [member, value] : *wanted.audit) {
      if (value.is_null()) {
        row.audit.if_object()->erase(member);
      } else {
        row.audit[member] = std::move(value);
      }
    }
    if (auto settings = audit::read_settings(row.audit); !settings) {
      return std::unexpected(std::move(settings.error()));
    }
  }
  row.updated_at = impl_->clock.now();
  if (auto updated = impl_->repository.update(row); !updated) {
    return std::unexpected(updated.error());
  }
  return row;
}

Result<Revoked> ControlPlane::delete_environment(const Principal& principal, std::string_view id) {
  if (!principal.environment_id.empty()) return instance_only();
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (const auto found = impl_->find_environment(principal, id); !found) {
    return std::unexpected(found.error());
  }
  return impl_->take_away(
      principal, {store::Revocation::Kind::environment, std::string(id)},
      [&](Change& change) PATCHBAY_LOCKS_UNCHECKED { impl_->drop_environment(id, change); },
      [&] { return impl_->repository.delete_environment(id); });
}

Result<Minted<store::ApiTokenRow>> ControlPlane::create_api_token(
    const Principal& principal, std::string environment_id, std::string name,
    std::optional<WallTime> expires_at, TokenScope scope, const vault::Token* known) {
  auto checked = check_name(name, "name");
  if (!checked) return std::unexpected(checked.error());
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  if (environment_id.empty()) {
    environment_id = principal.environment_id;
  } else if (auto found = impl_->find_environment(principal, environment_id); !found) {
    return std::unexpected(found.error());
  }
  if (auto ahead = impl_->check_expiry(expires_at); !ahead) return std::unexpected(ahead.error());
  if (auto there = impl_->check_limits(
          {.token_id = principal.token_id, .environment_id = environment_id}, scope);
      !there) {
    return std::unexpected(there.error());
  }

  vault::Token token = known ? *known : vault::Token::generate(vault::TokenKind::api);
  const WallTime now = impl_->clock.now();
  store::ApiTokenRow row{.id = random_id("tok"),
                         .environment_id = std::move(environment_id),
                         .name = std::move(*checked),
                         .scope = std::string(to_string(scope.scope)),
                         .limits = limits_of(scope),
                         .hash = impl_->vault->hash(token),
                         .expires_at = expires_at,
                         .created_by = principal.token_id,
                         .created_at = now,
                         .updated_at = now};
  const std::uint64_t before = impl_->touched_by_now();
  if (auto inserted = impl_->insert(row); !inserted) return std::unexpected(inserted.error());
  Change change(*impl_);
  impl_->hold_committed(row, before, change);
  return Minted<store::ApiTokenRow>{row, std::move(token)};
}

Result<store::ApiTokenRow> ControlPlane::update_api_token(const Principal& principal,
                                                          std::string_view id,
                                                          ApiTokenChange wanted) {
  const MutexLock turn(impl_->changing);
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  auto found = impl_->find_api_token(principal, id);
  if (!found) return std::unexpected(found.error());
  store::ApiTokenRow row = std::move(*found);
  if (wanted.name) {
    auto name = check_name(*wanted.name, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  if (wanted.scope) {
    const Principal owner{.token_id = row.id, .environment_id = row.environment_id};
    if (auto there = impl_->check_limits(owner, *wanted.scope); !there) {
      return std::unexpected(there.error());
    }
    row.scope = to_string(wanted.scope->scope);
    row.limits = limits_of(*wanted.scope);
  }
  row.updated_at = impl_->clock.now();
  sign(*impl_->vault, row);
  const std::uint64_t before = impl_->touched_by_now();
  if (auto updated = impl_->repository.update(row, impl_->keep_an_admin()); !updated) {
    return std::unexpected(updated.error());
  }
  Change change(*impl_);
  impl_->hold_committed(row, before, change);
  return row;
}

Result<std::vector<store::ApiTokenRow>> ControlPlane::api_tokens(const Principal& principal,
                                                                 const Page& page) const {
  return page_of(
      page,
      [&](const Page& next) {
        return impl_->repository.api_tokens(principal.environment_id, next);
      },
      [&](const auto& row) { return impl_->counts(row); });
}

Result<Revoked> ControlPlane::delete_api_token(const Principal& principal, std::string_view id) {
  if (auto stands = impl_->check_standing(principal); !stands) {
    return std::unexpected(stands.error());
  }
  const auto found = impl_->find_api_token(principal, id);
  if (!found) return std::unexpected(found.error());
  if (auto spare = impl_->check_not_the_last(*found); !spare) return std::unexpected(spare.error());
  return impl_->take_away(
      principal, {store::Revocation::Kind::api_token, std::string(id)},
      [&](Change& change) PATCHBAY_LOCKS_UNCHECKED { impl_->drop_api_token(id, change); },
      [&] { return impl_->repository.delete_api_token(id, impl_->keep_an_admin()); });
}

}  // namespace patchbay::control
