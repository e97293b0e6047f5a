#include "audit/journal.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "audit/batch.h"
#include "audit/log.h"
#include "audit/retention.h"
#include "base/lasting_thread.h"
#include "store/event_rows.h"
#include "vault/vault.h"

namespace patchbay::audit {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 500;  // events in a transaction
// Calls that are written before it is their time.
constexpr std::size_t kManyCalls = Journal::kRoom / 4;
// Between two attempts at a database that does not take anything.
constexpr std::chrono::milliseconds kPause{500};
constexpr std::size_t kOpenAtOnce = 200;

// Told of a batch that could not be written: whoever waits goes on without.
void tell_failure(Entry& entry, const Error& error) {
  auto failure = std::unexpected(error);  // copied before anybody is forgotten
  if (auto* const one = std::get_if<Beginning>(&entry)) {
    if (one->told) std::exchange(one->told, nullptr)(std::move(failure));
  } else if (auto* const end = std::get_if<End>(&entry)) {
    if (end->told) std::exchange(end->told, nullptr)(std::move(failure));
  } else if (auto* const freed = std::get_if<Freed>(&entry)) {
    if (freed->told) std::exchange(freed->told, nullptr)(std::move(failure));
  }
}

void tell_success(Entry& entry) {
  if (auto* const one = std::get_if<Beginning>(&entry)) {
    if (one->told) one->told(std::move(one->found));
  } else if (auto* const end = std::get_if<End>(&entry)) {
    if (!end->told) return;
    end->told(end->was_open ? Result<>()
                            : fail(ErrorCode::not_found, "The event has ended already."));
  } else if (auto* const freed = std::get_if<Freed>(&entry)) {
    if (freed->told) freed->told({});
  }
}

// Of the newest event: within its millisecond it goes on from there. Without it a start in the very
// millisecond of the last event would be listed before that.
Order last_order(store::EventRows& rows) {
  const auto newest = read_log(rows, {}, {}, 1);
  if (!newest || newest->events.empty()) return 0;
  const auto name = read_event_id(newest->events.front().id);
  return name ? name->order : 0;
}

// Where the place of the event among others stands; null: it has none, or one of before.
Order* order_of(Entry& entry) {
  if (auto* const one = std::get_if<Beginning>(&entry)) return &one->order;
  if (auto* const one = std::get_if<Whole>(&entry)) return &one->order;
  return nullptr;
}

}  // namespace

struct Journal::Item {
  Entry entry;
  // Where memory fails the thread, it goes on with what it has taken from here.
  enum class Is : std::uint8_t { waiting, written, settled } is = Is::waiting;
};

std::size_t Journal::count(std::span<const Item> items) {
  std::size_t events = 0;
  for (const Item& item : items) events += size_of(item.entry);
  return events;
}

Journal::Journal(store::EventRows& rows, std::shared_ptr<const vault::Vault> vault,
                 const Clock& clock, JournalOptions options)
    : rows_(rows),
      vault_(std::move(vault)),
      clock_(clock),
      options_(std::move(options)),
      opened_(clock.now()),
      longest_call_(options_.longest_call) {
  tidied_ = steady_clock::now();
  order_ = last_order(rows_);
  // Nothing was begun here yet: all that is open is another's, also of this very millisecond.
  end_open_events(opened_ + std::chrono::milliseconds(1));
  thread_ = lasting_thread([this] { run(); });
}

Journal::~Journal() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

// ---- what is asked for
// ---------------------------------------------------------------------------

void Journal::begin(Write write, OnBegun told) {
  push({Beginning{.write = std::move(write), .open = {}, .told = std::move(told)}}, true);
}

void Journal::resume(Write write, Open open, OnBegun told) {
  push({Beginning{.write = std::move(write), .open = std::move(open), .told = std::move(told)}},
       true);
}

void Journal::end(Go begun, Ended ended, Ending ending, OnEnded told) {
  push({End{.begun = std::move(begun),
            .ended = std::move(ended),
            .ending = std::move(ending),
            .told = std::move(told)}},
       true);
}

void Journal::free_key(Go begun, OnEnded told) {
  push({Freed{.begun = std::move(begun), .told = std::move(told)}}, true);
}

void Journal::note(const EndedCall& call) {
  if (!lies_with_others(call)) {
    Event event{.by = call.by,
                .kind = call.kind,
                .at = call.at,
                .tool = call.tool,
                .resource = call.resource,
                .request_id = std::string(call.request_id),
                .shown_arguments = std::string(call.shown_arguments),
                .shown = call.shown};
    if (call.digest != nullptr) event.digest = *call.digest;
    push({Whole{.event = std::move(event), .ending = call.ending}}, false);
    return;
  }
  std::optional<vault::DigestCode> digest;
  if (call.digest != nullptr) digest = vault_->code_of_digest(*call.digest);
  bool dropped = false;
  {
    const MutexLock lock(mutex_);
    dropped = calls_ >= kRoom;
    if (!dropped) {
      const bool first = nothing_waits();
      if (first) due_ = steady_clock::now() + options_.gather;
      ++calls_;
      order_ = next_order(order_, call.at + call.ending.duration);
      if (waiting_.size() == waiting_.capacity()) waiting_.reserve(2 * waiting_.size() + 1);
      auto full = gathered_.add(call, order_, digest ? &*digest : nullptr);
      if (full) waiting_.push_back({std::move(*full)});
      // The thread sleeps until what waits is due: it is woken for the first, and for no other.
      if (first || calls_ == kManyCalls) changed_.notify_one();
    }
  }
  if (dropped && options_.reports.dropped) options_.reports.dropped(1);
}

