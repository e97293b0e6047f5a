// Removes MCP servers at the moment that they expire: one thread that sleeps until the nearest
// expiry and is woken when that changes. It waits for the disk, so it is no event loop's work.
#pragma once

#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "control/control_plane.h"

namespace patchbay::app {

class ExpiryTimer {
 public:
  // Starts at once: what expired while the process was down goes first.
  ExpiryTimer(control::ControlPlane& control, const Clock& clock);
  ~ExpiryTimer();
  ExpiryTimer(const ExpiryTimer&) = delete;

 private:
  void run();
  void wake();

  control::ControlPlane& control_;
  const Clock& clock_;

  Mutex mutex_;
  Condition changed_;
  bool stopping_ PATCHBAY_GUARDED_BY(mutex_) = false;
  bool stale_ PATCHBAY_GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

}  // namespace patchbay::app
