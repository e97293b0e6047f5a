#include "control/trust.h"

#include <algorithm>
#include <utility>

#include <time.h>

namespace patchbay::control {

Trust::Time Trust::now_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::duration_cast<Time>(std::chrono::seconds(now.tv_sec) +
                                          std::chrono::nanoseconds(now.tv_nsec));
}

void Trust::only_within(Bounds bounds, std::function<Time()> now) {
  bounds_ = bounds;
  now_ = std::move(now);
  beat_ = this->now().count();
  always_ = false;
}

void Trust::confirm(Time asked) {
  Time::rep before = confirmed_.load();
  while (before < asked.count() && !confirmed_.compare_exchange_weak(before, asked.count())) {
  }
}

void Trust::note_failure() {
  failed_ = now().count();
}

Trust::Is Trust::state() const {
  if (always_.load(std::memory_order_relaxed)) return Is::good;
  const Time now = this->now();
  const Time confirmed{confirmed_.load(std::memory_order_relaxed)};
  // Who stood still meanwhile knows nothing to go on by, also where the beat has not told it yet.
  const Time alive = std::max(confirmed, Time(beat_.load(std::memory_order_relaxed)));
  if (confirmed_ < stirred_ || now - alive > kStill) {
    return now - confirmed <= bounds_.without_database ? Is::doubtful : Is::worthless;
  }
  if (now - confirmed <= bounds_.unconfirmed) return Is::good;
  const Time failed{failed_.load(std::memory_order_relaxed)};
  // Asked a moment ago, to no avail.
  if (failed <= confirmed || now - failed > kRetry) return Is::doubtful;
  return now - confirmed <= bounds_.without_database ? Is::good : Is::worthless;
}

void Trust::beat() {
  const Time::rep now = this->now().count();
  const Time still{now - beat_.exchange(now)};
  if (still > kStill) stirred_ = now;
  if (still > bounds_.unconfirmed) woke_ = now;
}

bool Trust::may_go_on() const {
  const Is is = state();
  if (is != Is::doubtful) return is == Is::good;
  return now() - Time(beat_.load()) <= bounds_.unconfirmed && confirmed_ >= woke_;
}

Trust::Time Trust::age() const {
  return always_ ? Time(0) : now() - Time(confirmed_.load());
}

}  // namespace patchbay::control
