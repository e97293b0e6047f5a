// What MCP servers are used for: counted without a lock where they are called, and kept in the
// database now and then; and what is taken of their quotas.
#include <algorithm>
#include <chrono>
#include <utility>

#include "control/state.h"
#include "control/tidings.h"

namespace patchbay::control {
namespace {

std::int64_t day_of(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

}  // namespace

// What another day counted is not of this one, and the database would take it for that.
void ControlPlane::Impl::count_use(const HeldServer& server, WallTime now) {
  if (!server.live->use->is_some()) return;
  store::ServerUse none{.id = server.row.id, .day = day_of(now)};
  store::ServerUse& sum = uncounted[server.row.id];
  if (sum.day != none.day) sum = std::move(none);
  // Nothing below needs memory, for want of which it would be lost.
  const Use::Since since = server.live->use->take();
  sum.calls += since.calls;
  sum.errors += since.errors;
  sum.last_used_at = now;
}

Result<> ControlPlane::keep_use() {
  const WallTime now = impl_->clock.now();
  std::vector<store::ServerUse> all;
  ById<store::ServerUse> taken;
  {
    const MutexLock lock(impl_->holding);
    for (const auto& [id, server] : impl_->held.servers) impl_->count_use(server, now);
    for (const auto& [id, sum] : impl_->uncounted) all.push_back(sum);
    taken.swap(impl_->uncounted);
  }
  if (all.empty()) return {};
  auto kept = impl_->repository.add_uses(std::move(all));
  if (kept) return kept;
  // Some may have been kept, then they count twice; what is lost would be more.
  const MutexLock lock(impl_->holding);
  impl_->uncounted.merge(taken);
  for (const auto& [id, sum] : taken) {
    store::ServerUse& again = impl_->uncounted.at(id);
    if (again.day > sum.day) continue;
    again.day = sum.day;
    again.calls += sum.calls;
    again.errors += sum.errors;
    again.last_used_at = std::max(again.last_used_at.value_or(now), now);
  }
  return kept;
}

Result<std::map<std::string, ServerUsage, std::less<>>> ControlPlane::usage(
    const std::vector<store::McpServerRow>& rows) const {
  std::vector<std::string> ids;
  for (const store::McpServerRow& row : rows) ids.push_back(row.id);
  std::map<std::string, ServerUsage, std::less<>> all;
  if (ids.empty()) return all;
  const auto uses = impl_->repository.uses(ids);
  if (!uses) return std::unexpected(uses.error());
  const std::int64_t today = day_of(impl_->clock.now());
  for (const store::ServerUse& use : *uses) {
    const bool is_today = use.day == today;
    all[use.id] = {.last_used_at = use.last_used_at,
                   .calls_today = is_today ? use.calls : 0,
                   .errors_today = is_today ? use.errors : 0};
  }
  return all;
}

Result<> ControlPlane::take_quota(const McpServer& server, QuotaMeter::What what) {
  const WallTime now = impl_->clock.now();
  const auto grants = impl_->repository.take_quota(
      server.id, server.quota->wishes(what, now),
      [&](store::QuotaOf which, const store::QuotaGrant& grant) {
        return std::optional(tell_quota(*impl_->vault, server, which, grant, now));
      });
  if (!grants) return std::unexpected(grants.error());
  server.quota->put(*grants);
  return {};
}

}  // namespace patchbay::control
