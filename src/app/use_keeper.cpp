#include "app/use_keeper.h"

#include <chrono>
#include <string_view>

#include "base/lasting_thread.h"

namespace patchbay::app {
namespace {

constexpr std::chrono::seconds kPauseOfKeeping{2};

}  // namespace

UseKeeper::UseKeeper(control::ControlPlane& control, const telemetry::Log& log)
    : control_(control), log_(log), thread_(lasting_thread([this] { run(); })) {}

UseKeeper::~UseKeeper() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.join();
}

void UseKeeper::run() {
  while (wait()) keep();
  keep();
}

// False: it is to end.
bool UseKeeper::wait() {
  const auto until = std::chrono::steady_clock::now() + kPauseOfKeeping;
  const MutexLock lock(mutex_);
  while (!stopping_ && woken_.wait_until(mutex_, until)) {
  }
  return !stopping_;
}

// Told once until it goes again: a database that is away has its own lines.
void UseKeeper::keep() {
  const Result<> kept = control_.keep_use();
  if (!kept && kept_) {
    log_.write(telemetry::Level::warning,
               "What MCP servers are used for could not be kept; it is tried again.",
               {{"reason", std::string_view(kept.error().message)}});
  }
  kept_ = kept.has_value();
}

}  // namespace patchbay::app
