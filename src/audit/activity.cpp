#include "audit/activity.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "audit/calls.h"
#include "audit/event_json.h"
#include "audit/tokens_saved.h"
#include "json/parse.h"

namespace patchbay::audit {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kRowsAtOnce = 200;
constexpr std::size_t kEventsAtOnce = 500;

// Texts by numbers: of what occurs in many calls.
class Names {
 public:
  std::uint32_t number_of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(name, number);
    return number;
  }
  const std::string& operator[](std::size_t number) const { return names_[number]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string> names_;
};

// What is counted of one call.
struct Counted {
  WallTime at{};
  std::uint32_t tool = 0;
  std::uint32_t server = 0;
  std::uint32_t client = 0;
  std::int32_t duration_ms = 0;
  std::int32_t upstream_ms = 0;
  bool asked_upstream = false;
  bool has_ended = true;
  bool failed = false;
  bool is_write = false;
  std::int64_t tokens_saved = 0;
};

std::int32_t bounded(std::int64_t number) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(number, 0, INT32_MAX));
}

// All that is read, and how far that reaches.
class Reading {
 public:
  Reading(store::EventRows& rows, const ActivityQuery& query, std::size_t most)
      : rows_(rows), query_(query), most_(most) {}

  Result<> read() {
    if (auto all = read_calls_rows(); !all) return all;
    if (auto all = read_event_rows(); !all) return all;
    // What one kind of row has before the other one is whole would count for half.
    if (whole_from) std::erase_if(calls, [&](const Counted& one) { return one.at < *whole_from; });
    return {};
  }

  std::vector<Counted> calls;
  std::optional<WallTime> whole_from;
  Names tools;
  Names servers;
  Names clients;

 private:
  // Nothing of what comes after it was read; of that moment itself some may have been.
  void ends_at(WallTime at) {
    const WallTime whole = at + milliseconds(1);
    whole_from = std::max(whole_from.value_or(whole), whole);
  }
  bool is_in_time(WallTime at) const { return at >= query_.from && at < query_.to; }

  // Rows are in the order of their last calls: what is not read yet has none that is younger.
  Result<> read_calls_rows() {
    store::CallsPage part{.chain = query_.which.environment_id,
                          .from = query_.from,
                          .first_until = query_.to - milliseconds(1),
                          .limit = kRowsAtOnce};
    for (std::size_t seen = 0;;) {
      const auto page = rows_.calls(part);
      if (!page) return std::unexpected(page.error());
      for (const store::CallsRow& row : *page) {
        const auto read = audit::read_calls(row);
        if (!read) return std::unexpected(read.error());
        for (const CallRead& call : *read) take(call);
        seen += read->size();
      }
      if (page->size() < part.limit) return {};
      part.before_last_at = page->back().last_at;
      part.before_id = page->back().id;
      if (seen >= most_) {
        ends_at(part.before_last_at);
        return {};
      }
    }
  }

  Result<> read_event_rows() {
    store::EventPage part{.chain = query_.which.environment_id,
                          .from = query_.from,
                          .before_at = query_.to,
                          .limit = kEventsAtOnce};
    for (std::size_t seen = 0;;) {
      const auto page = rows_.events(part);
      if (!page) return std::unexpected(page.error());
      for (const store::EventRow& row : *page) take(row);
      if (page->size() < part.limit) return {};
      seen += page->size();
      part.before_at = page->back().at;
      part.before_id = page->back().id;
      if (seen >= most_) {
        ends_at(part.before_at);
        return {};
      }
    }
  }

  bool fits(std::string_view account, std::string_view server, std::string_view tool,
            std::string_view client, std::string_view outcome) const {
    const LogQuery& wanted = query_.which;
    return is_wanted(wanted.account_id, account) && is_wanted(wanted.server_id, server) &&
           is_wanted(wanted.tool, tool) && is_wanted(wanted.client, client) &&
           is_wanted(wanted.outcome, outcome);
  }

  void take(const CallRead& call) {
    if (!is_in_time(call.at)) return;
    const std::string_view server = call.text(Text::server);
    const std::string_view tool = call.text(Text::tool);
    const std::string_view client = call.text(Text::client);
    if (!fits(call.text(Text::account), server, tool, client, to_string(call.outcome))) return;
    const bool done = call.outcome == Outcome::done;
    calls.push_back(
        {.at = call.at,
         .tool = tools.number_of(tool),
         .server = servers.number_of(server),
         .client = clients.number_of(client),
         .duration_ms = bounded(call.duration_ms),
         .upstream_ms = bounded(call.upstream_duration_ms),
         .asked_upstream = call.upstream_status != 0 || call.upstream_duration_ms != 0,
         .failed = !done,
         .is_write = call.kind == Kind::write,
         .tokens_saved = done ? audit::tokens_saved(static_cast<std::int64_t>(call.upstream_bytes),
                                                    static_cast<std::int64_t>(call.result_bytes))
                              : 0});
  }

