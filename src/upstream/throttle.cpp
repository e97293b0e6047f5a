#include "upstream/throttle.h"

#include <algorithm>

#include "io/event.h"
#include "io/runtime.h"
#include "upstream/rate_limit.h"

namespace patchbay::upstream {

namespace {

constexpr std::int64_t kDay = 24 * 3600;  // seconds: no window is longer
// A number without a word on its end says nothing of a later time.
constexpr std::chrono::minutes kHoldsAlone{15};

}  // namespace

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
    const bool granted = waiter_->granted;
    if (!granted) throttle_.give_up(waiter_);
    waiter_ = nullptr;
    return granted;
  }

 private:
  Throttle& throttle_;
  std::shared_ptr<Waiter> waiter_;
};

std::shared_ptr<Throttle::Waiter> Throttle::queue_up(std::string_view holder, std::size_t limit) {
  auto queue = std::ranges::find(queues_, holder, &Queue::holder);
  const std::size_t own = queue != queues_.end() ? queue->waiting.size() : 0;
  const std::size_t free = limit - std::min(limit, waiting_);
  if (own >= free) return nullptr;
  if (queue == queues_.end()) queue = queues_.insert(queue, {std::string(holder), {}});
  ++waiting_;
  return queue->waiting.emplace_back(std::make_shared<Waiter>(io::Loop::current()));
}

void Throttle::give_up(const std::shared_ptr<Waiter>& waiter) {
  for (auto queue = queues_.begin(); queue != queues_.end(); ++queue) {
    const auto gone = std::erase(queue->waiting, waiter);
    if (gone == 0) continue;
    waiting_ -= gone;
    if (queue->waiting.empty()) queues_.erase(queue);
    return;
  }
}

io::Task<std::expected<Throttle::Pass, Throttle::Refusal>> Throttle::enter(std::string_view holder,
                                                                           ThrottleLimits limits,
                                                                           io::CancelToken cancel) {
  const auto self = shared_from_this();
  std::shared_ptr<Waiter> waiter;
  {
    const MutexLock lock(mutex_);
    at_once_ = limits.at_once;
    if (on_their_way_ < at_once_ && waiting_ == 0) {
      ++on_their_way_;
    } else {
      waiter = queue_up(holder, limits.waiting);
      if (!waiter) co_return std::unexpected(Refusal::crowded);
      hand_out();  // there may be more places than there were
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
  --on_their_way_;
  hand_out();
}

// The places go to the next in line; nobody can slip in between. Who else waits behind one on the
// same behalf has to let the others go first.
void Throttle::hand_out() {
  while (on_their_way_ < at_once_ && !queues_.empty()) {
    auto& queue = queues_.front();
    const auto next = std::move(queue.waiting.front());
    queue.waiting.pop_front();
    --waiting_;
    ++on_their_way_;
    if (queue.waiting.empty()) {
      queues_.pop_front();
    } else {
      queues_.splice(queues_.end(), queues_, queues_.begin());
    }
    next->granted = true;
    io::post(next->loop, [next] { next->over.set(); });
  }
}

void Throttle::cool_down(MonotonicTime until) {
  const MutexLock lock(mutex_);
  cool_until_ = std::max(cool_until_, until);
}

void Throttle::heard(const RateLimit& said, MonotonicTime now) {
  const MutexLock lock(mutex_);
  said_at_ = now;
  if (said.limit) said_.limit = said.limit;
  said_.remaining = said.remaining;
  const auto& seconds = said.reset_seconds ? said.reset_seconds : said.retry_after_seconds;
  said_.resets_in.reset();
  if (seconds) said_.resets_in = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, kDay));
}

std::optional<Allowance> Throttle::allowance(MonotonicTime now) const {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  const MutexLock lock(mutex_);
  Allowance known{.limit = said_.limit};
  if (cool_until_ > now) {
    known.remaining = 0;
    known.resets_in = ceil<milliseconds>(cool_until_ - now);
    return known;
  }
  const auto end = said_at_ + said_.resets_in.value_or(kHoldsAlone);
  const bool was_said = said_at_ != MonotonicTime{} && (said_.limit || said_.remaining);
  if (!was_said || end <= now) return std::nullopt;
  known.remaining = said_.remaining;
  if (said_.resets_in) known.resets_in = ceil<milliseconds>(end - now);
  return known;
}

std::optional<std::int64_t> Throttle::cooling(MonotonicTime now) const {
  const MutexLock lock(mutex_);
  if (cool_until_ <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(cool_until_ - now).count();
}

}  // namespace patchbay::upstream
