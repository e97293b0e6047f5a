// How the requests of one account share what its upstream bears.
#include <algorithm>
#include <atomic>
#include <map>

#include "gateway/test_harness.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kList = "list_all_connect_wise_psa_tickets";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";

struct RunningLoops {
  io::Runtime runtime{{.loops = 2}};
  RunningLoops() { runtime.start(); }
  ~RunningLoops() { runtime.stop(); }
};

}  // namespace

TEST_CASE("throttle: of many calls at once, few requests are on their way") {
  RunningLoops loops;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  http::Server upstream(loops.runtime, {}, [&](http::Request&) -> io::Task<http::Response> {
    const int now = ++inside;
    int seen = most.load();
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    co_await io::sleep(std::chrono::milliseconds(5));
    --inside;
    co_return http::Response::json(200, R"([{"id":1}])");
  });
  REQUIRE(upstream.start());
  Harness harness(loops.runtime, upstream.port());
  const std::vector<std::pair<std::string, std::string>> calls(40, {kList, R"({"limit":5})"});
  for (const auto& result : harness.call_together(calls)) CHECK(!result.is_error);
  CHECK(most == 4);

  GatewayOptions narrow;
  narrow.throttle = {.at_once = 1, .waiting = 2};
  Harness crowded(loops.runtime, upstream.port(), narrow);
  int refused = 0;
  for (const auto& result : crowded.call_together(calls)) {
    if (!result.is_error) continue;
    ++refused;
    CHECK(result.text.contains("\"code\":\"rate_limited\""));
    CHECK(result.text.contains("\"was_applied\":\"no\""));
  }
  CHECK(refused >= 30);  // the first may be through before the last come
}

TEST_CASE("throttle: who finds no place is told to whoever watches, with the server and no more") {
  RunningLoops loops;
  http::Server upstream(loops.runtime, {}, [&](http::Request&) -> io::Task<http::Response> {
    co_await io::sleep(std::chrono::milliseconds(50));
    co_return http::Response::json(200, R"([{"id":1}])");
  });
  REQUIRE(upstream.start());
  std::map<std::string, int> told;  // touched on one loop only
  GatewayOptions options;
  options.limit_hit = [&](std::string_view who, std::string_view what) {
    ++told[std::string(who) + ": " + std::string(what)];
  };
  const std::vector<std::pair<std::string, std::string>> calls(8, {kList, R"({"limit":5})"});
  const auto refused_of = [&](Harness& harness) {
    return std::ranges::count_if(harness.call_together(calls), &CallResult::is_error);
  };
  options.throttle = {.at_once = 1, .waiting = 4};
  Harness crowded(loops.runtime, upstream.port(), options);
  const auto refused = refused_of(crowded);
  CHECK(refused > 0);
  CHECK(told == std::map<std::string, int>{
                    {"srv_test: calls that wait at an account", static_cast<int>(refused)}});
  CHECK(crowded.gateway().waiting() == 0);

  told.clear();
  options.throttle = {.at_once = 1, .longest = std::chrono::milliseconds(1)};
  Harness slow(loops.runtime, upstream.port(), options);
  const auto late = refused_of(slow);
  CHECK(late > 0);
  CHECK(told == std::map<std::string, int>{
                    {"srv_test: time to wait at an account", static_cast<int>(late)}});
}

TEST_CASE(
    "throttle: a refusal that names no pause holds for a second, for every call of the account") {
  for (const char* pause : {"0", "-1", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", ""}) {
    CAPTURE(pause);
    RunningLoops loops;
    std::atomic<int> asked = 0;
    StubUpstream upstream(loops.runtime, [&](const StubUpstream::Seen&) {
      ++asked;
      auto answer = http::Response::json(429, "{}");
      if (*pause != '\0') answer.headers.add("Retry-After", pause);
      return answer;
    });
    Harness harness(loops.runtime, upstream.port());
    harness.call(kList, "{}");
    CHECK(asked == 1);
    // Whoever comes behind it, and with whatever: none of them is sent.
    for (const auto& result : harness.call_together(
             {{kList, "{}"}, {kCreate, R"({"summary":"s","company":40})"}, {kList, "{}"}})) {
      CHECK(result.is_error);
      CHECK(result.text.contains(R"("retry_after_seconds":1)"));
      CHECK(result.text.contains("rate_limited"));
    }
    CHECK(asked == 1);
  }
}

TEST_CASE("throttle: a pause that the upstream asked for holds for every call of the account") {
  RunningLoops loops;
  std::atomic<int> asked = 0;
  StubUpstream upstream(loops.runtime, [&](const StubUpstream::Seen&) {
    if (++asked == 1) {
      auto answer = http::Response::json(429, R"({"message":"Slow down."})");
      answer.headers.add("Retry-After", "2");
      return answer;
    }
    return http::Response::json(200, "[]");
  });
  Harness harness(loops.runtime, upstream.port());
  auto outcome = harness.call(kList, "{}");
  CHECK(outcome.value.find("error")->int64_or("retry_after_seconds", 0) == 2);
  outcome = harness.call(kCreate, R"({"summary":"s","company":40})");
  CHECK(outcome.value.find("error")->string_or("code", "") == "rate_limited");
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 429);
  CHECK(outcome.value.find("error")->int64_or("retry_after_seconds", 0) > 0);
  CHECK(outcome.was_applied() == "no");
  CHECK(asked == 1);

  // A read waits for its end, where the server was told so.
  harness.context.wait_on_rate_limit = true;
  outcome = harness.call(kList, "{}");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(asked == 2);
}

TEST_CASE("throttle: a pause that is none is waited out all the same, longer each time") {
  for (const char* pause : {"0", "-1", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
    CAPTURE(pause);
    RunningLoops loops;
    std::vector<MonotonicTime> asked;
    StubUpstream upstream(loops.runtime, [&](const StubUpstream::Seen&) {
      asked.push_back(std::chrono::steady_clock::now());
      auto answer = http::Response::json(429, "{}");
      answer.headers.add("Retry-After", pause);
      return answer;
    });
    // Room for a pause of one second; the first looks further, and has room for one of two as well.
    const bool further = std::string_view(pause) == "0";
    Harness harness(loops.runtime, upstream.port(),
                    {.max_rate_limit_wait = std::chrono::milliseconds(further ? 4'000 : 1'500)});
    harness.context.wait_on_rate_limit = true;
    const auto outcome = harness.call(kList, "{}");
    CHECK(outcome.value.find("error")->string_or("code", "") == "rate_limited");
    CHECK(asked.size() <= (further ? 3 : 2));
    if (further) CHECK(asked.size() == 3);
    for (std::size_t i = 1; i < asked.size(); ++i) {
      CHECK(asked[i] - asked[i - 1] >= std::chrono::milliseconds(1'000 << (i - 1)));
    }
  }
}

}  // namespace patchbay::gateway
