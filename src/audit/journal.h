// The journal: every call and every change as an event, in chains (chain.h), in the database.
//
// A write is one row with two commits: begin() before it is sent, end() when its outcome is known.
// What a crash leaves in between is open; the next start marks it as unknown, with what to check.
// The caller's idempotency key is a column of that row, so that a repetition finds it there: no
// second record of the same write, and no third commit. Reads are written once they have ended,
// many to a row (calls.h), a second after the first of them at most, and a crash loses no more.
//
// One thread writes, and takes all that waits into one transaction: of writes that begin at the
// same moment none waits for another one's commit. Bounds: of reads that wait there are kRoom at
// most; what comes beyond that is dropped and counted (a database that is away for long). Writes
// are never dropped: without its commit none is sent. An end that could not be written is tried
// again until it is, or the process ends.
//
// A key belongs to an account, and to its first write for 24 hours (Write::valid); then it is free
// again, and the result that was kept for it goes. Results are customers' data and lie sealed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "audit/event.h"
#include "audit/event_id.h"
#include "audit/gathered.h"
#include "audit/settings.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"

namespace patchbay::store {
class EventRows;
struct EventRow;
}  // namespace patchbay::store
namespace patchbay::vault {
class Vault;
}

namespace patchbay::audit {

struct Write {
  Event event;
  std::string key = {};                       // as the caller gave it; empty: none
  std::string digest = {};                    // of what is meant: the same for a repetition
  std::chrono::milliseconds longest_call{0};  // after this long it is not under way any more
  std::chrono::milliseconds valid = std::chrono::hours(24);  // an older one does not count
};

// What begin() finds.
struct Go {  // for end()
  std::string id;
  std::string chain;
  std::string account_id;
  std::string key;
};
struct Repeat {
  std::string result;  // of the first write with this key
  Go first;
};
struct OtherArguments {};  // the key stands for a write that means something else
// The first one was sent a moment ago, and may still be done; by then at the latest it is decided.
struct UnderWay {
  std::chrono::milliseconds at_most{0};
};
struct Lost {};  // the first one was done, and its result opens no more
struct Open {    // the first one got no answer, or died with its process
  std::string id;
  WallTime since{};  // when it was begun
};
using Begun = std::variant<Go, Repeat, OtherArguments, UnderWay, Lost, Open>;

// What end() is told of a key: what a repetition gets; that nothing happened, so that the key is
// free; or that an answer came that tells neither. Without an answer the upstream may still be at
// it: a repetition finds it under way.
struct Done {
  std::string result;
};
struct NotDone {};
struct Unknown {};
struct MayStillRun {};
using Ended = std::variant<Done, NotDone, Unknown, MayStillRun>;

// How it went, for metrics. Called on the journal's thread.
struct JournalReports {
  std::function<void(std::size_t events, std::chrono::microseconds took)> wrote = {};
  std::function<void(std::size_t events)> dropped = {};
  std::function<void(std::string_view problem)> failed = {};
};

struct JournalOptions {
  // Other processes write to the same chains: an open event is of one that is gone only when it is
  // older than the longest call. Else all that was begun before this journal was opened is.
  bool shared = false;
  std::chrono::milliseconds longest_call{0};
  // Events of reads wait this long for others to be written with.
  std::chrono::milliseconds gather{1'000};
  // How often it is looked for what is open, or too old.
  std::chrono::milliseconds tidy_every{60'000};
  JournalReports reports = {};
};

// Whether the result that the row keeps opens; also where it keeps none. For an offline check.
bool opens(const store::EventRow& row, const vault::Vault& vault);

// Thread-safe. Callbacks run on the journal's thread: they must not block, throw, or call the
// journal back.
class Journal {
 public:
  static constexpr std::size_t kRoom = 20'000;  // of up to a hundred bytes each it is some 2 MB

  using OnBegun = std::function<void(Result<Begun>)>;
  using OnEnded = std::function<void(Result<>)>;

  // `rows` and `clock` outlive it. Marks what a process that is gone has left open; blocks as long
  // as that takes.
  Journal(store::EventRows& rows, std::shared_ptr<const vault::Vault> vault, const Clock& clock,
          JournalOptions options = {});
  // Writes what waits, once more.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // With Go the write may be sent, since it survives a crash from now on; with Open only after
  // resume(); with all else nothing is to be sent. Errors: unavailable.
  void begin(Write write, OnBegun told);
  // An open write is taken up again, as a new event, by whoever has looked that it was not done.
  // UnderWay: another has taken it up. Errors: unavailable.
  void resume(Write write, Open open, OnBegun told);
  // Errors: unavailable (it is tried again), not_found (it has ended already).
  void end(Go begun, Ended ended, Ending ending, OnEnded told);
  // The key of a write that has ended is free again.
  void free_key(Go begun, OnEnded told);
  // A call that has ended.
  void note(const EndedCall& call);
  // Another event that is known as a whole.
  void note(Event event, Ending ending);

  // The same for who may block.
  Result<Begun> begin(Write write);
  Result<> end(Go begun, Ended ended, Ending ending);

  // What an environment keeps of arguments, as far as is known here: asked on the way of a call.
  Arguments keeps_arguments(std::string_view environment_id) const;
  void learn(std::string_view environment_id, Arguments arguments);

  // JournalOptions::longest_call from now on. What was begun under a longer one counts by that one
  // until it has passed.
  void set_longest_call(std::chrono::milliseconds longest);

 private:
  struct Item;
  static std::size_t count(std::span<const Item> items);  // of events
  void run();
  bool take() PATCHBAY_EXCLUDES(mutex_);
  void push(Item item, bool urgent);
  bool nothing_waits() const PATCHBAY_REQUIRES(mutex_);
  void write_taken();
  bool write_part(std::span<Item> items);
  static void settle(Item& item);
  static void keep(std::span<Item> items, const Error& error);
  void put_back() PATCHBAY_EXCLUDES(mutex_);
  void report(const Error& error);
  std::chrono::milliseconds longest_call() PATCHBAY_EXCLUDES(mutex_);
  void tidy();
  void end_open_events(WallTime before);

  // Constant after construction.
  store::EventRows& rows_;
  const std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
  const JournalOptions options_;
  const WallTime opened_;

  mutable Mutex mutex_;
  Condition changed_;
  std::vector<Item> waiting_ PATCHBAY_GUARDED_BY(mutex_);
  Gathered gathered_ PATCHBAY_GUARDED_BY(mutex_);
  std::size_t calls_ PATCHBAY_GUARDED_BY(mutex_) = 0;  // in both
  Order order_ PATCHBAY_GUARDED_BY(mutex_) = 0;        // of the last event
  bool urgent_ PATCHBAY_GUARDED_BY(mutex_) = false;
  bool stopping_ PATCHBAY_GUARDED_BY(mutex_) = false;
  std::chrono::steady_clock::time_point due_ PATCHBAY_GUARDED_BY(mutex_){};
  std::chrono::milliseconds longest_call_ PATCHBAY_GUARDED_BY(mutex_);
  std::chrono::milliseconds longer_call_ PATCHBAY_GUARDED_BY(mutex_){0};  // of before, until
  WallTime longer_until_ PATCHBAY_GUARDED_BY(mutex_){};                   // then
  std::map<std::string, Arguments, std::less<>> arguments_ PATCHBAY_GUARDED_BY(mutex_);
  std::atomic<bool> some_keep_ = false;  // of arguments_

  // The thread's own, once it runs.
  std::vector<Item> taken_;  // and not settled yet
  bool failing_ = false;
  bool found_open_ = false;  // those of before this journal
  std::chrono::steady_clock::time_point tidied_{};
  std::thread thread_;
};

}  // namespace patchbay::audit
