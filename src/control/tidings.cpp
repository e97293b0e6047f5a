#include "control/tidings.h"

#include <string>
#include <utility>

#include "base/iso8601.h"
#include "control/snapshot.h"
#include "webhooks/message.h"

namespace patchbay::control {
namespace {

using store::QuotaOf;
using webhooks::Event;
using webhooks::make_message;

constexpr std::int64_t kMinutesOfHour = 60;

json::Value time_or_null(const std::optional<WallTime>& time) {
  return time ? json::Value(format_utc_millis(*time)) : json::Value();
}

store::Message of_server(const vault::Vault& vault, Event event, const store::McpServerRow& row,
                         WallTime now, std::string once = {}) {
  json::Object data;
  data.append("mcp_server_id", row.id);
  data.append("name", row.name);
  data.append("integrated_account_id", row.account_id);
  data.append("environment_id", row.environment_id);
  data.append("expires_at", time_or_null(row.expires_at));
  return make_message(vault,
                      {.event = event,
                       .environment_id = row.environment_id,
                       .data = std::move(data),
                       .once = std::move(once)},
                      now);
}

bool is_by_minute(QuotaOf which) {
  return which == QuotaOf::calls_of_minute || which == QuotaOf::writes_of_minute;
}

}  // namespace

store::Message tell_created(const vault::Vault& vault, const store::McpServerRow& row,
                            WallTime now) {
  return of_server(vault, Event::server_created, row, now);
}

store::Message tell_expiring(const vault::Vault& vault, const store::McpServerRow& row,
                             WallTime now) {
  const WallTime at = row.expires_at.value_or(now);
  return of_server(vault, Event::server_expiring, row, now,
                   "expiring " + row.id + " " + std::to_string(at.time_since_epoch().count()));
}

store::Message tell_expired(const vault::Vault& vault, const store::McpServerRow& row,
                            WallTime now) {
  return of_server(vault, Event::server_expired, row, now);
}

store::Message tell_server_needs_reauth(const vault::Vault& vault, const store::McpServerRow& row,
                                        WallTime now) {
  return of_server(vault, Event::server_needs_reauth, row, now);
}

store::Message tell_needs_reauth(const vault::Vault& vault, const store::AccountRow& row,
                                 WallTime now) {
  json::Object data;
  data.append("integrated_account_id", row.id);
  data.append("name", row.name);
  data.append("integration", row.integration);
  data.append("tenant_id", row.tenant_id);
  data.append("environment_id", row.environment_id);
  return make_message(vault,
                      {.event = Event::account_needs_reauth,
                       .environment_id = row.environment_id,
                       .data = std::move(data)},
                      now);
}

store::Message tell_wanted(const vault::Vault& vault, const store::ApprovalRow& row, WallTime now) {
  json::Object data;
  data.append("approval_id", row.id);
  data.append("tool", row.tool);
  data.append("mcp_server_id", row.server_id);
  data.append("integrated_account_id", row.account_id);
  data.append("environment_id", row.environment_id);
  data.append("expires_at", format_utc_millis(row.expires_at));
  return make_message(vault,
                      {.event = Event::approval_wanted,
                       .environment_id = row.environment_id,
                       .data = std::move(data)},
                      now);
}

store::Message tell_quota(const vault::Vault& vault, const McpServer& server, QuotaOf which,
                          const store::QuotaGrant& grant, WallTime now) {
  const std::string name(name_of(which));
  json::Object data;
  data.append("mcp_server_id", server.id);
  data.append("name", server.name);
  data.append("integrated_account_id", server.account->id());
  data.append("environment_id", server.environment_id);
  data.append("quota", name);
  data.append("limit", grant.taken);
  data.append("resets_at", format_utc_millis(end_of(which, grant.period)));
  const std::int64_t told_of = is_by_minute(which) ? grant.period / kMinutesOfHour : grant.period;
  return make_message(vault,
                      {.event = Event::quota_reached,
                       .environment_id = server.environment_id,
                       .data = std::move(data),
                       .once = "quota " + server.id + " " + name + " " + std::to_string(told_of)},
                      now);
}

}  // namespace patchbay::control
