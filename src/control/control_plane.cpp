// Start, integrations and tokens at the door.
#include "control/control_plane.h"

#include <algorithm>

#include "base/random.h"
#include "control/state.h"

namespace patchbay::control {

ControlPlane::ControlPlane(store::Repository& repository, std::shared_ptr<const vault::Vault> vault,
                           const Clock& clock, SnapshotHolder& snapshot, Probe probe,
                           ControlOptions options)
    : impl_(std::make_unique<Impl>(repository, std::move(vault), clock, snapshot, std::move(probe),
                                   options)) {}

ControlPlane::~ControlPlane() = default;

namespace {

// Seals again what a previous master key sealed. A failure is a problem to report, no more: the old
// sealing still opens.
void seal_again(store::Repository& repository, store::AccountRow& row, vault::SealedBytes fresh,
                std::vector<std::string>& problems) {
  store::AccountRow changed = row;
  changed.credentials = std::move(fresh);
  if (const auto updated = repository.update(changed); !updated) {
    problems.push_back("Integrated account " + row.id +
                       " could not be sealed with the new key: " + updated.error().message);
    return;
  }
  row = std::move(changed);
}

}  // namespace

Result<std::vector<std::string>> ControlPlane::load() {
  Impl& impl = *impl_;
  const Writing writing(impl.rows);
  const WallTime now = impl.clock.now();
  if (auto expired = impl.repository.delete_expired_mcp_servers(now); !expired) {
    return std::unexpected(expired.error());
  }
  auto environments = impl.repository.environments();
  if (!environments) return std::unexpected(environments.error());
  auto tokens = impl.repository.api_tokens();
  if (!tokens) return std::unexpected(tokens.error());
  auto accounts = impl.repository.accounts();
  if (!accounts) return std::unexpected(accounts.error());
  auto servers = impl.repository.mcp_servers();
  if (!servers) return std::unexpected(servers.error());

  std::vector<std::string> problems;
  Change change(nullptr);
  {
    const Applying applying(impl.rows);
    Rows& rows = impl.rows.change();
    rows.environments.clear();
    rows.api_tokens.clear();
    rows.accounts.clear();
    rows.servers.clear();
    impl.expiries.clear();
    for (auto& row : *environments) rows.environments[row.id] = std::move(row);
    for (auto& row : *tokens) {
      change.snapshot.put(row.hash, ApiToken{row.id, row.environment_id, row.expires_at});
      rows.api_tokens[row.id] = std::move(row);
    }
    for (auto& row : *accounts) {
      if (const auto credentials = impl.unseal(row);
          credentials && !impl.sealed_with_current_key(row)) {
        seal_again(impl.repository, row, impl.seal(*credentials, row.id), problems);
      }
      AccountEntry entry;
      auto live = impl.open_account(row);
      if (live) {
        entry.live = std::move(*live);
      } else {
        entry.problem = live.error().message;
        problems.push_back("Integrated account " + row.id + ": " + entry.problem);
      }
      entry.row = std::move(row);
      rows.accounts[entry.row.id] = std::move(entry);
    }
  }
  for (auto& row : *servers) {
    const auto account = impl.rows.read().accounts.find(row.account_id);
    if (account == impl.rows.read().accounts.end() || !account->second.live) {
      impl.put_server(std::move(row), nullptr, "Its integrated account cannot be used.", change);
      continue;
    }
    auto live = impl.derive_server(row, account->second.live);
    std::string problem = live ? "" : live.error().message;
    if (!live) problems.push_back("MCP server " + row.id + ": " + problem);
    impl.put_server(std::move(row), live ? std::move(*live) : nullptr, std::move(problem), change);
  }
  impl.loaded = true;
  impl.publish(change);
  return problems;
}

std::vector<std::string> ControlPlane::set_catalog(
    std::shared_ptr<const catalog::ToolCatalog> catalog) {
  Impl& impl = *impl_;
  const std::string name = catalog->integration().name;
  std::vector<std::string> problems;
  Change change = [&] {
    const Writing writing(impl.rows);
    Change made = impl.begin_change();
    {
      const Applying applying(impl.rows);
      impl.rows.change().catalogs[name] = catalog;
    }
    if (!impl.loaded) return made;
    for (const auto& [id, entry] : impl.rows.read().accounts) {
      if (entry.row.integration != name) continue;
      auto live = impl.open_account(entry.row);
      if (!live) {
        problems.push_back("Integrated account " + id + ": " + live.error().message);
        const Applying applying(impl.rows);
        impl.rows.change().accounts.find(id)->second.problem = live.error().message;
        continue;
      }
      {
        const Applying applying(impl.rows);
        AccountEntry& changed = impl.rows.change().accounts.find(id)->second;
        changed.live = std::move(*live);
        changed.problem.clear();
      }
      auto faults = impl.derive_servers_of(id, made);
      problems.insert(problems.end(), faults.begin(), faults.end());
    }
    impl.publish(made);
    return made;
  }();
  impl.announce(change);
  return problems;
}

std::vector<std::shared_ptr<const catalog::ToolCatalog>> ControlPlane::catalogs() const {
  const Reading reading(impl_->rows);
  std::vector<std::shared_ptr<const catalog::ToolCatalog>> all;
  for (const auto& [name, catalog] : impl_->rows.read().catalogs) all.push_back(catalog);
  return all;
}

Result<std::shared_ptr<const catalog::ToolCatalog>> ControlPlane::catalog(
    std::string_view name) const {
  const Reading reading(impl_->rows);
  return impl_->find_catalog(name);
}

Result<Principal> ControlPlane::authenticate(std::string_view api_token) const {
  const auto refuse = [] {
    return fail(ErrorCode::unauthenticated, "The API token is unknown, revoked or expired.",
                "Send 'Authorization: Bearer <API token>' with a valid token.");
  };
  const auto token = vault::Token::parse(vault::TokenKind::api, api_token);
  if (!token) return refuse();
  const auto snapshot = impl_->holder.current();
  const ApiToken* const known = snapshot->find_api_token(impl_->vault->hash(*token));
  if (known == nullptr) return refuse();
  if (known->expires_at && *known->expires_at <= impl_->clock.now()) return refuse();
  return Principal{known->id, known->environment_id};
}

void ControlPlane::on_expiry_changed(std::function<void()> callback) {
  const MutexLock lock(impl_->callbacks_mutex);
  impl_->expiry_callback = std::move(callback);
}

void ControlPlane::on_toolset_changed(std::function<void(std::string_view)> callback) {
  const MutexLock lock(impl_->callbacks_mutex);
  impl_->toolset_callback = std::move(callback);
}

Result<std::optional<vault::Token>> ControlPlane::bootstrap() {
  const Principal instance{.token_id = "bootstrap", .environment_id = {}};
  {
    const Reading reading(impl_->rows);
    if (!impl_->rows.read().api_tokens.empty()) return std::nullopt;
  }
  if (environments(instance)->empty()) {
    const auto made = create_environment(instance, "Default");
    if (!made) return std::unexpected(made.error());
  }
  auto minted = create_api_token(instance, "", "First token", std::nullopt);
  if (!minted) return std::unexpected(minted.error());
  return std::move(minted->token);
}

}  // namespace patchbay::control
