#include "webhooks/schedule.h"

#include <doctest/doctest.h>

namespace patchbay::webhooks {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("Pauses grow, the last comes within a day, and then there is none") {
  milliseconds all{0};
  milliseconds before{0};
  for (std::int64_t tries = 1; tries < kMostTries; ++tries) {
    const auto pause = pause_after(tries, 0.5);
    REQUIRE(pause);
    CHECK(*pause >= before);
    before = *pause;
    all += *pause;
  }
  CHECK(pause_after(1, 0.5) == 5s);
  CHECK(all > 20h);
  CHECK(all < 24h);
  CHECK_FALSE(pause_after(kMostTries, 0.5));
  CHECK_FALSE(pause_after(kMostTries + 1, 0.5));
}

TEST_CASE("Chance moves a pause by a fifth at most") {
  CHECK(pause_after(1, 0) == 4s);
  CHECK(pause_after(1, 1) == 6s);
  CHECK(pause_after(1, 7) == 6s);
}

TEST_CASE("A receiver may ask for more time, up to an hour, and not for less") {
  CHECK(pause_after(1, 0.5, 90s) == 90s);
  CHECK(pause_after(1, 0.5, 1s) == 5s);
  CHECK(pause_after(1, 0.5, 100h) == 1h);
  CHECK(pause_after(7, 0.5, 1min) == 2h);
}

}  // namespace
}  // namespace patchbay::webhooks
