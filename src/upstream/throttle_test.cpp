#include "upstream/throttle.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "io/runtime.h"
#include "upstream/rate_limit.h"

namespace patchbay::upstream {

namespace {

using std::chrono::milliseconds;

struct Loops {
  io::Runtime runtime{{.loops = 2}};
  std::shared_ptr<Throttle> throttle = std::make_shared<Throttle>();
  Loops() { runtime.start(); }
  ~Loops() { runtime.stop(); }
};

}  // namespace

TEST_CASE(
    "throttle: as many at once as allowed, whichever loop they come from, and all in the end") {
  Loops loops;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  constexpr int kCalls = 60;
  for (int i = 0; i < kCalls; ++i) {
    auto& loop = loops.runtime.loop(static_cast<std::size_t>(i % 2));
    loops.runtime.spawn(loop, [&]() -> io::Task<> {
      {
        const auto pass = co_await loops.throttle->enter("", {.at_once = 3}, {});
        CHECK(pass.has_value());
        const int now = ++inside;
        int seen = most.load();
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        co_await io::sleep(milliseconds(2));
        --inside;
      }
      ++done;
    });
  }
  loops.runtime.run(loops.runtime.loop(0), [&]() -> io::Task<> {
    for (int i = 0; i < 500 && done < kCalls; ++i) co_await io::sleep(milliseconds(10));
  });
  CHECK(done == kCalls);
  CHECK(most == 3);
}

TEST_CASE("throttle: a full queue, a long wait and a client that goes are told apart") {
  Loops loops;
  loops.runtime.run(loops.runtime.loop(0), [&]() -> io::Task<> {
    const ThrottleLimits limits{.at_once = 1, .waiting = 1, .longest = milliseconds(150)};
    {
      const auto held = co_await loops.throttle->enter("", limits, {});
      CHECK(held.has_value());
      const auto late = co_await loops.throttle->enter("", limits, {});
      CHECK((!late && late.error() == Throttle::Refusal::late));

      io::CancelSource source;
      bool told = false;
      loops.runtime.spawn(io::Loop::current(), [&]() -> io::Task<> {
        const auto gone = co_await loops.throttle->enter(
            "", {.at_once = 1, .waiting = 1, .longest = milliseconds(5000)}, source.token());
        CHECK((!gone && gone.error() == Throttle::Refusal::cancelled));
        told = true;
      });
      co_await io::sleep(milliseconds(20));
      const auto crowded = co_await loops.throttle->enter("", limits, {});
      CHECK((!crowded && crowded.error() == Throttle::Refusal::crowded));
      source.cancel();
      co_await io::sleep(milliseconds(20));
      CHECK(told);
    }
    // Those who gave up hold nothing.
    const auto again = co_await loops.throttle->enter("", limits, {});
    CHECK(again.has_value());
  });
}

TEST_CASE("throttle: whoever waits much leaves places and turns to others") {
  Loops loops;
  loops.runtime.run(loops.runtime.loop(0), [&]() -> io::Task<> {
    const ThrottleLimits limits{.at_once = 1, .waiting = 16, .longest = milliseconds(20'000)};
    auto held = std::make_optional(co_await loops.throttle->enter("greedy", limits, {}));
    CHECK(held->has_value());
    std::string turns;
    int refused = 0;
    const auto ask = [&](const std::string& who) {
      loops.runtime.spawn(io::Loop::current(), [&, who]() -> io::Task<> {
        const auto pass = co_await loops.throttle->enter(who, limits, {});
        pass ? void(turns += who.front()) : void(++refused);
      });
    };
    for (int i = 0; i < 100; ++i) ask("greedy");
    co_await io::sleep(milliseconds(20));
    CHECK(refused == 92);  // half of the places
    for (int i = 0; i < 4; ++i) ask("modest");
    ask("one");
    co_await io::sleep(milliseconds(20));
    CHECK(refused == 92);
    held.reset();
    for (int i = 0; i < 200 && turns.size() < 13; ++i) co_await io::sleep(milliseconds(5));
    CHECK(turns == "gmogmgmgmgggg");
  });
}

TEST_CASE("throttle: the later of two announced pauses counts") {
  Throttle throttle;
  const MonotonicTime now{std::chrono::seconds(1000)};
  CHECK(!throttle.cooling(now));
  throttle.cool_down(now + milliseconds(2500));
  throttle.cool_down(now + milliseconds(500));
  CHECK(throttle.cooling(now) == 3);
  CHECK(throttle.cooling(now + milliseconds(2499)) == 1);
  CHECK(!throttle.cooling(now + milliseconds(2500)));
}

TEST_CASE("throttle: what an upstream said of its limits is told for as long as it holds") {
  using std::chrono::minutes;
  using std::chrono::seconds;
  Throttle throttle;
  const MonotonicTime now{seconds(1'000)};
  CHECK_FALSE(throttle.allowance(now));
  throttle.heard({.limit = 60, .remaining = 41, .reset_seconds = 30}, now);
  auto known = throttle.allowance(now + seconds(10));
  REQUIRE(known);
  CHECK(known->limit == 60);
  CHECK(known->remaining == 41);
  CHECK(known->resets_in == seconds(20));
  CHECK_FALSE(throttle.allowance(now + seconds(30)));

  throttle.heard({.remaining = 7}, now);
  known = throttle.allowance(now + minutes(14));
  REQUIRE(known);
  CHECK(known->limit == 60);
  CHECK(known->remaining == 7);
  CHECK_FALSE(known->resets_in);
  CHECK_FALSE(throttle.allowance(now + minutes(15)));

  throttle.cool_down(now + seconds(5));
  known = throttle.allowance(now);
  REQUIRE(known);
  CHECK(known->remaining == 0);
  CHECK(known->resets_in == seconds(5));
}

}  // namespace patchbay::upstream
