#include "app/expiry_timer.h"

#include <algorithm>

#include "base/lasting_thread.h"

namespace patchbay::app {

ExpiryTimer::ExpiryTimer(control::ControlPlane& control, const telemetry::Log& log,
                         std::chrono::milliseconds longest_sleep)
    : control_(control), log_(log), longest_sleep_(longest_sleep) {
  control_.on_expiry_changed([this] { alarm_.wake(); });
  thread_ = lasting_thread([this] { run(); });
}

ExpiryTimer::~ExpiryTimer() {
  control_.on_expiry_changed({});
  stopping_ = true;
  alarm_.wake();
  thread_.join();
}

void ExpiryTimer::run() {
  while (!stopping_) {
    const auto next = control_.expire();
    tell_unwritten();
    alarm_.wait_until(next, longest_sleep_);
  }
}

void ExpiryTimer::tell_unwritten() {
  const std::size_t unwritten = control_.unwritten();
  if (unwritten == told_unwritten_) return;
  told_unwritten_ = unwritten;
  if (unwritten == 0) {
    log_.write(telemetry::Level::info, "All revocations are on disk again.");
    return;
  }
  log_.write(telemetry::Level::error,
             "Revocations hold, but the disk does not take them; they are tried again.",
             {{"revocations", static_cast<std::int64_t>(unwritten)}});
}

}  // namespace patchbay::app
