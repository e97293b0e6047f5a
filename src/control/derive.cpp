// What the call path uses, out of rows.
#include <algorithm>
#include <iterator>

#include "control/held_tools.h"
#include "control/server_member.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

// Whether what was opened for one row is what would be opened for the other.
bool is_same_connection(const store::AccountRow& a, const store::AccountRow& b) {
  return a.integration == b.integration && a.credentials.bytes == b.credentials.bytes &&
         a.settings == b.settings;
}

}  // namespace

Result<std::shared_ptr<const catalog::Toolset>> ControlPlane::Impl::select_toolset(
    const std::shared_ptr<const catalog::ToolCatalog>& catalog, catalog::ToolFilter filter) {
  for (auto* list : {&filter.methods, &filter.tags, &filter.allow, &filter.deny}) {
    std::ranges::sort(*list);
  }
  // What was only looked at once, for a preview, is not remembered for ever.
  if (toolsets.size() >= toolsets_at_most) {
    std::erase_if(toolsets, [](const auto& entry) { return entry.second.expired(); });
    toolsets_at_most = std::max(kFewToolsets, 2 * toolsets.size());
  }
  std::weak_ptr<const catalog::Toolset>& kept =
      toolsets[{catalog->integration().name, filter.methods, filter.tags, filter.allow, filter.deny,
                filter.exposure, filter.names}];
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
    const store::McpServerRow& row, const std::shared_ptr<const upstream::Account>& account) {
  const auto config = read_server_config(row.config);
  if (!config) return std::unexpected(config.error());
  const auto catalog = catalogs.find(account->integration().name);
  if (!catalog) return std::unexpected(catalog.error());
  auto toolset = select_toolset(*catalog, config->filter);
  if (!toolset) return std::unexpected(toolset.error());
  std::shared_ptr<const reach::Reach> reach;
  if (!config->argument_limits.empty()) {
    auto made = reach::Reach::make((*catalog)->ways(), config->argument_limits);
    if (!made) return std::unexpected(made.error());
    reach = std::move(*made);
    const auto unheld = unheld_tools(**toolset, *reach);
    if (!unheld.empty() && !config->leave_out_unheld) return refuse_unheld(unheld, *reach);
    if (!unheld.empty()) {
      catalog::ToolFilter narrower = config->filter;
      for (const auto& [tool, why] : unheld) narrower.deny.push_back(tool->name);
      toolset = select_toolset(*catalog, std::move(narrower));
      if (!toolset) return std::unexpected(toolset.error());
    }
    if (auto taken = check_taken(**toolset, *reach); !taken) return std::unexpected(taken.error());
  }
  auto server = std::make_shared<McpServer>();
  server->id = row.id;
  server->name = row.name;
  server->environment_id = row.environment_id;
  server->account = connection_for(row, account);
  server->base = account;
  server->member = member_of(row);
  server->toolset = std::move(*toolset);
  server->paused = config->paused;
  server->ip_allow = config->ip_allow;
  server->reach = std::move(reach);
  server->require_api_token_auth = config->require_api_token_auth;
  server->wait_on_rate_limit = config->wait_on_rate_limit;
  server->structured_output = config->structured_output;
  server->confirm_writes = config->confirm_writes;
  if (config->approvals.any()) {
    ApprovalRules rules = config->approvals;
    // What a rule was to hold back may be called otherwise now.
    if (!check_approval_rules(rules, *server->toolset)) rules.writes = true;
    name_as_known(rules, *server->toolset);
    server->approvals = std::make_shared<const ApprovalRules>(std::move(rules));
  }
  server->max_result_bytes = config->max_result_bytes;
  server->max_file_bytes = config->max_file_bytes;
  server->expires_at = row.expires_at;
  server->previous = row.previous;
  if (config->quota.any()) server->quota = std::make_shared<QuotaMeter>(config->quota);
  if (const auto before = held.servers.find(row.id); before != held.servers.end()) {
    const McpServer& was = *before->second.live;
    server->use = was.use;
    // What was taken of another quota is not what this one leaves.
    if (server->quota && was.quota && was.quota->limits() == config->quota) {
      server->quota = was.quota;
    }
  }
  return server;
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::connection_of(
    const store::AccountRow& row) {
  if (const auto found = held.accounts.find(row.id); found != held.accounts.end()) {
    auto live = found->second.live.lock();
    if (live && is_same_connection(found->second.row, row)) return live;
  }
  auto live = open_account(row);
  if (live) held.accounts[row.id] = {row, *live};
  return live;
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::usable_connection_of(
    const store::AccountRow& row) {
  auto live = connection_of(row);
  if (live) return live;
  return fail(ErrorCode::conflict, "The integrated account cannot be used: " + live.error().message,
              live.error().hint);
}

Result<std::shared_ptr<const upstream::Account>> ControlPlane::Impl::open_connection(
    std::string_view account_id) {
  {
    const MutexLock lock(holding);
    if (const auto found = held.accounts.find(account_id); found != held.accounts.end()) {
      if (auto live = found->second.live.lock()) return live;
    }
  }
  const auto row = stored_account(account_id);
  if (!row) return std::unexpected(row.error());
  if (!*row) return fail(ErrorCode::not_found, "Its integrated account cannot be used.");
  const MutexLock lock(holding);
  return usable_connection_of(**row);
}

Result<std::shared_ptr<const McpServer>> ControlPlane::Impl::derive_new(
    const store::McpServerRow& row) {
  const auto account = open_connection(row.account_id);
  if (!account) return std::unexpected(account.error());
  const MutexLock lock(holding);
  return derive_server(row, *account);
}

std::shared_ptr<const McpServer> ControlPlane::Impl::with_same_tools(
    const store::McpServerRow& row) const {
  const auto found = held.servers.find(row.id);
  if (found == held.servers.end()) return nullptr;
  auto same = std::make_shared<McpServer>(*found->second.live);
  same->name = row.name;
  same->expires_at = row.expires_at;
  same->previous = row.previous;
  return same;
}

std::vector<std::string> ControlPlane::Impl::derive_servers_of(
    std::string_view account_id, const std::shared_ptr<const upstream::Account>& account,
    Change& change) {
  std::vector<std::string> problems;
  for (const std::string& id : held.servers_of_account(account_id)) {
    const store::McpServerRow row = held.servers.find(id)->second.row;
    if (auto derived = derive_server(row, account)) {
      hold_server(row, std::move(*derived), change);
    } else {
      problems.push_back(std::string("MCP server ").append(id) + ": " + derived.error().message);
    }
  }
  return problems;
}

// What the new definition cannot serve goes on being served by the old one, as long as it is held.
std::vector<std::string> ControlPlane::Impl::open_again(std::string_view integration) {
  std::vector<std::string> problems;
  Change change(*this);
  std::vector<store::AccountRow> rows;
  for (const auto& [id, account] : held.accounts) {
    if (account.row.integration == integration) rows.push_back(account.row);
  }
  for (const store::AccountRow& row : rows) {
    const auto before = held.accounts.find(row.id)->second.live.lock();
    const auto live = open_account(row, before.get());
    if (!live) {
      problems.push_back("Integrated account " + row.id + ": " + live.error().message);
      continue;
    }
    held.accounts[row.id] = {row, *live};
    std::ranges::move(derive_servers_of(row.id, *live, change), std::back_inserter(problems));
  }
  return problems;
}

}  // namespace patchbay::control
