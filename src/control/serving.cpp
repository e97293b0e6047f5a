// From rows to what the call path uses.
#include <algorithm>

#include "control/state.h"

namespace patchbay::control {
namespace {

// Whether a client that listed the tools of one would see something else with the other.
bool tools_differ(const McpServer* before, const McpServer* after) {
  if (before == nullptr || after == nullptr) return before != after;
  return before->structured_output != after->structured_output ||
         before->confirm_writes != after->confirm_writes ||
         (before->toolset != after->toolset &&
          *before->toolset->listing() != *after->toolset->listing());
}

}  // namespace

Result<std::shared_ptr<const catalog::Toolset>> ControlPlane::Impl::select_toolset(
    const std::shared_ptr<const catalog::ToolCatalog>& catalog, catalog::ToolFilter filter) {
  std::ranges::sort(filter.methods);
  std::ranges::sort(filter.tags);
  std::weak_ptr<const catalog::Toolset>& kept =
      toolsets[{catalog->integration().name, filter.methods, filter.tags}];
  if (auto toolset = kept.lock(); toolset && &toolset->catalog() == catalog.get()) return toolset;
  auto selected = catalog::Toolset::select(catalog, filter);
  if (selected) {
    kept = *selected;
  } else {
    std::erase_if(toolsets, [](const auto& entry) { return entry.second.expired(); });
  }
  return selected;
}

Result<std::shared_ptr<const McpServer>> ControlPlane::Impl::derive_server(
    const store::McpServerRow& row, std::shared_ptr<const upstream::Account> account) {
  const auto config = read_server_config(row.config);
  if (!config) return std::unexpected(config.error());
  const auto catalog = find_catalog(account->integration().name);
  if (!catalog) return std::unexpected(catalog.error());
  auto toolset = select_toolset(*catalog, config->filter);
  if (!toolset) return std::unexpected(toolset.error());
  auto server = std::make_shared<McpServer>();
  server->id = row.id;
  server->name = row.name;
  server->environment_id = row.environment_id;
  server->account = std::move(account);
  server->toolset = std::move(*toolset);
  server->require_api_token_auth = config->require_api_token_auth;
  server->wait_on_rate_limit = config->wait_on_rate_limit;
  server->structured_output = config->structured_output;
  server->confirm_writes = config->confirm_writes;
  server->max_result_bytes = config->max_result_bytes;
  server->expires_at = row.expires_at;
  return server;
}

void ControlPlane::Impl::put_server(store::McpServerRow row, std::shared_ptr<const McpServer> live,
                                    std::string problem, Change& change) {
  const std::string id = row.id;
  const auto found = rows.read().servers.find(id);
  if (found != rows.read().servers.end()) {
    const ServerEntry& before = found->second;
    if (before.live && (!live || before.row.hash != row.hash)) {
      change.snapshot.erase_server(before.row.hash);
    }
    if (tools_differ(before.live.get(), live.get())) change.changed_servers.push_back(id);
    if (before.row.expires_at != row.expires_at) {
      if (before.row.expires_at) expiries.erase({*before.row.expires_at, id});
      change.expiry_changed = true;
    }
  }
  if (row.expires_at && expiries.emplace(*row.expires_at, id).second) change.expiry_changed = true;
  if (live) change.snapshot.put(row.hash, live);

  const Applying applying(rows);
  Rows& changed = rows.change();
  if (const auto account = changed.accounts.find(row.account_id);
      account != changed.accounts.end()) {
    account->second.servers.insert(id);
  }
  changed.servers[id] = {std::move(row), std::move(live), std::move(problem)};
}

void ControlPlane::Impl::drop_server(std::string_view id, Change& change) {
  const auto found = rows.read().servers.find(id);
  if (found == rows.read().servers.end()) return;
  const store::McpServerRow& row = found->second.row;
  change.snapshot.erase_server(row.hash);
  change.changed_servers.push_back(row.id);
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

void ControlPlane::Impl::drop_account(std::string_view id, Change& change) {
  const auto found = rows.read().accounts.find(id);
  if (found == rows.read().accounts.end()) return;
  const auto owned = found->second.servers;
  for (const std::string& server_id : owned) drop_server(server_id, change);
  const Applying applying(rows);
  rows.change().accounts.erase(found);
}

std::vector<std::string> ControlPlane::Impl::derive_servers_of(std::string_view account_id,
                                                               Change& change) {
  std::vector<std::string> problems;
  const auto account = rows.read().accounts.find(account_id);
  if (account == rows.read().accounts.end() || !account->second.live) return problems;
  for (const std::string& id : account->second.servers) {
    const ServerEntry& entry = rows.read().servers.find(id)->second;
    auto derived = derive_server(entry.row, account->second.live);
    const std::string problem = derived ? "" : derived.error().message;
    if (!derived) problems.push_back(std::string("MCP server ").append(id) + ": " + problem);
    std::shared_ptr<const McpServer> live = entry.live;
    if (derived) live = std::move(*derived);
    put_server(entry.row, std::move(live), problem, change);
  }
  return problems;
}

void ControlPlane::Impl::announce(const Change& change) {
  const MutexLock lock(callbacks_mutex);
  if (change.expiry_changed && expiry_callback) expiry_callback();
  if (!toolset_callback) return;
  for (const std::string& id : change.changed_servers) toolset_callback(id);
}

}  // namespace patchbay::control
