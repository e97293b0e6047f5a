// Waits for a moment of the wall clock.
//
// A sleep by the monotonic clock is late by as much as the machine was suspended, and by as much as
// the wall clock was set forward. So this one hangs on the wall clock itself (timerfd with
// CLOCK_REALTIME, which fires at waking), and is told when that is set (TFD_TIMER_CANCEL_ON_SET).
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace patchbay::app {

class WallAlarm {
 public:
  WallAlarm();
  ~WallAlarm();
  WallAlarm(const WallAlarm&) = delete;
  WallAlarm& operator=(const WallAlarm&) = delete;

  // Returns at `moment`, after `at_most`, after wake(), and when the clock was set: whichever comes
  // first. One thread's.
  void wait_until(std::optional<WallTime> moment, std::chrono::milliseconds at_most);
  // Ends the wait, or else the next one. Any thread's; never blocks.
  void wake();

 private:
  const int timer_;
  const int woken_;
};

}  // namespace patchbay::app
