#include "audit/calls.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "audit/event_json.h"
#include "base/encoding.h"

namespace patchbay::audit {
namespace {

constexpr char kVersion = 2;
constexpr char kWithoutWaits = 1;
constexpr std::string_view kIdPrefix = "cls_";

constexpr std::uint64_t kIsWrite = 1;
constexpr int kOutcomeBits = 1;
constexpr std::uint64_t kOutcomeMask = 3;
constexpr std::uint64_t kHasDigest = 8;
constexpr int kTextBits = 4;

void put(std::string& bytes, std::uint64_t number) {
  constexpr std::uint64_t kMore = 128;
  for (; number >= kMore; number >>= 7U) bytes.push_back(static_cast<char>(number | kMore));
  bytes.push_back(static_cast<char>(number));
}
void put_signed(std::string& bytes, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  put(bytes, (bits << 1U) ^ (number < 0 ? ~std::uint64_t{0} : 0));
}
void put(std::string& bytes, std::string_view text) {
  put(bytes, text.size());
  bytes.append(text);
}
std::uint64_t natural(std::int64_t number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, number));
}

std::array<std::string_view, kTexts> texts_of(const EndedCall& call) {
  const Caller& by = call.by;
  return {by.account_id,     by.server_id,  by.api_token_id, by.member,     by.client,
          by.client_version, by.session_id, call.tool,       call.resource, call.ending.error_code};
}

// Ids differ in their last letters, names in their length: quick, and no more than that. Whoever
// makes many of one hash has them written out (add_text).
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t end = text.size();
  const std::size_t tail = std::min(text.size(), sizeof end);
  std::uint64_t last = 0;
  if (tail > 0) std::memcpy(&last, text.data() + text.size() - tail, tail);
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
  return ((last ^ end) * kOdd) >> 32U;
}

// What the row says, from its first byte on. After the first thing that is not there all is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 127U) << shift;
      if (byte < 128) return value;
    }
    damaged_ = true;
    return 0;
  }
  // To be added to what is no larger than itself: of unsigned numbers that is defined.
  std::uint64_t signed_number() {
    const std::uint64_t bits = number();
    return (bits >> 1U) ^ ((bits & 1U) != 0 ? ~std::uint64_t{0} : 0);
  }
  // Bounded, so that one can reckon with what somebody has altered.
  std::int64_t natural() {
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 53U;
    return static_cast<std::int64_t>(std::min(number(), kLargest));
  }
  std::string_view bytes(std::uint64_t size) {
    if (size > bytes_.size()) damaged_ = true;
    if (damaged_) return {};
    const std::string_view found = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return found;
  }
  std::string_view text() { return bytes(number()); }

  bool at_end() const { return bytes_.empty(); }
  void damaged_if(bool damaged) { damaged_ = damaged_ || damaged; }
  bool is_damaged() const { return damaged_; }

 private:
  std::string_view bytes_;
  bool damaged_ = false;
};

// The calls of a row one after the other.
class CallsReader {
 public:
  CallsReader(std::string_view calls, char version)
      : reader_(calls), has_waits_(version != kWithoutWaits) {}

  bool at_end() const { return reader_.at_end(); }
  bool is_damaged() const { return reader_.is_damaged(); }

  CallRead next() {
    const std::uint64_t head = reader_.number();
    read_texts(head >> kTextBits);
    order_ += reader_.number();
    at_ += reader_.signed_number();
    CallRead call{.texts = texts_};
    call.kind = (head & kIsWrite) != 0 ? Kind::write : Kind::read;
    const auto outcome = (head >> kOutcomeBits) & kOutcomeMask;
    reader_.damaged_if(outcome > static_cast<std::uint64_t>(Outcome::unknown));
    call.outcome = reader_.is_damaged() ? Outcome::unknown : static_cast<Outcome>(outcome);
    call.order = order_;
    call.at = WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(at_)));
    call.request_id = reader_.text();
    call.record_id = reader_.text();
    call.upstream_status = reader_.natural();
    call.duration_ms = reader_.natural();
    call.upstream_duration_ms = reader_.natural();
    call.upstream_bytes = reader_.number();
    call.result_bytes = reader_.number();
    if (has_waits_) {
      call.waited_ms = reader_.natural();
      call.shaping_us = reader_.natural();
    }
    if ((head & kHasDigest) != 0) call.digest = reader_.bytes(sizeof(vault::DigestCode));
    return call;
  }

 private:
  void read_texts(std::uint64_t changed) {
    for (std::size_t which = 0; which < kTexts; ++which) {
      if ((changed >> which & 1U) == 0) continue;
      const std::uint64_t place = reader_.number();
      reader_.damaged_if(place > known_.size());
      if (reader_.is_damaged()) return;
      if (place == known_.size()) known_.push_back(reader_.text());
      texts_[which] = known_[place];
    }
  }

  Reader reader_;
  const bool has_waits_;
  std::vector<std::string_view> known_;
  std::array<std::string_view, kTexts> texts_{};
  Order order_ = 0;
  std::uint64_t at_ = 0;
};

