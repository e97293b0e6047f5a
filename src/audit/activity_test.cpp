// Calls counted out of the log, over the real store.
#include "audit/activity.h"

#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "audit/test_desk.h"

namespace patchbay::audit {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Desk;

constexpr WallTime kDay = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);

ActivityQuery of_hour(milliseconds step = minutes(10)) {
  return {.which = {}, .from = kDay, .to = kDay + std::chrono::hours(1), .step = step};
}

struct Told {
  std::string tool = "get_a_thing";
  std::string client = "Tester";
  std::string server = "mcp_1";
  std::string environment = "env_1";
  Ending ending = {};
};

// Recorded at the desk's time.
void call(Desk& desk, const Told& told) {
  const auto kept = std::make_shared<const Told>(told);
  Event event = testing::call_of(kept->tool, kept->environment);
  event.by.keeps = kept;
  event.by.server_id = kept->server;
  event.by.client = kept->client;
  event.at = desk.clock.now();
  desk.journal->note(std::move(event), kept->ending);
}

Ending took(std::int64_t ms, std::int64_t upstream_ms = 0) {
  return {.upstream_status = upstream_ms > 0 ? 200 : 0,
          .duration = milliseconds(ms),
          .upstream_duration = milliseconds(upstream_ms)};
}

std::string listed(const std::vector<ActivityOf>& all) {
  std::string text;
  for (const ActivityOf& one : all) {
    text += one.name + " " + std::to_string(one.counts.calls) + "/" +
            std::to_string(one.counts.errors) + "; ";
  }
  return text;
}

std::string over_time(const Activity& activity) {
  std::string text;
  for (const ActivityBucket& bucket : activity.buckets) {
    text += std::to_string(bucket.counts.calls) + " ";
  }
  return text;
}

}  // namespace

TEST_CASE("Calls are counted over time, by tool, server and client, reads and writes alike") {
  Desk desk;
  call(desk, {.tool = "a"});
  desk.clock.advance(minutes(25));
  call(desk, {.tool = "b", .client = "Other", .server = "mcp_2"});
  call(desk, {.tool = "a", .ending = {.outcome = Outcome::failed, .error_code = "not_found"}});
  desk.write("create_a_thing", {.outcome = Outcome::unknown});
  desk.settle();
  const Activity activity = read_activity(*desk.repository, of_hour()).value();
  CHECK_FALSE(activity.whole_from);
  CHECK(activity.counts.calls == 4);
  CHECK(activity.counts.errors == 2);
  CHECK(activity.counts.writes == 1);
  CHECK(over_time(activity) == "1 0 3 0 0 0 ");
  CHECK(activity.buckets[2].at == kDay + minutes(20));
  CHECK(activity.buckets[2].counts.errors == 2);
  CHECK(activity.buckets[2].counts.writes == 1);
  CHECK_FALSE(activity.buckets[1].latency.p50_ms);
  CHECK(listed(activity.tools) == "a 2/1; b 1/0; create_a_thing 1/1; ");
  CHECK(listed(activity.servers) == "mcp_1 3/2; mcp_2 1/0; ");
  CHECK(listed(activity.clients) == "Tester 3/2; Other 1/0; ");
}

TEST_CASE("What is of the log and no call is not counted, nor what lies outside the time") {
  Desk desk;
  call(desk, {.tool = "before"});
  desk.clock.advance(minutes(60));
  call(desk, {.tool = "at_the_end"});
  desk.settle();
  ActivityQuery query = of_hour();
  query.from = kDay + milliseconds(1);
  // The chain itself has begun with a note.
  CHECK(read_activity(*desk.repository, query).value().counts.calls == 0);
  query.from = kDay;
  CHECK(listed(read_activity(*desk.repository, query).value().tools) == "before 1/0; ");
  query.to += milliseconds(1);
  CHECK(read_activity(*desk.repository, query).value().counts.calls == 2);
}