  void take(const store::EventRow& row) {
    const bool is_write = row.kind == to_string(Kind::write);
    if (!is_write && row.kind != to_string(Kind::read)) return;
    if (!fits(row.account_id, row.server_id, row.tool, query_.which.client, row.outcome)) return;
    const auto begun = json::parse(row.begun);
    const std::string_view client = begun ? begun->string_or("client", "") : std::string_view();
    if (!is_wanted(query_.which.client, client)) return;
    const auto ended =
        row.ended.empty() ? Result<json::Value>(json::Value()) : json::parse(row.ended);
    const auto number = [&](std::string_view name) { return ended ? ended->int64_or(name, 0) : 0; };
    const bool done = row.outcome == to_string(Outcome::done);
    const bool started = row.outcome == kStarted;
    calls.push_back(
        {.at = row.at,
         .tool = tools.number_of(row.tool),
         .server = servers.number_of(row.server_id),
         .client = clients.number_of(client),
         .duration_ms = bounded(number("duration_ms")),
         .upstream_ms = bounded(number("upstream_duration_ms")),
         .asked_upstream = number("upstream_status") != 0 || number("upstream_duration_ms") != 0,
         .has_ended = !started,
         .failed = !done && !started,
         .is_write = is_write,
         .tokens_saved =
             done ? audit::tokens_saved(number("upstream_bytes"), number("result_bytes")) : 0});
  }

  static constexpr std::string_view kStarted = "started";

  store::EventRows& rows_;
  const ActivityQuery& query_;
  const std::size_t most_;
};

using Durations = std::vector<std::int32_t>;

// The nearest rank: the least value that so many of a hundred are not above.
std::optional<std::int64_t> percentile(Durations& durations, std::size_t of_hundred) {
  if (durations.empty()) return std::nullopt;
  const std::size_t rank = (durations.size() * of_hundred + 99) / 100;
  const auto place =
      durations.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(durations, place);
  return *place;
}

Latency latency_of(Durations durations) {
  return {.p50_ms = percentile(durations, 50),
          .p95_ms = percentile(durations, 95),
          .p99_ms = percentile(durations, 99)};
}

struct Sum {
  CallCounts counts;
  Durations durations;

  void add(const Counted& call) {
    ++counts.calls;
    if (call.failed) ++counts.errors;
    if (call.is_write) ++counts.writes;
    if (call.has_ended) durations.push_back(call.duration_ms);
  }
};

// Those with most calls, by their names; what has none (a call without a client) is left out.
std::vector<ActivityOf> most_used(const std::vector<Counted>& calls, const Names& names,
                                  std::uint32_t Counted::* which) {
  std::vector<Sum> sums(names.size());
  for (const Counted& call : calls) sums[call.*which].add(call);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i].counts.calls > 0 && !names[i].empty()) order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto left = sums[a].counts.calls;
    const auto right = sums[b].counts.calls;
    return left != right ? left > right : names[a] < names[b];
  });
  if (order.size() > kMostListed) order.resize(kMostListed);
  std::vector<ActivityOf> listed;
  for (const std::size_t i : order) {
    listed.push_back({names[i], sums[i].counts, latency_of(std::move(sums[i].durations))});
  }
  return listed;
}

std::int64_t multiple_of(WallTime at, milliseconds step) {
  const std::int64_t time = at.time_since_epoch() / milliseconds(1);
  const std::int64_t length = step / milliseconds(1);
  return time / length - (time % length < 0 ? 1 : 0);
}

std::vector<ActivityBucket> buckets_of(const std::vector<Counted>& calls, WallTime from,
                                       const ActivityQuery& query) {
  const std::int64_t first = multiple_of(from, query.step);
  std::vector<Sum> sums(bucket_count(from, query.to, query.step));
  for (const Counted& call : calls) {
    sums[static_cast<std::size_t>(multiple_of(call.at, query.step) - first)].add(call);
  }
  std::vector<ActivityBucket> buckets;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    buckets.push_back({.at = WallTime((first + static_cast<std::int64_t>(i)) * query.step),
                       .counts = sums[i].counts,
                       .latency = latency_of(std::move(sums[i].durations))});
  }
  return buckets;
}

}  // namespace

std::size_t bucket_count(WallTime from, WallTime to, milliseconds step) {
  return static_cast<std::size_t>(multiple_of(to - milliseconds(1), step) -
                                  multiple_of(from, step) + 1);
}

Result<Activity> read_activity(store::EventRows& rows, const ActivityQuery& query,
                               std::size_t most_events) {
  Reading reading(rows, query, most_events);
  if (auto read = reading.read(); !read) return std::unexpected(read.error());
  Activity activity;
  // What ends before it does not reach into the time that is asked for.
  if (reading.whole_from && *reading.whole_from > query.from) {
    activity.whole_from = std::min(*reading.whole_from, query.to);
  }
  Sum all;
  Durations upstream;
  for (const Counted& call : reading.calls) {
    all.add(call);
    activity.tokens_saved_estimate += call.tokens_saved;
    if (call.asked_upstream && call.has_ended) upstream.push_back(call.upstream_ms);
  }
  activity.counts = all.counts;
  activity.latency = latency_of(std::move(all.durations));
  activity.upstream_latency = latency_of(std::move(upstream));
  const WallTime from = activity.whole_from.value_or(query.from);
  if (from < query.to) activity.buckets = buckets_of(reading.calls, from, query);
  activity.tools = most_used(reading.calls, reading.tools, &Counted::tool);
  activity.servers = most_used(reading.calls, reading.servers, &Counted::server);
  activity.clients = most_used(reading.calls, reading.clients, &Counted::client);
  return activity;
}

}  // namespace patchbay::audit
