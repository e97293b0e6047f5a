#include "app/wall_alarm.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>

namespace patchbay::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

template <class Wait>
milliseconds took(Wait wait) {
  const auto begun = std::chrono::steady_clock::now();
  wait();
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
}

WallTime ahead(milliseconds by) {
  return SystemClock().now() + by;
}

}  // namespace

TEST_CASE("it rings at its moment, at once for one that has passed, and after the longest wait") {
  WallAlarm alarm;
  const auto late = took([&] { alarm.wait_until(ahead(milliseconds(150)), seconds(60)); });
  CHECK(late >= milliseconds(140));
  CHECK(late < seconds(10));
  CHECK(took([&] { alarm.wait_until(ahead(-seconds(1)), seconds(60)); }) < seconds(10));
  CHECK(took([&] { alarm.wait_until(WallTime{}, seconds(60)); }) < seconds(10));
  CHECK(took([&] { alarm.wait_until(WallTime::max(), milliseconds(50)); }) < seconds(10));
  CHECK(took([&] { alarm.wait_until(std::nullopt, milliseconds(50)); }) >= milliseconds(40));
}

TEST_CASE("it is woken, also before it waits") {
  WallAlarm alarm;
  alarm.wake();
  alarm.wake();
  CHECK(took([&] { alarm.wait_until(std::nullopt, seconds(60)); }) < seconds(10));
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(50));
    alarm.wake();
  });
  CHECK(took([&] { alarm.wait_until(std::nullopt, seconds(60)); }) < seconds(10));
  other.join();
  CHECK(took([&] { alarm.wait_until(std::nullopt, milliseconds(50)); }) >= milliseconds(40));
}

// A test cannot set the machine's clock, nor suspend it. What the system does then hangs on these
// two: the clock that the timer goes by, and that it is told when that is set.
TEST_CASE("it hangs on the wall clock, and hears when that is set") {
  WallAlarm alarm;
  std::thread waiting([&] { alarm.wait_until(ahead(seconds(30)), seconds(60)); });
  bool hangs = false;
  for (int tries = 0; !hangs && tries < 100; ++tries) {
    std::this_thread::sleep_for(milliseconds(20));
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      // CLOCK_REALTIME is 0; TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET are 1 and 2.
      hangs = hangs || (text.find("clockid: 0") != std::string::npos &&
                        text.find("settime flags: 03") != std::string::npos &&
                        text.find("it_value: (0, 0)") == std::string::npos);
    }
  }
  CHECK(hangs);
  alarm.wake();
  waiting.join();
}

}  // namespace patchbay::app
