// What all requests of one account share within this process: how many are on their way, until when
// the upstream wants no more, and what it last said of its limits. Used by every loop; its mutex is
// held for a few instructions.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/mutex.h"
#include "io/cancel.h"
#include "io/task.h"

namespace patchbay::upstream {

struct RateLimit;

// How much an upstream still takes, as far as it says.
struct Allowance {
  std::optional<std::int64_t> limit;      // requests
  std::optional<std::int64_t> remaining;  // of these
  std::optional<std::chrono::milliseconds> resets_in;
};

struct ThrottleLimits {
  int at_once = 4;  // requests on their way
  // Further ones that wait for their turn. Who has none waiting finds half of the places free, so
  // that no MCP server of an account takes them all.
  std::size_t waiting = 512;
  std::chrono::milliseconds longest{30'000};  // that one waits
};

class Throttle : public std::enable_shared_from_this<Throttle> {
 public:
  // A place among the requests on their way; free again when it goes.
  class Pass {
   public:
    explicit Pass(std::shared_ptr<Throttle> throttle) : throttle_(std::move(throttle)) {}
    Pass(Pass&&) noexcept = default;
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (throttle_) throttle_->leave();
    }

   private:
    std::shared_ptr<Throttle> throttle_;
  };
  enum class Refusal : std::uint8_t {
    crowded,  // too many wait already
    late,     // waited as long as is allowed
    cancelled,
  };

  // Turns go round among those that wait (`holder`: an MCP server), and for each in the order of
  // their coming, whichever loop they come from.
  io::Task<std::expected<Pass, Refusal>> enter(std::string_view holder, ThrottleLimits limits,
                                               io::CancelToken cancel);

  // Nothing goes out until then. The latest word counts, if it is later.
  void cool_down(MonotonicTime until);
  // The whole seconds that are left of it, rounded up; nothing if there is none.
  std::optional<std::int64_t> cooling(MonotonicTime now) const;

  // An answer said so of its limits. What it leaves out stays as it was.
  void heard(const RateLimit& said, MonotonicTime now);
  // Nothing: it said nothing so far, or what it said is over. Other processes' requests count
  // upstream as well, and are only known of by the next answer.
  std::optional<Allowance> allowance(MonotonicTime now) const;

 private:
  struct Waiter;
  class Turn;
  struct Queue {
    std::string holder;
    std::deque<std::shared_ptr<Waiter>> waiting;  // never empty
  };
  // Nothing: too many wait already.
  std::shared_ptr<Waiter> queue_up(std::string_view holder, std::size_t limit)
      PATCHBAY_REQUIRES(mutex_);
  void give_up(const std::shared_ptr<Waiter>& waiter) PATCHBAY_REQUIRES(mutex_);
  void leave();
  void hand_out() PATCHBAY_REQUIRES(mutex_);

  mutable Mutex mutex_;
  int on_their_way_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  int at_once_ PATCHBAY_GUARDED_BY(mutex_) = 1;          // as the latest request says
  std::list<Queue> queues_ PATCHBAY_GUARDED_BY(mutex_);  // whose turn is next first
  std::size_t waiting_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  MonotonicTime cool_until_ PATCHBAY_GUARDED_BY(mutex_){};
  Allowance said_ PATCHBAY_GUARDED_BY(mutex_);  // resets_in: as it was then
  MonotonicTime said_at_ PATCHBAY_GUARDED_BY(mutex_){};
};

}  // namespace patchbay::upstream
