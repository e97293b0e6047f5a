// A clock that does not go back: what was over by a time that anybody saw stays over.
//
// The wall clock may be set back, by an operator, by NTP or by whoever wants a URL to open again.
// So the latest time seen counts, until all that is over by it has been deleted: then it is let go
// of, or a clock that once ran a year ahead would keep everybody from minting for that year.
#pragma once

#include <algorithm>
#include <atomic>

#include "base/clock.h"

namespace patchbay::control {

// Thread-safe.
class HighWater final : public Clock {
 public:
  explicit HighWater(const Clock& clock) : clock_(clock) {}

  WallTime now() const override { return raise(clock_.now()); }
  MonotonicTime monotonic() const override { return clock_.monotonic(); }
  // It was this late already. Returns the time that counts.
  WallTime raise(WallTime seen) const {
    WallTime::rep latest = latest_.load(std::memory_order_relaxed);
    const WallTime::rep mine = seen.time_since_epoch().count();
    while (latest < mine && !latest_.compare_exchange_weak(latest, mine)) {
    }
    return WallTime(WallTime::duration(std::max(latest, mine)));
  }
  // Everything that is over by now() is gone for good.
  void let_go() { latest_ = clock_.now().time_since_epoch().count(); }

 private:
  const Clock& clock_;
  mutable std::atomic<WallTime::rep> latest_ = 0;
};

}  // namespace patchbay::control
