// Keeps what is counted of MCP servers in the database: a thread, every two seconds and once more
// at the end, so that a crash loses no more than that.
#pragma once

#include <thread>

#include "base/mutex.h"
#include "control/control_plane.h"
#include "telemetry/log.h"

namespace patchbay::app {

class UseKeeper {
 public:
  UseKeeper(control::ControlPlane& control, const telemetry::Log& log);
  ~UseKeeper();
  UseKeeper(const UseKeeper&) = delete;

 private:
  void run();
  bool wait();
  void keep();

  control::ControlPlane& control_;
  const telemetry::Log& log_;
  Mutex mutex_;
  Condition woken_;
  bool stopping_ PATCHBAY_GUARDED_BY(mutex_) = false;
  bool kept_ = true;  // the thread's own
  std::thread thread_;
};

}  // namespace patchbay::app
