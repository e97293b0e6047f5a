// For tests: how much a loop does on end. A ping goes round the loop without a pause: between two
// of them lies one turn, in which nobody else is served.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>

#include "io/runtime.h"

namespace patchbay::gateway {

// What the calling thread has worked so far, in nanoseconds. Whatever else the machine does
// meanwhile is not in it.
inline std::int64_t work_of_thread() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::int64_t{spent.tv_sec} * 1'000'000'000 + spent.tv_nsec;
}

class LoopTurns {
 public:
  // Both on the loop.
  LoopTurns() : pings_(std::make_shared<Pings>()) { go_round(pings_); }
  ~LoopTurns() { pings_->over = true; }
  LoopTurns(const LoopTurns&) = delete;
  LoopTurns& operator=(const LoopTurns&) = delete;

  std::int64_t answered() const { return pings_->answered; }
  // The most that was done between two pings, the turn that is under way included.
  std::int64_t longest() const {
    return std::max(pings_->longest, work_of_thread() - pings_->last);
  }

 private:
  struct Pings {
    std::int64_t last = work_of_thread();
    std::int64_t longest = 0;
    std::int64_t answered = 0;
    bool over = false;
  };

  static void go_round(const std::shared_ptr<Pings>& pings) {
    io::post(io::Loop::current(), [pings] {
      if (pings->over) return;
      const auto now = work_of_thread();
      pings->longest = std::max(pings->longest, now - pings->last);
      pings->last = now;
      ++pings->answered;
      go_round(pings);
    });
  }

  std::shared_ptr<Pings> pings_;
};

}  // namespace patchbay::gateway
