// Calls counted out of the audit log: what may be asked, and as what it is told.
#include "audit/activity.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "admin/actions.h"
#include "admin/log.h"
#include "admin/views.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// What a chart may well have for a step: the first that makes few enough buckets.
constexpr std::array kSteps{seconds(1),
                            seconds(10),
                            seconds(30),
                            seconds(60),
                            seconds(300),
                            seconds(600),
                            seconds(1'800),
                            seconds(3'600),
                            seconds(3 * 3'600),
                            seconds(6 * 3'600),
                            seconds(24 * 3'600),
                            seconds(7 * 24 * 3'600),
                            seconds(28 * 24 * 3'600)};
constexpr std::size_t kFewBuckets = 100;
constexpr hours kUsualTime{24};

seconds chosen_step(WallTime from, WallTime to) {
  for (const seconds step : kSteps) {
    if (audit::bucket_count(from, to, step) <= kFewBuckets) return step;
  }
  return std::chrono::duration_cast<seconds>(to - from) / kFewBuckets + seconds(1);
}

Result<seconds> read_step(const ApiRequest& request, WallTime from, WallTime to) {
  const std::string_view text = request.query_or("step", "");
  if (text.empty()) return chosen_step(from, to);
  const auto number = parse_int64(text);
  constexpr std::int64_t kLongest = std::int64_t{366} * 24 * 3'600;
  if (!number || *number < 1 || *number > kLongest) {
    return fail(
        ErrorCode::invalid_argument,
        "'step' must be a whole number of seconds, from 1 to " + std::to_string(kLongest) + ".");
  }
  if (audit::bucket_count(from, to, seconds(*number)) > audit::kMostBuckets) {
    const auto least = std::chrono::duration_cast<seconds>(to - from).count() /
                           static_cast<std::int64_t>(audit::kMostBuckets - 1) +
                       1;
    return fail(ErrorCode::invalid_argument,
                "'step' makes more than " + std::to_string(audit::kMostBuckets) + " buckets.",
                "Give at least " + std::to_string(least) + ", a shorter time, or no step.");
  }
  return seconds(*number);
}

Result<audit::ActivityQuery> read_query(const Context& context, const ApiRequest& request) {
  auto which = read_log_query(request);
  if (!which) return std::unexpected(std::move(which.error()));
  audit::ActivityQuery query;
  // What happens in this very millisecond is part of it.
  query.to = which->to.value_or(context.control.clock().now() + std::chrono::milliseconds(1));
  query.from = which->from.value_or(query.to - kUsualTime);
  query.which = std::move(*which);
  if (query.from >= query.to) {
    return fail(ErrorCode::invalid_argument, "'from' must be before 'to'.");
  }
  const auto step = read_step(request, query.from, query.to);
  if (!step) return std::unexpected(step.error());
  query.step = *step;
  return query;
}

json::Value number(const std::optional<std::int64_t>& known) {
  return known ? json::Value(*known) : json::Value();
}

json::Array view_of_buckets(const audit::Activity& activity) {
  json::Array buckets;
  for (const audit::ActivityBucket& bucket : activity.buckets) {
    buckets.push_back(json::Object{{"at", view(std::optional(bucket.at))},
                                   {"calls", bucket.counts.calls},
                                   {"errors", bucket.counts.errors},
                                   {"writes", bucket.counts.writes},
                                   {"p50_ms", number(bucket.latency.p50_ms)},
                                   {"p95_ms", number(bucket.latency.p95_ms)}});
  }
  return buckets;
}

json::Array view_of_tools(const std::vector<audit::ActivityOf>& tools) {
  json::Array listed;
  for (const audit::ActivityOf& tool : tools) {
    listed.push_back(json::Object{{"tool", tool.name},
                                  {"calls", tool.counts.calls},
                                  {"errors", tool.counts.errors},
                                  {"p95_ms", number(tool.latency.p95_ms)}});
  }
  return listed;
}

// Those that are gone have no name any more.
Result<json::Array> view_of_servers(const Context& context, const ApiRequest& request,
                                    const std::vector<audit::ActivityOf>& servers) {
  std::vector<std::string> ids;
  for (const audit::ActivityOf& server : servers) ids.push_back(server.name);
  const auto names = context.control.server_names(request.principal, ids);
  if (!names) return std::unexpected(names.error());
  json::Array listed;
  for (const audit::ActivityOf& server : servers) {
    const auto name = names->find(server.name);
    listed.push_back(
        json::Object{{"mcp_server_id", server.name},
                     {"name", name != names->end() ? json::Value(name->second) : json::Value()},
                     {"calls", server.counts.calls},
                     {"errors", server.counts.errors}});
  }
  return listed;
}

json::Array view_of_clients(const std::vector<audit::ActivityOf>& clients) {
  json::Array listed;
  for (const audit::ActivityOf& client : clients) {
    listed.push_back(json::Object{
        {"client", client.name}, {"calls", client.counts.calls}, {"errors", client.counts.errors}});
  }
  return listed;
}

}  // namespace

Result<json::Value> get_activity(Context& context, const ApiRequest& request) {
  if (context.log.rows == nullptr) {
    return fail(ErrorCode::unsupported, "This server keeps no audit log.");
  }
  const auto query = read_query(context, request);
  if (!query) return std::unexpected(query.error());
  const auto activity = audit::read_activity(*context.log.rows, *query);
  if (!activity) return std::unexpected(activity.error());
  auto servers = view_of_servers(context, request, activity->servers);
  if (!servers) return std::unexpected(std::move(servers.error()));
  return json::Object{
      {"from", view(std::optional(query->from))},
      {"to", view(std::optional(query->to))},
      {"step_seconds", std::chrono::duration_cast<seconds>(query->step).count()},
      {"complete", !activity->whole_from.has_value()},
      {"whole_from", view(activity->whole_from)},
      {"totals", json::Object{{"calls", activity->counts.calls},
                              {"errors", activity->counts.errors},
                              {"writes", activity->counts.writes},
                              {"tokens_saved_estimate", activity->tokens_saved_estimate},
                              {"p50_ms", number(activity->latency.p50_ms)},
                              {"p95_ms", number(activity->latency.p95_ms)},
                              {"p99_ms", number(activity->latency.p99_ms)},
                              {"upstream_p50_ms", number(activity->upstream_latency.p50_ms)}}},
      {"buckets", view_of_buckets(*activity)},
      {"tools", view_of_tools(activity->tools)},
      {"servers", std::move(*servers)},
      {"clients", view_of_clients(activity->clients)}};
}

}  // namespace patchbay::admin
