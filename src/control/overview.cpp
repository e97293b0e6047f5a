// What there is at a glance, for whoever looks at an environment or at the whole instance.
#include <algorithm>
#include <utility>

#include "control/state.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kAccountsAtOnce = 1'000;
constexpr std::int64_t kMostCounted = 10'000;

}  // namespace

Result<AccountCounts> ControlPlane::count_accounts(const Principal& principal) const {
  AccountCounts counts;
  const store::AccountFilter filter{.environment_id = principal.environment_id};
  store::Page page{.limit = kAccountsAtOnce};
  for (std::int64_t seen = 0; seen < kMostCounted;) {
    const auto rows = impl_->repository.accounts(filter, page);
    if (!rows) return std::unexpected(rows.error());
    for (const store::AccountRow& row : *rows) {
      if (!impl_->counts(row) || !Impl::may_see_account(principal, row)) continue;
      if (row.status == "active") ++counts.active;
      if (row.status == "needs_reauth") ++counts.needs_reauth;
      if (row.status == "validation_error") ++counts.validation_error;
    }
    if (rows->size() < page.limit) return counts;
    seen += static_cast<std::int64_t>(rows->size());
    page.after = {rows->back().created_at, rows->back().id};
  }
  counts.complete = false;
  return counts;
}

Result<std::int64_t> ControlPlane::approvals_waiting(const Principal& principal) const {
  const WallTime now = impl_->clock.now();
  return principal.environment_id.empty()
             ? impl_->repository.count_pending(now)
             : impl_->repository.count_pending_of_environment(principal.environment_id, now);
}

Result<std::vector<store::McpServerRow>> ControlPlane::expiring(const Principal& principal,
                                                                std::chrono::seconds within,
                                                                std::size_t limit) const {
  const WallTime now = impl_->clock.now();
  auto rows = impl_->repository.mcp_servers_expiring({.after = now,
                                                      .by = now + within,
                                                      .environment_id = principal.environment_id,
                                                      .limit = limit});
  if (!rows) return rows;
  std::erase_if(*rows, [&](const store::McpServerRow& row) {
    return !impl_->counts(row) || !Impl::may_see(principal, row.environment_id) ||
           !impl_->may_see_server(principal, row);
  });
  return rows;
}

Result<std::map<std::string, std::string, std::less<>>> ControlPlane::server_names(
    const Principal& principal, const std::vector<std::string>& ids) const {
  std::map<std::string, std::string, std::less<>> names;
  for (const std::string& id : ids) {
    const auto row = impl_->stored_server(id);
    if (!row) return std::unexpected(row.error());
    if (!*row || !Impl::may_see(principal, (*row)->environment_id)) continue;
    names.emplace(id, (*row)->name);
  }
  return names;
}

Result<std::vector<store::McpServerRow>> ControlPlane::servers_of_integration(
    const std::string& integration, std::size_t limit) const {
  std::vector<store::McpServerRow> found;
  store::Page accounts{.limit = kAccountsAtOnce};
  while (true) {
    const auto rows = impl_->repository.accounts({.integration = integration}, accounts);
    if (!rows) return std::unexpected(rows.error());
    for (const store::AccountRow& account : *rows) {
      store::Page page{.limit = kAccountsAtOnce};
      while (true) {
        const auto servers = impl_->repository.mcp_servers(account.id, impl_->clock.now(), page);
        if (!servers) return std::unexpected(servers.error());
        for (const store::McpServerRow& server : *servers) {
          if (!impl_->counts(server)) continue;
          if (found.size() == limit) return found;
          found.push_back(server);
        }
        if (servers->size() < page.limit) break;
        page.after = {servers->back().created_at, servers->back().id};
      }
    }
    if (rows->size() < accounts.limit) return found;
    accounts.after = {rows->back().created_at, rows->back().id};
  }
}

}  // namespace patchbay::control