void Journal::note(Event event, Ending ending) {
  if (event.target.empty() && event.check.empty()) {
    note({.by = event.by,
          .ending = ending,
          .kind = event.kind,
          .at = event.at,
          .tool = event.tool,
          .resource = event.resource,
          .request_id = event.request_id,
          .digest = event.digest ? &*event.digest : nullptr,
          .shown_arguments = event.shown_arguments,
          .shown = event.shown});
    return;
  }
  push({Whole{.event = std::move(event), .ending = std::move(ending)}}, false);
}

Result<Begun> Journal::begin(Write write) {
  auto begun = std::make_shared<std::promise<Result<Begun>>>();
  auto told = begun->get_future();
  begin(std::move(write), [begun](Result<Begun> found) { begun->set_value(std::move(found)); });
  return told.get();
}

Result<> Journal::end(Go begun, Ended ended, Ending ending) {
  auto done = std::make_shared<std::promise<Result<>>>();
  auto told = done->get_future();
  end(std::move(begun), std::move(ended), std::move(ending),
      [done](Result<> written) { done->set_value(std::move(written)); });
  return told.get();
}

Arguments Journal::keeps_arguments(std::string_view environment_id) const {
  // Mostly no environment keeps any: then no call waits for another here.
  if (!some_keep_.load(std::memory_order_relaxed)) return Arguments::none;
  const MutexLock lock(mutex_);
  const auto found = arguments_.find(environment_id);
  return found == arguments_.end() ? Arguments::none : found->second;
}

void Journal::learn(std::string_view environment_id, Arguments arguments) {
  if (arguments != Arguments::none) some_keep_.store(true, std::memory_order_relaxed);
  const MutexLock lock(mutex_);
  arguments_.insert_or_assign(std::string(environment_id), arguments);
}

void Journal::set_longest_call(std::chrono::milliseconds longest) {
  const MutexLock lock(mutex_);
  if (longest < longest_call_) {
    longer_call_ = std::max(longer_call_, longest_call_);
    longer_until_ = clock_.now() + longer_call_;
  }
  longest_call_ = longest;
}

std::chrono::milliseconds Journal::longest_call() {
  const MutexLock lock(mutex_);
  if (clock_.now() >= longer_until_) longer_call_ = std::chrono::milliseconds(0);
  return std::max(longest_call_, longer_call_);
}

void Journal::push(Item item, bool urgent) {
  bool dropped = false;
  {
    const MutexLock lock(mutex_);
    dropped = !urgent && waiting_.size() >= kRoom;
    if (!dropped) {
      if (nothing_waits()) due_ = steady_clock::now() + options_.gather;
      if (Order* const order = order_of(item.entry)) {
        order_ = next_order(order_, clock_.now());
        *order = order_;
      }
      waiting_.push_back(std::move(item));
      urgent_ = urgent_ || urgent;
      if (urgent || waiting_.size() == 1 || waiting_.size() == kAtOnce) changed_.notify_one();
    }
  }
  if (dropped && options_.reports.dropped) options_.reports.dropped(1);
}

bool Journal::nothing_waits() const {
  return waiting_.empty() && gathered_.empty();
}

// ---- the thread
// ----------------------------------------------------------------------------------

bool Journal::take() {
  const MutexLock lock(mutex_);
  const auto idle_until = steady_clock::now() + options_.tidy_every;
  bool due = false;
  while (!stopping_ && !urgent_ && !due && waiting_.size() < kAtOnce && calls_ < kManyCalls) {
    const auto until = nothing_waits() ? idle_until : due_;
    due = !changed_.wait_until(mutex_, until) && steady_clock::now() >= until;
  }
  // A row that is not full goes when it is its time, or where a transaction is made anyhow; and
  // before what made it, so that numbers go by when an event was told.
  taken_.reserve(taken_.size() + gathered_.size() + waiting_.size());
  while (auto row = gathered_.take_one()) taken_.push_back({std::move(*row)});
  std::ranges::move(std::exchange(waiting_, {}), std::back_inserter(taken_));
  urgent_ = false;
  calls_ = 0;
  return !stopping_ || !taken_.empty();
}

void Journal::run() {
  write_taken();
  while (take()) {
    write_taken();
    if (steady_clock::now() - tidied_ >= options_.tidy_every) tidy();
  }
}

