// A page's worth of everything: whether all is well, what was done today, what waits for somebody.
#include <chrono>
#include <string>
#include <utility>

#include "admin/actions.h"
#include "admin/views.h"
#include "audit/activity.h"
#include "audit/event_json.h"
#include "audit/log.h"

namespace patchbay::admin {
namespace {

using std::chrono::days;

constexpr days kSoon{7};
constexpr std::size_t kMostListed = 20;

json::Value counts_view(const control::AccountCounts& counts) {
  return json::Object{{"active", counts.active},
                      {"needs_reauth", counts.needs_reauth},
                      {"validation_error", counts.validation_error},
                      {"complete", counts.complete}};
}

json::Value view_of_expiring(const store::McpServerRow& row) {
  return json::Object{{"id", row.id},
                      {"name", row.name},
                      {"integrated_account_id", row.account_id},
                      {"expires_at", view(row.expires_at)}};
}

// What keeps the data from being whole on its disk.
std::string_view state_of_store(const control::ControlPlane& control) {
  if (control.altered_rows() > 0) return "altered";
  return control.unwritten() > 0 ? "unwritten" : "ok";
}

struct Today {
  json::Value counts;
  json::Array changes;
};

Result<Today> look_at_today(const Context& context, const ApiRequest& request) {
  Today today{json::Value(), {}};
  if (context.log.rows == nullptr) return today;
  const WallTime now = context.control.clock().now();
  audit::LogQuery which{.environment_id = request.principal.environment_id};
  const auto activity =
      audit::read_activity(*context.log.rows, {.which = which,
                                               .from = std::chrono::floor<days>(now),
                                               .to = now + std::chrono::milliseconds(1),
                                               .step = std::chrono::hours(1)});
  if (!activity) return std::unexpected(activity.error());
  today.counts = json::Object{{"calls", activity->counts.calls},
                              {"errors", activity->counts.errors},
                              {"writes", activity->counts.writes},
                              {"tokens_saved_estimate", activity->tokens_saved_estimate},
                              {"complete", !activity->whole_from.has_value()}};
  which.from = std::chrono::floor<days>(now);
  which.kind = "write";
  const auto writes = audit::read_log(*context.log.rows, which, {}, kMostListed);
  if (!writes) return std::unexpected(writes.error());
  for (const store::EventRow& row : writes->events) today.changes.push_back(audit::view(row));
  return today;
}

}  // namespace

Result<json::Value> get_overview(Context& context, const ApiRequest& request) {
  const control::ControlPlane& control = context.control;
  const auto accounts = control.count_accounts(request.principal);
  if (!accounts) return std::unexpected(accounts.error());
  const auto waiting = control.approvals_waiting(request.principal);
  if (!waiting) return std::unexpected(waiting.error());
  const auto expiring = control.expiring(request.principal, kSoon, kMostListed);
  if (!expiring) return std::unexpected(expiring.error());
  auto today = look_at_today(context, request);
  if (!today) return std::unexpected(std::move(today.error()));
  json::Array soon;
  for (const store::McpServerRow& row : *expiring) soon.push_back(view_of_expiring(row));
  json::Object overview{{"accounts", counts_view(*accounts)},
                        {"approvals_waiting", *waiting},
                        {"expiring_soon", std::move(soon)},
                        {"today", std::move(today->counts)},
                        {"changes_today", std::move(today->changes)},
                        {"store", state_of_store(control)},
                        {"version", context.version}};
  if (context.sandbox) overview["sandbox"] = json::Value(true);
  return overview;
}

}  // namespace patchbay::admin
