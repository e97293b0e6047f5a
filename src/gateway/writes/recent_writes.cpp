#include "gateway/writes/recent_writes.h"

#include <algorithm>
#include <utility>

namespace patchbay::gateway {

// Every answer that told of it, or was to.
bool RecentWrites::answer_was_lost(const Write& write) const {
  return clock_.monotonic() - write.when <= window() &&
         std::ranges::all_of(write.receipts, [](const Receipt& receipt) {
           return receipt != nullptr && receipt->is_lost();
         });
}

void RecentWrites::forget(Writes::iterator write) {
  bytes_ -= write->bytes;
  by_digest_.erase(write->digest);
  writes_.erase(write);
}

// What is under way stays: somebody waits for it, and as many as there are calls.
void RecentWrites::forget_old() {
  const MonotonicTime now = clock_.monotonic();
  for (auto at = writes_.begin(); at != writes_.end();) {
    const auto write = at++;
    if (write->ended == nullptr) continue;
    const bool old = now - write->when > window();
    if (!old && writes_.size() <= kMost && bytes_ <= kMostBytes) break;
    forget(write);
  }
}

RecentWrites::Begun RecentWrites::begin(const Digest& digest, Receipt receipt, bool waited) {
  const MutexLock lock(mutex_);
  const auto found = by_digest_.find(digest);
  const bool follows = found != by_digest_.end();
  if (follows) {
    Write& known = *found->second;
    if (known.ended == nullptr) {
      auto event = std::make_shared<io::Event>();
      known.waiters.push_back({.loop = &io::Loop::current(), .event = event});
      return event;
    }
    if (waited || answer_was_lost(known)) {
      known.receipts.push_back(std::move(receipt));
      known.when = clock_.monotonic();
      writes_.splice(writes_.end(), writes_, found->second);
      return known.ended;
    }
    forget(found->second);
  }
  writes_.push_back({.digest = digest, .when = clock_.monotonic()});
  writes_.back().receipts.push_back(std::move(receipt));
  by_digest_[digest] = std::prev(writes_.end());
  return Turn(*this, digest, follows);
}

void RecentWrites::add_made(std::string record, std::string key) {
  const MutexLock lock(mutex_);
  made_.emplace_back(std::move(record), std::move(key));
  if (made_.size() > kMost) made_.pop_front();
}

bool RecentWrites::is_of_another(const std::string& record, const std::string& key) const {
  const MutexLock lock(mutex_);
  return std::ranges::any_of(
      made_, [&](const auto& one) { return one.first == record && one.second != key; });
}

void RecentWrites::end(const Digest& digest, Ended ended) {
  std::vector<Waiter> waiters;
  {
    const MutexLock lock(mutex_);
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return;
    const auto write = found->second;
    waiters = std::move(write->waiters);
    if (ended == nullptr) {
      forget(write);
    } else {
      write->bytes = *ended ? (*ended)->size() : 0;
      bytes_ += write->bytes;
      write->ended = std::move(ended);
      write->when = clock_.monotonic();
      writes_.splice(writes_.end(), writes_, write);
      forget_old();
    }
  }
  for (Waiter& waiter : waiters) {
    io::post(*waiter.loop, [event = std::move(waiter.event)] { event->set(); });
  }
}

}  // namespace patchbay::gateway
