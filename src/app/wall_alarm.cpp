#include "app/wall_alarm.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace patchbay::app {
namespace {

// Not at zero, which would be no alarm at all; what lies behind rings at once.
itimerspec alarm_at(WallTime moment) {
  const auto since_1970 = std::max(moment.time_since_epoch(), std::chrono::milliseconds(1));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_1970);
  itimerspec at{};
  at.it_value.tv_sec = seconds.count();
  at.it_value.tv_nsec = std::chrono::nanoseconds(since_1970 - seconds).count();
  return at;
}

}  // namespace

WallAlarm::WallAlarm()
    : timer_(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK)),
      woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

WallAlarm::~WallAlarm() {
  ::close(timer_);
  ::close(woken_);
}

void WallAlarm::wait_until(std::optional<WallTime> moment, std::chrono::milliseconds at_most) {
  // Armed in any case, since only an armed timer tells that the clock was set.
  const WallTime latest = SystemClock().now() + at_most;
  const itimerspec at = alarm_at(std::min(moment.value_or(latest), latest));
  ::timerfd_settime(timer_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, nullptr);
  std::array<pollfd, 2> both{{{timer_, POLLIN, 0}, {woken_, POLLIN, 0}}};
  ::poll(both.data(), both.size(), static_cast<int>(at_most.count()));
  // Emptied, whatever rang.
  std::uint64_t count = 0;
  static_cast<void>(::read(woken_, &count, sizeof count) == sizeof count);
  static_cast<void>(::read(timer_, &count, sizeof count) == sizeof count);
}

void WallAlarm::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(::write(woken_, &one, sizeof one) == sizeof one);
}

}  // namespace patchbay::app
