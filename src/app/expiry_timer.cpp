#include "app/expiry_timer.h"

#include <algorithm>

namespace patchbay::app {

using std::chrono::milliseconds;

// The wall clock may be set while we sleep; no sleep is longer than this, so that an expiry is late
// by at most as much.
constexpr milliseconds kLongestSleep{60'000};

ExpiryTimer::ExpiryTimer(control::ControlPlane& control, const Clock& clock)
    : control_(control), clock_(clock) {
  control_.on_expiry_changed([this] { wake(); });
  thread_ = std::thread([this] { run(); });
}

ExpiryTimer::~ExpiryTimer() {
  control_.on_expiry_changed({});
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ExpiryTimer::wake() {
  {
    const MutexLock lock(mutex_);
    stale_ = true;
  }
  changed_.notify_one();
}

void ExpiryTimer::run() {
  for (;;) {
    const auto next = control_.expire();
    milliseconds wait = kLongestSleep;
    if (next) wait = std::clamp(milliseconds(*next - clock_.now()), milliseconds(1), kLongestSleep);
    const MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + wait;
    while (!stopping_ && !stale_ && changed_.wait_until(mutex_, until)) {
    }
    if (stopping_) return;
    stale_ = false;
  }
}

}  // namespace patchbay::app
