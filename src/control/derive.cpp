// What the call path uses, out of rows.
#include <algorithm>

#include "control/state.h"

namespace patchbay::control {
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
    const store::McpServerRow& row, const AccountEntry& account) {
  if (!account.live) {
    return fail(ErrorCode::conflict, "The integrated account cannot be used: " + account.problem);
  }
  const auto config = read_server_config(row.config);
  if (!config) return std::unexpected(config.error());
  const auto catalog = find_catalog(account.live->integration().name);
  if (!catalog) return std::unexpected(catalog.error());
  auto toolset = select_toolset(*catalog, config->filter);
  if (!toolset) return std::unexpected(toolset.error());
  auto server = std::make_shared<McpServer>();
  server->id = row.id;
  server->name = row.name;
  server->environment_id = row.environment_id;
  server->account = account.live;
  server->toolset = std::move(*toolset);
  server->require_api_token_auth = config->require_api_token_auth;
  server->wait_on_rate_limit = config->wait_on_rate_limit;
  server->structured_output = config->structured_output;
  server->confirm_writes = config->confirm_writes;
  server->max_result_bytes = config->max_result_bytes;
  server->max_file_bytes = config->max_file_bytes;
  server->expires_at = row.expires_at;
  return server;
}

Result<std::shared_ptr<const McpServer>> ControlPlane::Impl::with_same_tools(
    const McpServerEntry& entry, const store::McpServerRow& row) {
  if (!entry.live) return nullptr;
  auto same = std::make_shared<McpServer>(*entry.live);
  same->name = row.name;
  same->expires_at = row.expires_at;
  return same;
}

std::vector<std::string> ControlPlane::Impl::derive_servers_of(std::string_view account_id,
                                                               Change& change) {
  std::vector<std::string> problems;
  const AccountEntry& account = rows.read().accounts.find(account_id)->second;
  for (const std::string& id : account.servers) {
    const McpServerEntry& entry = rows.read().servers.find(id)->second;
    auto derived = derive_server(entry.row, account);
    const std::string problem = derived ? "" : derived.error().message;
    if (!derived) problems.push_back(std::string("MCP server ").append(id) + ": " + problem);
    std::shared_ptr<const McpServer> live = entry.live;
    if (derived) live = std::move(*derived);
    put_server(entry.row, std::move(live), problem, change);
  }
  return problems;
}

}  // namespace patchbay::control
