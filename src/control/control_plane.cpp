// Start, integrations and tokens at the door.
#include "control/control_plane.h"

#include <algorithm>
#include <iterator>

#include "base/random.h"
#include "control/state.h"

namespace patchbay::control {

ControlPlane::ControlPlane(store::Repository& repository, std::shared_ptr<const vault::Vault> vault,
                           const Clock& clock, SnapshotHolder& snapshot, Probe probe,
                           ControlOptions options)
    : impl_(std::make_unique<Impl>(repository, std::move(vault), clock, snapshot, std::move(probe),
                                   options)) {}

// What is known by now survives an orderly end.
ControlPlane::~ControlPlane() {
  impl_->keep_first_use();
}

Result<std::vector<std::string>> ControlPlane::load() {
  Impl& impl = *impl_;
  Change change(impl);
  std::vector<std::string> problems;
  if (auto over = impl.end_what_is_over(problems); !over) return std::unexpected(over.error());
  auto environments = impl.repository.environments();
  if (!environments) return std::unexpected(environments.error());
  auto tokens = impl.repository.api_tokens();
  if (!tokens) return std::unexpected(tokens.error());
  auto accounts = impl.repository.accounts();
  if (!accounts) return std::unexpected(accounts.error());
  auto servers = impl.repository.mcp_servers();
  if (!servers) return std::unexpected(servers.error());

  change.begin_from_nothing();
  impl.drop_all();
  for (const auto& row : *environments) impl.put_environment(row);
  impl.altered = 0;
  for (const auto& row : *tokens) impl.load_api_token(row, change, problems);
  for (auto& row : *accounts) impl.load_account(row, problems);
  for (auto& row : *servers) impl.load_server(row, change, problems);
  impl.loaded = true;
  return problems;
}

void ControlPlane::Impl::load_api_token(const store::ApiTokenRow& row, Change& change,
                                        std::vector<std::string>& problems) {
  if (is_as_signed(*vault, row)) return put_api_token(row, change);
  ++altered;
  problems.push_back(say_altered(row));
}

void ControlPlane::Impl::load_account(store::AccountRow& row, std::vector<std::string>& problems) {
  if (!is_as_signed(*vault, row)) {
    ++altered;
    return problems.push_back(say_altered(row));
  }
  auto live = open_account(row);
  if (live) seal_again(row, **live, problems);
  put_account(row, live ? *live : nullptr);
  if (live) return;
  problems.push_back("Integrated account " + row.id + ": " + live.error().message);
  note_problem(row.id, live.error().message);
}

void ControlPlane::Impl::load_server(store::McpServerRow& row, Change& change,
                                     std::vector<std::string>& problems) {
  if (!is_as_signed(*vault, row)) {
    ++altered;
    return problems.push_back(say_altered(row));
  }
  const auto account = rows.read().accounts.find(row.account_id);
  if (account == rows.read().accounts.end() || !account->second.live) {
    put_server(std::move(row), nullptr, "Its integrated account cannot be used.", change);
    return;
  }
  auto live = derive_server(row, account->second);
  std::string problem = live ? "" : live.error().message;
  if (!live) problems.push_back("MCP server " + row.id + ": " + problem);
  put_server(std::move(row), live ? std::move(*live) : nullptr, std::move(problem), change);
}

std::vector<std::string> ControlPlane::set_catalog(
    std::shared_ptr<const catalog::ToolCatalog> catalog) {
  Impl& impl = *impl_;
  const std::string name = catalog->integration().name;
  Change change(impl);
  {
    const Applying applying(impl.rows);
    impl.rows.change().catalogs[name] = std::move(catalog);
  }
  std::vector<std::string> problems;
  if (!impl.loaded) return problems;
  for (const auto& [id, entry] : impl.rows.read().accounts) {
    if (entry.row.integration != name) continue;
    auto live = impl.open_account(entry.row);
    if (!live) {
      problems.push_back("Integrated account " + id + ": " + live.error().message);
      impl.note_problem(id, live.error().message);
      continue;
    }
    store::AccountRow row = entry.row;
    impl.seal_again(row, **live, problems);
    impl.put_account(std::move(row), std::move(*live));
    std::ranges::move(impl.derive_servers_of(id, change), std::back_inserter(problems));
  }
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
  impl_->note_use();
  return Principal{
      .token_id = known->id, .environment_id = known->environment_id, .scope = known->scope};
}

std::size_t ControlPlane::altered_rows() const {
  return impl_->altered;
}

void ControlPlane::on_expiry_changed(std::function<void()> callback) {
  const MutexLock lock(impl_->callbacks_mutex);
  impl_->expiry_callback = std::move(callback);
}

}  // namespace patchbay::control
