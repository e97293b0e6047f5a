// The events of the audit log and the chains that hold them together, as rows (audit/journal.h). An
// interface of its own, since the journal needs no more of a Repository, and its tests let a disk
// fail.
//
// An event is one row: inserted when it begins, completed when its outcome is known. A write's
// idempotency key is a column of it, for as long as the key counts. No row belongs to an account or
// an environment: events outlive what they are about.
//
// Calls that are only recorded when they have ended lie many to a row (audit/calls.h), since most
// calls are such, and a row with its indexes costs ten times what is in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "vault/vault.h"

namespace patchbay::store {

struct EventRow {
  std::string id;
  std::string chain;        // the environment's id; of the instance itself: audit::kInstance
  std::int64_t number = 0;  // of its link in the chain, from 1; below 0: older than the chain
  WallTime at{};
  std::string kind;  // read, write, change, note
  std::string account_id;
  std::string server_id;
  std::string tool;
  std::string outcome;  // started, done, failed, unknown
  std::string begun;    // JSON: what is known when it begins
  std::string link;     // a keyed code over the event as it began and the link before
  std::string ended;    // JSON: what is known when it has ended
  // Of an event that was completed later: its second link.
  std::optional<std::int64_t> ended_number = {};
  std::string ended_link = {};
  // The key: unique within the account while there is one.
  std::string key = {};
  std::string digest = {};         // of what the call means
  std::string state = {};          // of what a repetition finds: started, done, unknown
  vault::SealedBytes result = {};  // done: the result's text, sealed
};

// Calls that were recorded together: as many numbers of the chain as there are, and one link.
struct CallsRow {
  std::string id;
  std::string chain;
  std::int64_t number = 0;  // of the last one
  std::int64_t count = 0;
  WallTime first_at{};
  WallTime last_at{};
  std::string link;    // a keyed code over all of it and the link before
  std::string events;  // bytes (audit/calls.h)
  // Also of a row that somebody has altered.
  std::int64_t first_number() const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(number) -
                                     static_cast<std::uint64_t>(count) + 1);
  }
};

// Where a chain begins by now, and where it ends.
struct ChainRow {
  std::string id;
  std::int64_t cut_number = 0;  // the last link that retention took away; 0: none
  std::string cut_link;
  std::int64_t last_number = 0;
  std::string last_link;
  std::string code;  // keyed, over all of it
};

// A part of a list of events, newest first.
struct EventPage {
  std::string chain = {};  // empty: of all
  WallTime from{};         // those at or after it
  // Those that come after this one in the list.
  WallTime before_at = WallTime::max();
  std::string before_id = {};
  std::size_t limit = 100;
};

// A part of a list of such rows, by the time of their last call, newest first.
struct CallsPage {
  std::string chain = {};                     // empty: of all
  WallTime from{};                            // those with a call at or after it
  WallTime first_until = WallTime::max();     // and one at or before that
  WallTime before_last_at = WallTime::max();  // those that come after this one in the list
  std::string before_id = {};
  std::size_t limit = 20;
};

// Within one transaction. Errors of all: unavailable, internal (a row is damaged).
class EventSession {
 public:
  virtual ~EventSession() = default;
  // Nobody else adds to the chain until the transaction ends. Whoever locks several locks them in
  // the order of their ids. Nothing: there is none.
  virtual Result<std::optional<ChainRow>> lock_chain(std::string_view id) = 0;
  // Unless another has made it meanwhile.
  virtual Result<> make_chain(std::string_view id) = 0;
  virtual Result<> update(const ChainRow& chain) = 0;

  virtual Result<> insert(const EventRow& row) = 0;
  virtual Result<> insert(const CallsRow& row) = 0;
  // False: it is not there, or has ended already.
  virtual Result<bool> end(const EventRow& row) = 0;
  virtual Result<std::vector<EventRow>> open_events(WallTime before, std::size_t limit) = 0;

  virtual Result<std::optional<EventRow>> event_of_key(std::string_view account_id,
                                                       std::string_view key) = 0;
  // What a repetition finds from now on; nothing where the key is not the event's any more.
  virtual Result<> keep_result(std::string_view id, std::string_view state,
                               const vault::SealedBytes& result) = 0;
  virtual Result<> free_key(std::string_view id) = 0;
  // Frees it of an event that is as it was then, and not done. False: it is not.
  virtual Result<bool> take_key(std::string_view id, WallTime then) = 0;
  virtual Result<> free_keys_before(WallTime at) = 0;

  // What the environment says of its log (audit/settings.h); nothing: there is none.
  virtual Result<std::optional<std::string>> audit_settings(std::string_view environment_id) = 0;
  // The number of the youngest event before `at`, of calls that lie together: whose last is; 0:
  // there is none.
  virtual Result<std::int64_t> last_number_before(std::string_view chain, WallTime at) = 0;
  // The link with this number; empty: it is not there.
  virtual Result<std::string> link_of(std::string_view chain, std::int64_t number) = 0;
  // The calls that lie together and have this number among theirs, without what they say; nothing:
  // it is another event's, or nobody's.
  virtual Result<std::optional<CallsRow>> calls_around(std::string_view chain,
                                                       std::int64_t number) = 0;
  // Those that lie up to this number as a whole, but for those that hold a key.
  virtual Result<std::int64_t> delete_events(std::string_view chain, std::int64_t number) = 0;
};

class EventRows {
 public:
  virtual ~EventRows() = default;
  // `work` in one transaction, all or nothing; it may be called again from its start.
  virtual Result<> change_events(const std::function<Result<>(EventSession&)>& work) = 0;

  virtual Result<std::optional<EventRow>> event(std::string_view id) = 0;
  virtual Result<std::vector<EventRow>> events(const EventPage& page) = 0;
  // By the number of their first link, and by that of their second.
  virtual Result<std::vector<EventRow>> events_by_number(std::string_view chain, std::int64_t after,
                                                         std::size_t limit) = 0;
  virtual Result<std::vector<EventRow>> events_by_end(std::string_view chain, std::int64_t after,
                                                      std::size_t limit) = 0;
  virtual Result<std::optional<CallsRow>> calls(std::string_view id) = 0;
  virtual Result<std::vector<CallsRow>> calls(const CallsPage& page) = 0;
  virtual Result<std::vector<CallsRow>> calls_by_number(std::string_view chain, std::int64_t after,
                                                        std::size_t limit) = 0;
  virtual Result<std::vector<ChainRow>> chains_after(std::string_view id, std::size_t limit) = 0;
};

}  // namespace patchbay::store
