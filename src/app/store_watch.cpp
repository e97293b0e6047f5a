#include "app/store_watch.h"

#include <chrono>
#include <utility>

#include "base/lasting_thread.h"

namespace patchbay::app {
namespace {

// So long a stop waits at most; and as often a quiet database is heard to be there.
constexpr std::chrono::milliseconds kListen{500};
// Between two attempts to ask a database that does not answer.
constexpr std::chrono::milliseconds kPauseOfWatch{250};
// So often altered rows are looked at again, which who mended them waits for.
constexpr std::chrono::seconds kLookAgain{5};

}  // namespace

StoreWatch::StoreWatch(control::ControlPlane& control, std::unique_ptr<store::ChangeFeed> feed,
                       const telemetry::Log& log)
    : control_(control), feed_(std::move(feed)), log_(log) {
  looking_ = lasting_thread([this] {
    const auto done = control_.look_over([this] { return stopping_.load(); });
    if (!done && !stopping_) {
      log_.write(telemetry::Level::warning, "Not every row could be looked over.",
                 {{"reason", std::string_view(done.error().message)}});
    }
    keep_altered_rows_true();
  });
  if (!feed_) return;
  control_.followed();
  following_ = lasting_thread([this] { follow(); });
  beating_ = lasting_thread([this] { beat(); });
}

StoreWatch::~StoreWatch() {
  stopping_ = true;
  looking_.join();
  if (following_.joinable()) following_.join();
  if (beating_.joinable()) beating_.join();
}

void StoreWatch::keep_altered_rows_true() {
  auto next = std::chrono::steady_clock::now() + kLookAgain;
  while (!stopping_) {
    std::this_thread::sleep_for(kPauseOfWatch);
    if (std::chrono::steady_clock::now() < next) continue;
    control_.look_at_altered_again();
    next = std::chrono::steady_clock::now() + kLookAgain;
  }
}

void StoreWatch::beat() {
  while (!stopping_) {
    control_.beat();
    std::this_thread::sleep_for(kPauseOfWatch);
  }
}

void StoreWatch::follow() {
  using Heard = store::ChangeFeed::Heard;
  // Nothing is known of what was heard before: the thread may have been begun again.
  bool caught_up = false;
  while (!stopping_) {
    const auto asked = control_.now();
    const Heard heard = feed_->wait(kListen);
    if (stopping_) return;
    // What was heard before and could not be asked is still missing, also if nothing follows it.
    if (heard == Heard::nothing && caught_up) {
      control_.confirm(asked);
      tell(true);
      continue;
    }
    // Also without its voice the database may answer.
    caught_up = control_.catch_up().has_value();
    tell(heard != Heard::lost && caught_up);
    if (!caught_up || heard == Heard::lost) std::this_thread::sleep_for(kPauseOfWatch);
  }
}

void StoreWatch::tell(bool connected) {
  if (connected == connected_) return;
  connected_ = connected;
  if (connected) {
    log_.write(telemetry::Level::info, "Changes of other servers are heard again.");
  } else {
    log_.write(telemetry::Level::error,
               "Changes of other servers are not heard: the database or the connection to it is "
               "away. It is asked instead, as long as it answers.");
  }
}

}  // namespace patchbay::app
