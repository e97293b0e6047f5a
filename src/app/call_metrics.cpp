#include "app/call_metrics.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "gateway/call/services.h"
#include "io/runtime.h"

namespace patchbay::app {
namespace {

using Columns = telemetry::UsageTable::Columns;

// What a model reads is about so long.
constexpr std::uint64_t kBytesOfToken = 4;

// The order is that of the columns: of calls, and of accounts.
constexpr std::size_t kCalls = 0;
constexpr std::size_t kCallSeconds = 1;
constexpr std::size_t kUpstreamBytes = 2;
constexpr std::size_t kResultBytes = 3;
constexpr std::size_t kTokensSaved = 4;
constexpr std::size_t kRequests = 0;
constexpr std::size_t kRequestSeconds = 1;
constexpr std::size_t kTurnWaits = 2;
constexpr std::size_t kTurnSeconds = 3;
constexpr std::size_t kPauses = 4;

// How a call ends: well, or with one of our codes.
std::vector<std::string_view> outcomes() {
  std::vector<std::string_view> names{"ok"};
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    names.push_back(to_string(static_cast<ErrorCode>(code)));
  }
  return names;
}

std::size_t outcome_of(const gateway::CallRecord& call) {
  return call.error ? 1 + static_cast<std::size_t>(*call.error) : 0;
}

Columns tool_columns() {
  return {
      {.name = "patchbay_tool_calls_total",
       .help = "Calls of a tool, by how they ended.",
       .by = "outcome",
       .values = outcomes()},
      {.name = "patchbay_tool_call_seconds",
       .help = "How long they took.",
       .buckets = &telemetry::kDurations},
      {.name = "patchbay_tool_upstream_bytes_total", .help = "Bytes that came from APIs for them."},
      {.name = "patchbay_tool_result_bytes_total",
       .help = "Bytes of their results, after shaping."},
      {.name = "patchbay_tool_tokens_saved_total",
       .help = "Tokens that shaping saved, estimated at 4 bytes each."},
  };
}

Columns server_columns() {
  return {
      {.name = "patchbay_server_calls_total",
       .help = "Calls of an MCP server's tools, by how they ended.",
       .by = "outcome",
       .values = outcomes()},
      {.name = "patchbay_server_call_seconds",
       .help = "How long they took.",
       .buckets = &telemetry::kCoarseDurations},
      {.name = "patchbay_server_upstream_bytes_total",
       .help = "Bytes that came from APIs for them."},
      {.name = "patchbay_server_result_bytes_total",
       .help = "Bytes of their results, after shaping."},
      {.name = "patchbay_server_tokens_saved_total",
       .help = "Tokens that shaping saved, estimated at 4 bytes each."},
  };
}

Columns account_columns() {
  return {
      {.name = "patchbay_account_requests_total",
       .help = "Requests to an account's API, by the class of their status.",
       .by = "status",
       .values = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"}},
      {.name = "patchbay_account_request_seconds",
       .help = "How long they took.",
       .buckets = &telemetry::kCoarseDurations},
      {.name = "patchbay_account_turn_waits_total", .help = "Requests that waited for their turn."},
      {.name = "patchbay_account_turn_wait_seconds_total",
       .help = "How long they waited for it, together.",
       .scale = 1e-6},
      {.name = "patchbay_account_rate_limit_waits_total",
       .help = "Pauses that a call made for a rate limit of the API."},
  };
}

std::int64_t micros(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

void count_in(telemetry::UsageTable::Row row, const gateway::CallRecord& call) {
  row.add(kCalls, 1, outcome_of(call));
  row.observe(kCallSeconds, micros(call.took));
  row.add(kUpstreamBytes, call.upstream_bytes);
  row.add(kResultBytes, call.result_bytes);
  // An error is no answer that was made smaller.
  if (!call.error && call.upstream_bytes > call.result_bytes) {
    row.add(kTokensSaved, (call.upstream_bytes - call.result_bytes) / kBytesOfToken);
  }
}

std::size_t loop() {
  return io::Loop::current().index();
}

}  // namespace

CallMetrics::CallMetrics(telemetry::Metrics& metrics, std::size_t loops, const Clock& clock)
    : tools_("tool", tool_columns(), loops, kMostTools),
      servers_("mcp_server", server_columns(), loops, kMostServers),
      accounts_("account", account_columns(), loops, kMostAccounts) {
  metrics.add([this, &clock](std::string& out) {
    for (auto* table : {&accounts_, &servers_, &tools_}) table->expose(out, clock.monotonic());
  });
}

void CallMetrics::count(const gateway::CallRecord& call) {
  count_in(tools_.row(loop(), call.tool.name), call);
  // An operator's own is of none.
  if (!call.server_id.empty()) count_in(servers_.row(loop(), call.server_id), call);
}

void CallMetrics::count(const gateway::RequestRecord& request) {
  auto row = accounts_.row(loop(), request.account_id);
  row.add(
      kRequests, 1,
      request.status == 0 ? 0 : static_cast<std::size_t>(std::clamp(request.status / 100, 1, 5)));
  row.observe(kRequestSeconds, micros(request.took));
  // Less is the time that a free place takes.
  if (request.waited < std::chrono::milliseconds(1)) return;
  row.add(kTurnWaits);
  row.add(kTurnSeconds, static_cast<std::uint64_t>(micros(request.waited)));
}

void CallMetrics::count_rate_limit_wait(std::string_view account_id) {
  accounts_.row(loop(), account_id).add(kPauses);
}

}  // namespace patchbay::app