std::unexpected<Error> damaged(const store::CallsRow& row) {
  return fail(ErrorCode::internal, "The row " + row.id + " of audit_calls is damaged.",
              "`patchbay audit verify` tells what is left.");
}

}  // namespace

bool lies_with_others(const EndedCall& call) {
  // What may have changed something has a row of its own, which is begun before it is sent.
  const bool changes = call.kind != Kind::read &&
                       (call.kind != Kind::write || call.ending.outcome != Outcome::failed);
  return !changes && call.ending.why.empty() && !call.by.environment_id.empty();
}

std::string_view CallsWriter::text_at(std::size_t place) const {
  return std::string_view(calls_).substr(texts_[place].at, texts_[place].size);
}

void CallsWriter::add_text(std::size_t which, std::string_view text) {
  constexpr std::size_t kLooks = 4;
  std::size_t slot = hash_of(text);
  std::uint16_t* free = nullptr;
  for (std::size_t i = 0; i < kLooks; ++i, ++slot) {
    std::uint16_t& place = places_[slot % places_.size()];
    if (place == 0) {
      free = &place;
      break;
    }
    if (text_at(place - 1U) != text) continue;
    of_last_[which] = place - 1U;
    put(calls_, place - 1U);
    return;
  }
  // Where its neighbours have taken all places it is written out each time.
  of_last_[which] = texts_.size();
  put(calls_, texts_.size());
  put(calls_, text.size());
  texts_.push_back({calls_.size(), text.size()});
  calls_.append(text);
  if (free != nullptr) *free = static_cast<std::uint16_t>(texts_.size());
}

// All that a call can take, before any of it is written: half a call would make a damaged row.
void CallsWriter::make_room(const EndedCall& call) {
  constexpr std::size_t kOfAFew = 2'048;
  constexpr std::size_t kNumbers = 512;  // more than all numbers and lengths of a call have bytes
  const Ending& ending = call.ending;
  std::size_t bytes = kNumbers + call.request_id.size() + ending.record_id.size();
  for (const std::string_view text : texts_of(call)) bytes += text.size();
  calls_.reserve(std::max(kOfAFew, calls_.size() + bytes));
  if (texts_.capacity() - texts_.size() < kTexts) texts_.reserve(2 * (texts_.size() + kTexts));
  if (call.shown == Arguments::none) return;
  shown_.reserve(shown_.size() + kNumbers + call.shown_arguments.size() + ending.summary.size());
}

void CallsWriter::add(const EndedCall& call, Order order, const vault::DigestCode* digest) {
  const Ending& ending = call.ending;
  const auto texts = texts_of(call);
  make_room(call);
  std::uint64_t changed = 0;
  for (std::size_t which = 0; which < kTexts; ++which) {
    const bool same =
        there_was_[which] ? text_at(of_last_[which]) == texts[which] : texts[which].empty();
    if (!same) changed |= std::uint64_t{1} << which;
  }
  put(calls_, (call.kind == Kind::write ? kIsWrite : 0) |
                  static_cast<std::uint64_t>(ending.outcome) << kOutcomeBits |
                  (digest != nullptr ? kHasDigest : 0) | changed << kTextBits);
  for (std::size_t which = 0; which < kTexts; ++which) {
    if ((changed >> which & 1U) == 0) continue;
    add_text(which, texts[which]);
    there_was_[which] = true;
  }
  put(calls_, order - std::exchange(order_, order));
  put_signed(calls_, (call.at - std::exchange(at_, call.at)).count());
  put(calls_, call.request_id);
  put(calls_, std::string_view(ending.record_id));
  put(calls_, natural(ending.upstream_status));
  put(calls_, natural(ending.duration.count()));
  put(calls_, natural(ending.upstream_duration.count()));
  put(calls_, ending.upstream_bytes);
  put(calls_, ending.result_bytes);
  put(calls_, natural(ending.waited.count()));
  put(calls_, natural(ending.shaping.count()));
  if (digest != nullptr) {
    calls_.append(reinterpret_cast<const char*>(digest->data()), digest->size());
  }
  if (call.shown != Arguments::none) show(call);
  first_at_ = std::min(first_at_, call.at);
  last_at_ = std::max(last_at_, call.at);
  ++count_;
}