void Journal::write_taken() {
  for (Item& item : taken_) {
    if (item.is == Item::Is::written) settle(item);
  }
  std::erase_if(taken_, [](const Item& item) { return item.is == Item::Is::settled; });
  bool away = false;
  for (std::size_t place = 0; place < taken_.size(); place += kAtOnce) {
    const std::span part =
        std::span(taken_).subspan(place).first(std::min(kAtOnce, taken_.size() - place));
    if (away) {
      keep(part, {ErrorCode::unavailable, "The database does not answer.", {}});
    } else {
      away = !write_part(part);
    }
  }
  std::erase_if(taken_, [](const Item& item) { return item.is == Item::Is::settled; });
  put_back();
}

void Journal::settle(Item& item) {
  tell_success(item.entry);
  item.is = Item::Is::settled;
}

// False: the database takes nothing at present, and none of these was written.
bool Journal::write_part(std::span<Item> items) {
  const auto began = steady_clock::now();
  Batch batch(*vault_, clock_.now());
  const auto done = rows_.change_events([&](store::EventSession& session) {
    std::vector<Entry*> entries;
    for (Item& item : items) entries.push_back(&item.entry);
    return batch.write(session, entries);
  });
  if (done) {
    for (Item& item : items) item.is = Item::Is::written;
    failing_ = false;
    for (const auto& [environment, arguments] : batch.learnt()) learn(environment, arguments);
    if (options_.reports.wrote) {
      options_.reports.wrote(count(items), std::chrono::duration_cast<std::chrono::microseconds>(
                                               steady_clock::now() - began));
    }
    for (Item& item : items) settle(item);
    return true;
  }
  if (done.error().code == ErrorCode::unavailable) {
    report(done.error());
    keep(items, done.error());
    return false;
  }
  // One that the database refuses for what it is holds up no other.
  if (items.size() > 1) {
    for (std::size_t i = 0; i < items.size(); ++i) write_part(items.subspan(i, 1));
    return true;
  }
  report(done.error());
  tell_failure(items.front().entry, done.error());
  items.front().is = Item::Is::settled;
  if (options_.reports.dropped) options_.reports.dropped(count(items));
  return true;
}

// What was to begin is told, and goes; all else is tried again.
void Journal::keep(std::span<Item> items, const Error& error) {
  for (Item& item : items) {
    tell_failure(item.entry, error);
    if (std::holds_alternative<Beginning>(item.entry)) item.is = Item::Is::settled;
  }
}

void Journal::report(const Error& error) {
  if (!std::exchange(failing_, true) && options_.reports.failed) {
    options_.reports.failed(error.message);
  }
}

// To be tried again, before what came meanwhile.
void Journal::put_back() {
  if (taken_.empty()) return;
  std::size_t dropped = 0;
  {
    const MutexLock lock(mutex_);
    const bool is_full = calls_ + waiting_.size() + count(taken_) > 2 * kRoom;
    const bool all_go = stopping_;
    std::erase_if(taken_, [&](const Item& item) {
      // What became of a write is kept, however long the database is away.
      const bool is_whole =
          std::holds_alternative<Whole>(item.entry) || std::holds_alternative<Together>(item.entry);
      const bool goes = all_go || (is_full && is_whole);
      if (goes) dropped += size_of(item.entry);
      return goes;
    });
    std::size_t calls = 0;
    for (const Item& item : taken_) {
      if (std::holds_alternative<Together>(item.entry)) calls += size_of(item.entry);
    }
    waiting_.insert(waiting_.begin(), std::make_move_iterator(taken_.begin()),
                    std::make_move_iterator(taken_.end()));
    taken_ = {};
    if (!stopping_) {
      calls_ += calls;
      urgent_ = false;
      due_ = steady_clock::now() + kPause;
    }
  }
  if (dropped > 0 && options_.reports.dropped) options_.reports.dropped(dropped);
}

// ---- what it looks for by itself
// -----------------------------------------------------------------

// Writes that were begun and whose process is gone.
void Journal::end_open_events(WallTime before) {
  if (found_open_ && !options_.shared) return;
  if (options_.shared) before = clock_.now() - longest_call();
  while (true) {
    std::vector<store::EventRow> open;
    const auto read = rows_.change_events([&](store::EventSession& session) -> Result<> {
      auto found = session.open_events(before, kOpenAtOnce);
      if (!found) return std::unexpected(std::move(found.error()));
      open = std::move(*found);
      return {};
    });
    if (!read) return;
    for (const store::EventRow& row : open) {
      taken_.push_back({End{.begun = Go{row.id, row.chain, row.account_id, row.key},
                            .ended = MayStillRun{},
                            .ending = {.outcome = Outcome::unknown,
                                       .why = "The server ended before it was known what came of "
                                              "it."},
                            .told = {}}});
    }
    write_taken();
    found_open_ = true;
    if (failing_ || open.size() < kOpenAtOnce) return;
  }
}

void Journal::tidy() {
  tidied_ = steady_clock::now();
  end_open_events(opened_);
  // Whoever is about to write waits for one transaction of it, and not for all.
  const auto let_others_pass = [this] {
    {
      const MutexLock lock(mutex_);
      if (!urgent_) return;
    }
    if (take()) write_taken();
  };
  const auto done = retain(rows_, *vault_, clock_.now(), let_others_pass);
  if (!done) report(done.error());
}

}  // namespace patchbay::audit
