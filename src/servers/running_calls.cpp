#include "servers/running_calls.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "io/deadline.h"

namespace patchbay::servers {

constexpr std::chrono::milliseconds kTick{100};

// The loop's alone, but for `asked`.
struct RunningCalls::PerLoop {
  std::list<Entry*> entries;
  std::optional<io::Deadline> tick;  // for what ends by itself, as tokens do
  std::atomic<bool> asked = false;

  void look() {
    for (Entry* entry : entries) {
      if (!entry->on_revoked_ || entry->still_allowed_()) continue;
      std::exchange(entry->on_revoked_, nullptr)();
    }
    if (tick && !entries.empty()) tick->expires_after(kTick);
  }
};

RunningCalls::RunningCalls(io::Runtime& runtime) : runtime_(runtime) {
  for (std::size_t i = 0; i < runtime.size(); ++i) loops_.push_back(std::make_shared<PerLoop>());
}

RunningCalls::Entry::Entry(RunningCalls& calls, std::function<bool()> still_allowed,
                           std::function<void()> on_revoked)
    : home_(*calls.loops_[io::Loop::current().index()]),
      place_(home_.entries.insert(home_.entries.end(), this)),
      still_allowed_(std::move(still_allowed)),
      on_revoked_(std::move(on_revoked)) {
  if (!home_.tick) home_.tick.emplace(io::Loop::current(), [&home = home_] { home.look(); });
  if (!home_.tick->armed()) home_.tick->expires_after(kTick);
}

RunningCalls::Entry::~Entry() {
  home_.entries.erase(place_);
}

void RunningCalls::look_again() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    // One look that is still to come sees this change as well.
    if (loops_[i]->asked.exchange(true)) continue;
    io::post(runtime_.loop(i), [here = loops_[i]] {
      here->asked = false;
      here->look();
    });
  }
}

}  // namespace patchbay::servers
