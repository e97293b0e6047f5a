// Calls that lie together in one row: how a read is recorded.
//
// Most calls are reads, many come in the same second, and what is known of each is little: a row
// for each, with its indexes, its two JSON texts and its link, cost more than the reading of one
// record. So those of an environment that end within a second are written into one row, with one
// link over all of them. A call takes 60 to 90 bytes there, of which 32 are the digest of its
// arguments; what is asked of it is composed when somebody reads the log.
//
// The bytes: a version (2), the length of the calls, the calls one after the other, then what is
// shown of arguments and results. Numbers are base 128, the lowest seven bits first; of those that
// count up only the difference to the call before stands there, zigzag where it may be below zero.
// A call:
//
//   head          bit 0: a write that was never sent; 1, 2: outcome; 3: has a digest; from 4 on:
//   which
//                 of kTexts texts are not those of the call before
//   texts         of each of these: its place among the texts that came before, or their number and
//                 the text itself, which comes to them
//   order, at     the differences
//   request id, record id   length and bytes each
//   status, duration, upstream's duration, upstream's bytes, result's bytes
//   waited, shaping (in microseconds): not in version 1, which is still read
//   digest        keyed (vault.h, code_of_digest)
//
// What is shown: the call's place, length and bytes of its arguments, length and bytes of the
// result. It stands apart since only the environment's own word of the moment of writing lets it
// stay.
//
// All calls of a row are of the same kSlot: so a list by time looks no further for one. At most
// kMost lie together: retention takes away whole rows.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"
#include "audit/event_id.h"
#include "base/clock.h"
#include "base/error.h"
#include "store/event_rows.h"
#include "vault/vault.h"

namespace patchbay::audit {

// Those that calls have in common, in the order in which they lie there.
enum class Text : std::uint8_t {
  account,
  server,
  api_token,
  member,
  client,
  client_version,
  session,
  tool,
  resource,
  error_code,
};
inline constexpr std::size_t kTexts = static_cast<std::size_t>(Text::error_code) + 1;

// Bounds what a list has to hold: the calls of a slot that overlap. A call that took longer than
// that is in an earlier one, by itself.
inline constexpr std::chrono::milliseconds kSlot{10'000};
constexpr std::int64_t slot_of(WallTime at) {
  return at.time_since_epoch() / kSlot;
}

// Whether the call says no more than has a place here.
bool lies_with_others(const EndedCall& call);

// One row, as it grows.
class CallsWriter {
 public:
  static constexpr std::size_t kMost = 100;

  void add(const EndedCall& call, Order order, const vault::DigestCode* digest);
  std::size_t count() const { return count_; }
  bool is_full() const { return count_ == kMost; }
  // But for its place in the chain. `arguments`: what the environment keeps now.
  store::CallsRow row(std::string chain, Arguments arguments) const;

 private:
  struct Text {
    std::size_t at = 0;  // in calls_
    std::size_t size = 0;
  };
  void add_text(std::size_t which, std::string_view text);
  std::string_view text_at(std::size_t place) const;
  void show(const EndedCall& call);
  void make_room(const EndedCall& call);

  std::string calls_;
  std::string shown_;
  Arguments most_shown_ = Arguments::none;
  std::size_t count_ = 0;
  WallTime first_at_ = WallTime::max();
  WallTime last_at_ = WallTime::min();
  Order order_ = 0;
  WallTime at_{};
  std::vector<Text> texts_;
  std::array<std::uint16_t, 128> places_{};    // by hash: the text's place and one more; 0: none
  std::array<std::size_t, kTexts> of_last_{};  // of the call before: the text's place
  std::array<bool, kTexts> there_was_{};       // one
};

// What a question asks for; empty: anything.
inline bool is_wanted(std::string_view wanted, std::string_view found) {
  return wanted.empty() || wanted == found;
}

// A call as it is read. Views into the row.
struct CallRead {
  std::array<std::string_view, kTexts> texts{};
  Kind kind = Kind::read;
  Outcome outcome = Outcome::done;
  std::int64_t number = 0;
  Order order = 0;
  WallTime at{};
  std::string_view request_id;
  std::string_view record_id;
  std::int64_t upstream_status = 0;
  std::int64_t duration_ms = 0;
  std::int64_t upstream_duration_ms = 0;
  std::int64_t waited_ms = 0;
  std::int64_t shaping_us = 0;
  std::uint64_t upstream_bytes = 0;
  std::uint64_t result_bytes = 0;
  std::string_view digest;
  std::string_view shown_arguments;
  std::string_view summary;

  std::string_view text(Text which) const { return texts[static_cast<std::size_t>(which)]; }
};

// In the order of their numbers. Error internal: the row is damaged.
Result<std::vector<CallRead>> read_calls(const store::CallsRow& row);

// What its row would be if it had one.
store::EventRow event_row(const store::CallsRow& row, const CallRead& call);
std::string event_id(const store::CallsRow& row, const CallRead& call);

// The row that the event with this name lies in, if it lies in one.
std::string calls_id(const EventName& name);

}  // namespace patchbay::audit