void CallsWriter::show(const EndedCall& call) {
  if (call.shown_arguments.empty() && call.ending.summary.empty()) return;
  most_shown_ = std::max(most_shown_, call.shown);
  if (!call.ending.summary.empty()) most_shown_ = std::max(most_shown_, call.ending.shown);
  put(shown_, count_);
  put(shown_, call.shown_arguments);
  put(shown_, std::string_view(call.ending.summary));
}

store::CallsRow CallsWriter::row(std::string chain, Arguments arguments) const {
  store::CallsRow row{.id = std::string(kIdPrefix).append(random_part()),
                      .chain = std::move(chain),
                      .count = static_cast<std::int64_t>(count_),
                      .first_at = first_at_,
                      .last_at = last_at_};
  const bool shown = most_shown_ <= arguments;
  constexpr std::size_t kMostOfTheLength = 10;
  row.events.reserve(1 + kMostOfTheLength + calls_.size() + (shown ? shown_.size() : 0));
  row.events.push_back(kVersion);
  put(row.events, std::string_view(calls_));
  if (shown) row.events.append(shown_);
  return row;
}

Result<std::vector<CallRead>> read_calls(const store::CallsRow& row) {
  const bool has_place = row.count > 0 && row.number >= row.count;
  if (!has_place || row.events.empty()) return damaged(row);
  const char version = row.events.front();
  if (version != kVersion && version != kWithoutWaits) return damaged(row);
  Reader parts(std::string_view(row.events).substr(1));
  CallsReader each(parts.text(), version);
  std::vector<CallRead> calls;
  while (!each.at_end() && !each.is_damaged()) {
    calls.push_back(each.next());
    const auto count = static_cast<std::int64_t>(calls.size());
    if (count > row.count) return damaged(row);
    calls.back().number = row.first_number() + count - 1;
    if (calls.back().at < row.first_at || calls.back().at > row.last_at) return damaged(row);
  }
  while (!parts.at_end() && !parts.is_damaged()) {
    const std::uint64_t place = parts.number();
    if (place >= calls.size()) return damaged(row);
    calls[place].shown_arguments = parts.text();
    calls[place].summary = parts.text();
  }
  const bool all = static_cast<std::int64_t>(calls.size()) == row.count;
  if (!all || each.is_damaged() || parts.is_damaged()) return damaged(row);
  return calls;
}

std::string calls_id(const EventName& name) {
  return std::string(kIdPrefix).append(name.random);
}

std::string event_id(const store::CallsRow& row, const CallRead& call) {
  const std::string_view id = row.id;
  return event_id(call.order, id.substr(std::min(id.size(), kIdPrefix.size())));
}

store::EventRow event_row(const store::CallsRow& row, const CallRead& call) {
  const auto& [account, server, token, member, client, version, session, tool, resource, code] =
      call.texts;
  const Event event{.by = {.api_token_id = std::string(token),
                           .member = std::string(member),
                           .client = std::string(client),
                           .client_version = std::string(version),
                           .session_id = std::string(session)},
                    .resource = resource,
                    .request_id = std::string(call.request_id),
                    .shown_arguments = std::string(call.shown_arguments)};
  const Ending ending{.error_code = code,
                      .record_id = std::string(call.record_id),
                      .upstream_status = static_cast<int>(call.upstream_status),
                      .duration = std::chrono::milliseconds(call.duration_ms),
                      .upstream_duration = std::chrono::milliseconds(call.upstream_duration_ms),
                      .waited = std::chrono::milliseconds(call.waited_ms),
                      .shaping = std::chrono::microseconds(call.shaping_us),
                      .upstream_bytes = call.upstream_bytes,
                      .result_bytes = call.result_bytes,
                      .summary = std::string(call.summary)};
  return {.id = event_id(row, call),
          .chain = row.chain,
          .number = call.number,
          .at = call.at,
          .kind = std::string(to_string(call.kind)),
          .account_id = std::string(account),
          .server_id = std::string(server),
          .tool = std::string(tool),
          .outcome = std::string(to_string(call.outcome)),
          .begun = text_of(event, true),
          .ended = text_of(ending, call.at + ending.duration, true),
          .digest = to_hex(call.digest)};
}

}  // namespace patchbay::audit