TEST_CASE("Percentiles are exact, of each time and tool, and of the upstream by itself") {
  Desk desk;
  for (int ms = 1; ms <= 100; ++ms) call(desk, {.tool = "slow", .ending = took(ms, ms / 2)});
  desk.clock.advance(minutes(30));
  call(desk, {.tool = "quick", .ending = took(7)});
  desk.settle();
  static_cast<void>(desk.begin("under_way"));
  const Activity activity = read_activity(*desk.repository, of_hour()).value();
  CHECK(activity.counts.calls == 102);
  CHECK(activity.counts.errors == 0);  // one is under way
  CHECK(activity.buckets[0].latency.p50_ms == 50);
  CHECK(activity.buckets[0].latency.p95_ms == 95);
  CHECK(activity.buckets[0].latency.p99_ms == 99);
  CHECK(activity.buckets[3].latency.p95_ms == 7);
  CHECK(activity.latency.p50_ms == 50);
  CHECK(activity.latency.p99_ms == 99);
  CHECK(activity.upstream_latency.p50_ms == 25);
  REQUIRE(activity.tools.size() == 3);
  CHECK(activity.tools[0].latency.p95_ms == 95);
}

TEST_CASE("Tokens are saved by answers, and not by refusals") {
  Desk desk;
  const auto of = [](Outcome outcome) {
    return Told{.ending = {.outcome = outcome, .upstream_bytes = 4'400, .result_bytes = 400}};
  };
  call(desk, of(Outcome::done));
  call(desk, of(Outcome::failed));
  desk.write("create_a_thing", {.upstream_bytes = 800, .result_bytes = 400});
  desk.settle();
  CHECK(read_activity(*desk.repository, of_hour()).value().tokens_saved_estimate == 1'100);
}

TEST_CASE("Each filter leaves what it names, and an environment sees its own calls alone") {
  Desk desk;
  call(desk, {.tool = "a", .client = "One"});
  call(desk, {.tool = "b", .server = "mcp_2"});
  call(desk, {.tool = "c", .environment = "env_2"});
  call(desk, {.tool = "d", .ending = {.outcome = Outcome::failed}});
  desk.settle();
  const auto tools = [&](LogQuery which) {
    ActivityQuery query = of_hour();
    query.which = std::move(which);
    return listed(read_activity(*desk.repository, query).value().tools);
  };
  CHECK(tools({}) == "a 1/0; b 1/0; c 1/0; d 1/1; ");
  CHECK(tools({.environment_id = "env_2"}) == "c 1/0; ");
  CHECK(tools({.environment_id = "env_3"}) == "");
  CHECK(tools({.account_id = "acc_2"}) == "");
  CHECK(tools({.server_id = "mcp_2"}) == "b 1/0; ");
  CHECK(tools({.tool = "a"}) == "a 1/0; ");
  CHECK(tools({.outcome = "failed"}) == "d 1/1; ");
  CHECK(tools({.client = "One"}) == "a 1/0; ");
  // The log has the same filter.
  CHECK(desk.tools({.client = "One"}) == "a ");
}

TEST_CASE("Of more events than are read at once, the latest count, and it is said from when on") {
  Desk desk;
  // A row for each ten seconds at least: more rows than are read in one page.
  for (int i = 0; i < 300; ++i) {
    call(desk, {.tool = "t" + std::to_string(i)});
    desk.clock.advance(seconds(11));
  }
  desk.settle();
  const Activity whole = read_activity(*desk.repository, of_hour()).value();
  CHECK(whole.counts.calls == 300);
  CHECK_FALSE(whole.whole_from);
  const Activity part = read_activity(*desk.repository, of_hour(), 1).value();
  REQUIRE(part.whole_from);
  CHECK(*part.whole_from > kDay);
  CHECK(part.counts.calls < 300);
  // What is counted is whole: as a question about that time alone would find it.
  ActivityQuery late = of_hour();
  late.from = *part.whole_from;
  CHECK(read_activity(*desk.repository, late).value().counts.calls == part.counts.calls);
  CHECK(part.buckets.front().at <= *part.whole_from);
  CHECK(part.buckets.front().at + minutes(10) > *part.whole_from);
  CHECK(part.tools.size() == kMostListed);
}

TEST_CASE("Buckets begin at multiples of their step") {
  CHECK(bucket_count(kDay, kDay + minutes(60), minutes(10)) == 6);
  CHECK(bucket_count(kDay + milliseconds(1), kDay + minutes(60) + milliseconds(1), minutes(10)) ==
        7);
  CHECK(bucket_count(kDay, kDay + milliseconds(1), minutes(10)) == 1);
}

}  // namespace patchbay::audit
