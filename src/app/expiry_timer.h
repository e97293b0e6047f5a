// Removes MCP servers and API tokens at the moment that they expire: one thread that sleeps until
// the nearest expiry and is woken when that changes. It waits for the disk, so it is no event
// loop's work.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#include "app/wall_alarm.h"
#include "control/control_plane.h"
#include "telemetry/log.h"

namespace patchbay::app {

class ExpiryTimer {
 public:
  // Starts at once: what expired while the process was down goes first. `longest_sleep`: so often
  // the control plane is asked in any case; shorter than the least lifetime where other nodes mint,
  // since nobody wakes it for those.
  ExpiryTimer(control::ControlPlane& control, const telemetry::Log& log,
              std::chrono::milliseconds longest_sleep);
  ~ExpiryTimer();
  ExpiryTimer(const ExpiryTimer&) = delete;

 private:
  void run();
  void tell_unwritten();

  control::ControlPlane& control_;
  const telemetry::Log& log_;
  const std::chrono::milliseconds longest_sleep_;
  WallAlarm alarm_;
  std::atomic<bool> stopping_ = false;
  std::size_t told_unwritten_ = 0;  // the thread's own
  std::thread thread_;
};

}  // namespace patchbay::app
