#include "upstream/throttle.h"

#include <algorithm>

#include "io/event.h"
#include "io/runtime.h"

namespace patchbay::upstream {

struct Throttle::Waiter {
  explicit Waiter(io::Loop& waits_on) : loop(waits_on) {}
  io::Loop& loop;
  io::Event over;        // of its loop: it has its turn, or has waited long enough
  bool granted = false;  // guarded by the throttle's mutex_
};

// A waiter's place in the queue, given up when the coroutine goes, for whatever reason.
class Throttle::Turn {
 public:
  Turn(Throttle& throttle, std::shared_ptr<Waiter> waiter)
      : throttle_(throttle), waiter_(std::move(waiter)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (take()) throttle_.leave();
  }

  // Whether a place among those on their way has been granted; it is the caller's then.
  bool take() {
    const MutexLock lock(throttle_.mutex_);
    if (!waiter_) return false;
    std::erase(throttle_.waiting_, waiter_);
    const bool granted = waiter_->granted;
    waiter_ = nullptr;
    return granted;
  }

 private:
  Throttle& throttle_;
  std::shared_ptr<Waiter> waiter_;
};

io::Task<std::expected<Throttle::Pass, Throttle::Refusal>> Throttle::enter(ThrottleLimits limits,
                                                                           io::CancelToken cancel) {
  const auto self = shared_from_this();
  std::shared_ptr<Waiter> waiter;
  {
    const MutexLock lock(mutex_);
    if (on_their_way_ < limits.at_once && waiting_.empty()) {
      ++on_their_way_;
    } else if (waiting_.size() >= limits.waiting) {
      co_return std::unexpected(Refusal::crowded);
    } else {
      waiter = std::make_shared<Waiter>(io::Loop::current());
      waiting_.push_back(waiter);
    }
  }
  if (!waiter) co_return Pass(self);
  Turn turn(*self, waiter);
  // Both run on this loop, and cannot outlive this frame.
  io::Deadline deadline(waiter->loop, [event = &waiter->over] { event->set(); });
  deadline.expires_after(limits.longest);
  const auto registration = cancel.on_cancel([event = &waiter->over] { event->set(); });
  co_await waiter->over.wait();
  if (turn.take()) co_return Pass(self);
  co_return std::unexpected(cancel.cancelled() ? Refusal::cancelled : Refusal::late);
}

void Throttle::leave() {
  const MutexLock lock(mutex_);
  if (waiting_.empty()) {
    --on_their_way_;
    return;
  }
  // The place goes to the next in line; nobody can slip in between.
  const auto next = std::move(waiting_.front());
  waiting_.pop_front();
  next->granted = true;
  io::post(next->loop, [next] { next->over.set(); });
}

void Throttle::cool_down(MonotonicTime until) {
  const MutexLock lock(mutex_);
  cool_until_ = std::max(cool_until_, until);
}

std::optional<std::int64_t> Throttle::cooling(MonotonicTime now) const {
  const MutexLock lock(mutex_);
  if (cool_until_ <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(cool_until_ - now).count();
}

}  // namespace patchbay::upstream
