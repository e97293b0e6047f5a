// Removes MCP servers and API tokens at the moment that they expire: one thread that sleeps until
// the nearest expiry and is woken when that changes. It waits for the disk, so it is no event
// loop's work.
#pragma once

#include <atomic>
#include <thread>

#include "app/wall_alarm.h"
#include "control/control_plane.h"
#include "telemetry/log.h"

namespace patchbay::app {

class ExpiryTimer {
 public:
  // Starts at once: what expired while the process was down goes first.
  ExpiryTimer(control::ControlPlane& control, const telemetry::Log& log);
  ~ExpiryTimer();
  ExpiryTimer(const ExpiryTimer&) = delete;

 private:
  void run();
  void tell_unwritten();

  control::ControlPlane& control_;
  const telemetry::Log& log_;
  WallAlarm alarm_;
  std::atomic<bool> stopping_ = false;
  std::size_t told_unwritten_ = 0;  // the thread's own
  std::thread thread_;
};

}  // namespace patchbay::app
