// The creates, actions and deletes of the last minute, so that one that is asked for again because
// its answer never arrived is told what became of it and not done twice (repeated.h).
//
// Of this process alone, and in memory. What other nodes are sent is known to the journal, where
// nodes share one (once.cpp); what must survive a restart has an idempotency_key.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "gateway/call/tool_error.h"
#include "io/event.h"
#include "io/receipt.h"
#include "io/runtime.h"

namespace patchbay::gateway {

// Thread-safe. At most so many writes and so many bytes of results are kept; the oldest go first.
class RecentWrites {
 public:
  // What a write is known by: its MCP server, its tool and its arguments.
  using Digest = std::array<std::uint8_t, 16>;
  using Receipt = std::shared_ptr<io::Receipt>;
  using Ended = std::shared_ptr<const Outcome<std::string>>;

  static constexpr std::size_t kMost = 4096;
  static constexpr std::size_t kMostBytes = 8 * 1024 * 1024;

  // `window`: how long after a lost answer a write counts as the same; 0: nothing is kept.
  RecentWrites(const Clock& clock, std::chrono::milliseconds window)
      : clock_(clock), window_(window) {}

  bool keeps() const { return window().count() > 0; }
  // From now on, for what was written before as well. Thread-safe.
  void set_window(std::chrono::milliseconds window) { window_.store(window); }

  // The write itself: whoever holds it does it, and says how it ended. Given up without that, it
  // was not done.
  class Turn {
   public:
    Turn(RecentWrites& writes, Digest digest, bool follows)
        : writes_(&writes), digest_(digest), follows_(follows) {}
    Turn(Turn&& other) noexcept
        : writes_(other.writes_), digest_(other.digest_), follows_(other.follows_) {
      other.writes_ = nullptr;
    }
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (writes_ != nullptr) writes_->end(digest_, nullptr);
    }
    // The same was done before, and its answer arrived.
    bool follows() const { return follows_; }
    void end(Ended ended) {
      writes_->end(digest_, std::move(ended));
      writes_ = nullptr;
    }

   private:
    RecentWrites* writes_;
    Digest digest_;
    bool follows_;
  };
  // Somebody else's, under way: ask again when it is over. On the loop of who asked.
  using UnderWay = std::shared_ptr<io::Event>;
  using Begun = std::variant<Turn, UnderWay, Ended>;

  // `receipt` is of the answer that will tell its outcome, also where that is another's; null: that
  // counts as arrived. `waited`: the caller saw it under way, and takes whatever came of it.
  Begun begin(const Digest& digest, Receipt receipt, bool waited);

  // Whose the latest records are: what a call was told that it has made is not what another made.
  // `key`: its idempotency_key, or "".
  void add_made(std::string record, std::string key);
  bool is_of_another(const std::string& record, const std::string& key) const;

 private:
  struct Waiter {
    io::Loop* loop;
    UnderWay event;
  };
  struct Write {
    Digest digest;
    Ended ended;  // null: under way
    MonotonicTime when{};
    std::vector<Receipt> receipts;  // of all who are told
    std::vector<Waiter> waiters;
    std::size_t bytes = 0;
  };
  using Writes = std::list<Write>;  // the oldest first

  std::chrono::milliseconds window() const { return window_.load(std::memory_order_relaxed); }
  void end(const Digest& digest, Ended ended) PATCHBAY_EXCLUDES(mutex_);
  bool answer_was_lost(const Write& write) const;
  void forget(Writes::iterator write) PATCHBAY_REQUIRES(mutex_);
  void forget_old() PATCHBAY_REQUIRES(mutex_);

  const Clock& clock_;
  std::atomic<std::chrono::milliseconds> window_;
  mutable Mutex mutex_;
  Writes writes_ PATCHBAY_GUARDED_BY(mutex_);
  std::map<Digest, Writes::iterator> by_digest_ PATCHBAY_GUARDED_BY(mutex_);
  std::size_t bytes_ PATCHBAY_GUARDED_BY(mutex_) = 0;
  std::deque<std::pair<std::string, std::string>> made_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::gateway
