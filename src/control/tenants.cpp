// Environments and API tokens.
#include <algorithm>

#include "base/random.h"
#include "control/members.h"
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
  const json::Value given(std::move(name));
  auto checked = read_name(&given, "name");
  if (!checked) return std::unexpected(checked.error());
  const WallTime now = impl_->clock.now();
  store::EnvironmentRow row{
      .id = random_id("env"), .name = std::move(*checked), .created_at = now, .updated_at = now};
  const Writing writing(impl_->rows);
  if (auto inserted = impl_->repository.insert(row); !inserted) {
    return std::unexpected(inserted.error());
  }
  const Applying applying(impl_->rows);
  impl_->rows.change().environments[row.id] = row;
  return row;
}

Result<store::EnvironmentRow> ControlPlane::environment(const Principal& principal,
                                                        std::string_view id) const {
  const Reading reading(impl_->rows);
  const auto found = impl_->find_environment(principal, id);
  if (!found) return std::unexpected(found.error());
  return **found;
}

Result<std::vector<store::EnvironmentRow>> ControlPlane::environments(const Principal& principal,
                                                                      const Page& page) const {
  const Reading reading(impl_->rows);
  std::vector<const store::EnvironmentRow*> rows;
  for (const auto& [id, row] : impl_->rows.read().environments) {
    if (Impl::may_see(principal, id)) rows.push_back(&row);
  }
  return take_page(std::move(rows), page);
}

Result<store::EnvironmentRow> ControlPlane::update_environment(const Principal& principal,
                                                               std::string_view id,
                                                               const json::Object& patch) {
  if (auto known = only_known_members(patch, "", {"name"}); !known) {
    return std::unexpected(known.error());
  }
  const Writing writing(impl_->rows);
  const auto found = impl_->find_environment(principal, id);
  if (!found) return std::unexpected(found.error());
  store::EnvironmentRow row = **found;
  if (const json::Value* const value = patch.find("name")) {
    auto name = read_name(value, "name");
    if (!name) return std::unexpected(name.error());
    row.name = std::move(*name);
  }
  row.updated_at = impl_->clock.now();
  if (auto updated = impl_->repository.update(row); !updated) {
    return std::unexpected(updated.error());
  }
  const Applying applying(impl_->rows);
  impl_->rows.change().environments[row.id] = row;
  return row;
}

Result<> ControlPlane::delete_environment(const Principal& principal, std::string_view id) {
  if (!principal.environment_id.empty()) return instance_only();
  Impl& impl = *impl_;
  std::optional<Change> change;
  {
    const Writing writing(impl.rows);
    const auto found = impl.find_environment(principal, id);
    if (!found) return std::unexpected(found.error());
    if (auto deleted = impl.repository.delete_environment(id); !deleted) return deleted;
    change.emplace(impl.begin_change());
    std::vector<std::string> owned;
    for (const auto& [account_id, entry] : impl.rows.read().accounts) {
      if (entry.row.environment_id == id) owned.push_back(account_id);
    }
    for (const std::string& account_id : owned) impl.drop_account(account_id, *change);
    {
      const Applying applying(impl.rows);
      Rows& rows = impl.rows.change();
      for (const auto& [token_id, row] : rows.api_tokens) {
        if (row.environment_id == id) change->snapshot.erase_api_token(row.hash);
      }
      std::erase_if(rows.api_tokens,
                    [&](const auto& entry) { return entry.second.environment_id == id; });
      rows.environments.erase(rows.environments.find(id));
    }
    impl.publish(*change);
  }
  impl.announce(*change);
  return {};
}

Result<Minted<store::ApiTokenRow>> ControlPlane::create_api_token(
    const Principal& principal, std::string environment_id, std::string name,
    std::optional<WallTime> expires_at) {
  const json::Value given(std::move(name));
  auto checked = read_name(&given, "name");
  if (!checked) return std::unexpected(checked.error());
  const Writing writing(impl_->rows);
  if (environment_id.empty()) {
    environment_id = principal.environment_id;
  } else if (auto found = impl_->find_environment(principal, environment_id); !found) {
    return std::unexpected(found.error());
  }
  if (auto ahead = impl_->check_expiry(expires_at); !ahead) return std::unexpected(ahead.error());

  vault::Token token = vault::Token::generate(vault::TokenKind::api);
  const WallTime now = impl_->clock.now();
  const store::ApiTokenRow row{.id = random_id("tok"),
                               .environment_id = std::move(environment_id),
                               .name = std::move(*checked),
                               .hash = impl_->vault->hash(token),
                               .expires_at = expires_at,
                               .created_by = principal.token_id,
                               .created_at = now,
                               .updated_at = now};
  if (auto inserted = impl_->repository.insert(row); !inserted) {
    return std::unexpected(inserted.error());
  }
  Change change = impl_->begin_change();
  change.snapshot.put(row.hash, ApiToken{row.id, row.environment_id, row.expires_at});
  {
    const Applying applying(impl_->rows);
    impl_->rows.change().api_tokens[row.id] = row;
  }
  impl_->publish(change);
  return Minted<store::ApiTokenRow>{row, std::move(token)};
}

Result<std::vector<store::ApiTokenRow>> ControlPlane::api_tokens(const Principal& principal,
                                                                 const Page& page) const {
  const Reading reading(impl_->rows);
  std::vector<const store::ApiTokenRow*> rows;
  for (const auto& [id, row] : impl_->rows.read().api_tokens) {
    if (Impl::may_see(principal, row.environment_id)) rows.push_back(&row);
  }
  return take_page(std::move(rows), page);
}

Result<> ControlPlane::delete_api_token(const Principal& principal, std::string_view id) {
  const Writing writing(impl_->rows);
  const auto found = impl_->rows.read().api_tokens.find(id);
  if (found == impl_->rows.read().api_tokens.end() ||
      !Impl::may_see(principal, found->second.environment_id)) {
    return fail(ErrorCode::not_found, "There is no API token '" + std::string(id) + "'.");
  }
  const WallTime now = impl_->clock.now();
  const auto opens_the_instance = [&](const auto& entry) {
    const store::ApiTokenRow& row = entry.second;
    return row.environment_id.empty() && (!row.expires_at || *row.expires_at > now);
  };
  if (opens_the_instance(*found) &&
      std::ranges::count_if(impl_->rows.read().api_tokens, opens_the_instance) == 1) {
    return fail(ErrorCode::conflict, "This is the last API token of the whole instance.",
                "Create another one first.");
  }
  if (auto deleted = impl_->repository.delete_api_token(id); !deleted) return deleted;
  Change change = impl_->begin_change();
  change.snapshot.erase_api_token(found->second.hash);
  {
    const Applying applying(impl_->rows);
    impl_->rows.change().api_tokens.erase(found);
  }
  impl_->publish(change);
  return {};
}

}  // namespace patchbay::control
