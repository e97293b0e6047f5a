#include "webhooks/courier.h"

#include <algorithm>
#include <list>
#include <optional>
#include <utility>

#include "base/lasting_thread.h"
#include "base/mutex.h"

namespace patchbay::webhooks {
namespace {

using Outcome = Attempt::Outcome;
using std::chrono::milliseconds;

// So often it looks for what no change of this node told it of: another node's, or what one left.
constexpr milliseconds kLook{5'000};
constexpr milliseconds kComeBack{2'000};  // at the end
constexpr std::chrono::hours kTidy{1};
constexpr std::size_t kMostRemembered = 1'000;
constexpr int kSettleTries = 3;
constexpr milliseconds kSettlePause{500};

}  // namespace

// What the thread and the loops have in common.
struct Courier::Desk {
  struct Back {
    Parcel parcel;
    Attempt attempt;
  };
  std::atomic<bool> private_addresses = false;
  std::atomic<bool> loopback = false;

  Mutex mutex;
  Condition woken;
  bool is_woken PATCHBAY_GUARDED_BY(mutex) = false;
  bool stopping PATCHBAY_GUARDED_BY(mutex) = false;
  std::list<Back> back PATCHBAY_GUARDED_BY(mutex);

  void wake() {
    const MutexLock lock(mutex);
    is_woken = true;
    woken.notify_all();
  }
  void stop() {
    const MutexLock lock(mutex);
    stopping = is_woken = true;
    woken.notify_all();
  }
  bool is_over() {
    const MutexLock lock(mutex);
    return stopping;
  }
  void bring_back(std::list<Back>& one) noexcept {
    const MutexLock lock(mutex);
    back.splice(back.end(), one);
    is_woken = true;
    woken.notify_all();
  }
  // False: it is to end.
  bool wait(milliseconds at_most) {
    const MutexLock lock(mutex);
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (!is_woken && !stopping) {
      if (!woken.wait_until(mutex, until)) break;
    }
    is_woken = false;
    return !stopping;
  }
  // To the end of `all`.
  void take_back(std::list<Back>& all) {
    const MutexLock lock(mutex);
    all.splice(all.end(), back);
  }
};

// A parcel on its way. It comes back however its attempt ends: also where memory fails whoever
// carries it.
class Courier::Carried {
 public:
  Carried(std::shared_ptr<Desk> desk, Parcel parcel, WallTime now) : desk_(std::move(desk)) {
    one_.push_back({.parcel = std::move(parcel),
                    .attempt = {.at = now, .status = {}, .error = "Memory is low."}});
  }
  ~Carried() { desk_->bring_back(one_); }
  Carried(const Carried&) = delete;
  Carried& operator=(const Carried&) = delete;

  Desk::Back& back() { return one_.front(); }

 private:
  const std::shared_ptr<Desk> desk_;
  std::list<Desk::Back> one_;
};

struct Courier::CameBack {
  std::list<Desk::Back> all;
};

Courier::Courier(const Parts& parts, Reach reach)
    : parts_(parts),
      desk_(std::make_shared<Desk>()),
      delivered_(parts.metrics.counter("patchbay_webhook_attempts_total",
                                       "Attempts to deliver a message to a webhook.",
                                       {{"outcome", "delivered"}})),
      refused_(parts.metrics.counter("patchbay_webhook_attempts_total",
                                     "Attempts to deliver a message to a webhook.",
                                     {{"outcome", "refused"}})),
      unreachable_(parts.metrics.counter("patchbay_webhook_attempts_total",
                                         "Attempts to deliver a message to a webhook.",
                                         {{"outcome", "unreachable"}})),
      given_up_(parts.metrics.counter("patchbay_webhook_given_up_total",
                                      "Messages to webhooks that were given up.")),
      on_their_way_(parts.metrics.gauge("patchbay_webhook_attempts_in_flight",
                                        "Attempts to deliver a message that are under way.")),
      outbox_(parts.rows, parts.targets, parts.vault, parts.clock),
      came_back_(std::make_unique<CameBack>()) {
  set_reach(reach);
  parts_.rows.on_told([desk = desk_] { desk->wake(); });
  thread_ = lasting_thread([this] { run(); });
}

Courier::~Courier() {
  parts_.rows.on_told({});
  desk_->stop();
  thread_.join();
}

void Courier::set_reach(Reach reach) {
  desk_->private_addresses.store(reach.private_addresses);
  desk_->loopback.store(reach.loopback);
}

void Courier::run() {
  if (parts_.alone && !std::exchange(has_begun_, true)) static_cast<void>(outbox_.release());
  bool goes_on = !desk_->is_over();
  while (goes_on) {
    settle_what_came_back();
    const auto next = claim_and_send();
    tidy();
    milliseconds pause = kLook;
    if (next) pause = std::clamp(*next - parts_.clock.now(), milliseconds(0), kLook);
    goes_on = desk_->wait(pause);
  }
  const auto until = std::chrono::steady_clock::now() + kComeBack;
  settle_what_came_back();
  while (carried_ > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(20));
    settle_what_came_back();
  }
}

std::optional<WallTime> Courier::claim_and_send() {
  auto claimed = outbox_.claim(loads_);
  if (!claimed) {
    // What was claimed before that comes again when its claim is over.
    if (!std::exchange(in_trouble_, true)) {
      parts_.log.write(telemetry::Level::warning, "Messages to webhooks cannot be read.",
                       {{"why", claimed.error().message}});
    }
    return std::nullopt;
  }
  in_trouble_ = false;
  for (Parcel& parcel : claimed->parcels) {
    Outbox::Load& load = loads_[parcel.row.webhook_id];
    auto carried = std::make_shared<Carried>(desk_, std::move(parcel), parts_.clock.now());
    ++load.on_their_way;
    ++carried_;
    on_their_way_.add(1);
    io::Loop& loop = parts_.runtime.loop(next_loop_++ % parts_.runtime.size());
    parts_.runtime.spawn(loop,
                         [desk = desk_, &client = parts_.client, carried = std::move(carried),
                          &clock = parts_.clock] { return carry(desk, client, carried, clock); });
  }
  return claimed->next;
}

io::Task<> Courier::carry(std::shared_ptr<Desk> desk, http::Client& client,
                          std::shared_ptr<Carried> carried, const Clock& clock) {
  const Reach reach{.private_addresses = desk->private_addresses.load(),
                    .loopback = desk->loopback.load()};
  Desk::Back& back = carried->back();
  back.attempt = co_await send(client, back.parcel, reach, clock);
}

void Courier::settle_what_came_back() {
  desk_->take_back(came_back_->all);
  while (!came_back_->all.empty()) {
    Desk::Back& back = came_back_->all.front();
    settle(back.parcel.row, back.attempt);
    --carried_;
    on_their_way_.add(-1);
    Outbox::Load& load = loads_.at(back.parcel.row.webhook_id);
    load.hangs = back.attempt.outcome == Outcome::unreachable;
    --load.on_their_way;
    came_back_->all.pop_front();
  }
  // A receiver that hangs is remembered while there are not too many.
  const bool too_many = loads_.size() > kMostRemembered;
  std::erase_if(loads_, [&](const auto& one) {
    return one.second.on_their_way == 0 && (too_many || !one.second.hangs);
  });
}

// The row stays as it was claimed: where memory fails this, it is done again.
void Courier::settle(const store::DeliveryRow& claimed, const Attempt& attempt) {
  store::DeliveryRow row;
  for (int tried = 1;; ++tried) {
    row = claimed;
    const auto settled = outbox_.settle(row, attempt);
    if (settled || tried == kSettleTries) break;
    std::this_thread::sleep_for(kSettlePause);
  }
  tell(row, attempt);
  if (row.state != "given_up") return;
  given_up_.add();
  parts_.log.write(telemetry::Level::warning, "A message to a webhook was given up.",
                   {{"webhook", row.webhook_id},
                    {"message", row.message_id},
                    {"event", row.event},
                    {"attempts", row.tries},
                    {"why", attempt.error}});
}

void Courier::tell(const store::DeliveryRow& row, const Attempt& attempt) const {
  switch (attempt.outcome) {
    case Outcome::delivered:
      delivered_.add();
      return;
    case Outcome::gone:
      parts_.log.write(telemetry::Level::warning, "A webhook answered 410 and is disabled.",
                       {{"webhook", row.webhook_id}});
      refused_.add();
      return;
    case Outcome::refused:
      refused_.add();
      return;
    case Outcome::unreachable:
      unreachable_.add();
      return;
    case Outcome::not_sent:
      return;
  }
}

void Courier::tidy() {
  const WallTime now = parts_.clock.now();
  if (now < tidied_at_ + kTidy && now >= tidied_at_) return;
  if (outbox_.tidy()) tidied_at_ = now;
}

}  // namespace patchbay::webhooks
