// Rows into memory and out of it, together with what the snapshot shows of them.
#include "control/state.h"

namespace patchbay::control {

void ControlPlane::Impl::put_environment(const store::EnvironmentRow& row) {
  const Applying applying(rows);
  rows.change().environments[row.id] = row;
}

void ControlPlane::Impl::put_api_token(const store::ApiTokenRow& row, Change& change) {
  if (auto scope = read_token_scope(row.scope, row.limits)) {
    change.snapshot().put(row.hash,
                          ApiToken{row.id, row.environment_id, row.expires_at, std::move(*scope)});
  }
  if (row.expires_at && expiries.emplace(*row.expires_at, row.id).second) {
    change.expiry_changed = true;
  }
  const Applying applying(rows);
  rows.change().api_tokens[row.id] = row;
}

void ControlPlane::Impl::put_account(store::AccountRow row,
                                     std::shared_ptr<const upstream::Account> live) {
  const Applying applying(rows);
  AccountEntry& entry = rows.change().accounts[row.id];
  entry.row = std::move(row);
  if (!live) return;
  entry.live = std::move(live);
  entry.problem.clear();
}

void ControlPlane::Impl::note_problem(std::string_view account_id, std::string problem) {
  const Applying applying(rows);
  rows.change().accounts.find(account_id)->second.problem = std::move(problem);
}

void ControlPlane::Impl::put_server(store::McpServerRow row, std::shared_ptr<const McpServer> live,
                                    std::string problem, Change& change) {
  const std::string id = row.id;
  const auto found = rows.read().servers.find(id);
  if (found != rows.read().servers.end()) {
    const McpServerEntry& before = found->second;
    if (before.live && (!live || before.row.hash != row.hash)) {
      change.snapshot().erase_server(before.row.hash);
    }
    if (before.row.expires_at != row.expires_at) {
      if (before.row.expires_at) expiries.erase({*before.row.expires_at, id});
      change.expiry_changed = true;
    }
  }
  if (row.expires_at && expiries.emplace(*row.expires_at, id).second) change.expiry_changed = true;
  if (live) change.snapshot().put(row.hash, live);

  const Applying applying(rows);
  Rows& changed = rows.change();
  if (const auto account = changed.accounts.find(row.account_id);
      account != changed.accounts.end()) {
    account->second.servers.insert(id);
  }
  changed.servers[id] = {std::move(row), std::move(live), std::move(problem)};
}

void ControlPlane::Impl::drop_environment(std::string_view id, Change& change) {
  std::vector<std::string> owned;
  for (const auto& [account_id, entry] : rows.read().accounts) {
    if (entry.row.environment_id == id) owned.push_back(account_id);
  }
  for (const std::string& account_id : owned) drop_account(account_id, change);
  std::vector<std::string> tokens;
  for (const auto& [token_id, row] : rows.read().api_tokens) {
    if (row.environment_id == id) tokens.push_back(token_id);
  }
  for (const std::string& token_id : tokens) drop_api_token(token_id, change);
  const Applying applying(rows);
  Rows& changed = rows.change();
  changed.environments.erase(changed.environments.find(id));
}

void ControlPlane::Impl::drop_api_token(std::string_view id, Change& change) {
  const auto found = rows.read().api_tokens.find(id);
  const store::ApiTokenRow& row = found->second;
  change.snapshot().erase_api_token(row.hash);
  if (row.expires_at) {
    expiries.erase({*row.expires_at, row.id});
    change.expiry_changed = true;
  }
  const Applying applying(rows);
  rows.change().api_tokens.erase(found);
}

void ControlPlane::Impl::drop_account(std::string_view id, Change& change) {
  const auto found = rows.read().accounts.find(id);
  const auto owned = found->second.servers;
  for (const std::string& server_id : owned) drop_server(server_id, change);
  const Applying applying(rows);
  rows.change().accounts.erase(found);
}

void ControlPlane::Impl::drop_server(std::string_view id, Change& change) {
  const auto found = rows.read().servers.find(id);
  const store::McpServerRow& row = found->second.row;
  change.snapshot().erase_server(row.hash);
  if (row.expires_at) {
    expiries.erase({*row.expires_at, row.id});
    change.expiry_changed = true;
  }
  const Applying applying(rows);
  Rows& changed = rows.change();
  if (const auto account = changed.accounts.find(row.account_id);
      account != changed.accounts.end()) {
    account->second.servers.erase(row.id);
  }
  changed.servers.erase(found);
}

void ControlPlane::Impl::drop_all() {
  expiries.clear();
  const Applying applying(rows);
  Rows& changed = rows.change();
  changed.environments.clear();
  changed.api_tokens.clear();
  changed.accounts.clear();
  changed.servers.clear();
}

}  // namespace patchbay::control
