#include "base/iso8601.h"

#include <cstdio>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/digit.h"
#include "base/text.h"

namespace patchbay {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// Reads from the front, and remembers nothing when a rule is broken: callers stop there.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && is_digit(rest_.front()); }
  // What stands in brackets at the end.
  std::optional<std::string> bracketed() {
    if (!accept('[')) return std::nullopt;
    if (rest_.size() < 2 || rest_.back() != ']') return std::nullopt;
    std::string name(rest_.substr(0, rest_.size() - 1));
    rest_ = {};
    return name;
  }
  bool at_bracket() const { return !rest_.empty() && rest_.front() == '['; }
  bool at_utc() const { return !rest_.empty() && (rest_.front() == 'Z' || rest_.front() == 'z'); }
  bool accept(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool accept_either(char a, char b) { return accept(a) || accept(b); }

  // Exactly `digits` digits with a value from `low` to `high`.
  std::optional<int> number(int digits, int low, int high) {
    if (rest_.size() < static_cast<std::size_t>(digits)) return std::nullopt;
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (!is_digit(rest_[static_cast<std::size_t>(i)])) return std::nullopt;
      value = value * 10 + (rest_[static_cast<std::size_t>(i)] - '0');
    }
    if (value < low || value > high) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(digits));
    return value;
  }

  // One to nine digits after the decimal sign; finer than a millisecond is cut off.
  std::optional<milliseconds> fraction() {
    int value = 0, digits = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++digits) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
    }
    if (digits == 0 || digits > 9) return std::nullopt;
    for (int i = digits; i < 3; ++i) value *= 10;
    return milliseconds(value);
  }

 private:
  std::string_view rest_;
};

struct Moment {
  std::chrono::local_time<milliseconds> local;
  std::optional<minutes> offset;  // east of UTC, where the text gives one
  std::string zone;               // the name in brackets, where there is one
  bool utc = false;               // the offset is a Z
};

std::optional<std::chrono::local_days> read_date(Reader& in, bool& basic) {
  const auto year = in.number(4, 1, 9999);
  if (!year) return std::nullopt;
  basic = !in.accept('-');
  const auto month = in.number(2, 1, 12);
  if (!month || (!basic && !in.accept('-'))) return std::nullopt;
  const auto day = in.number(2, 1, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::local_days(date);
}

std::optional<milliseconds> read_time_of_day(Reader& in, bool basic) {
  const auto hour = in.number(2, 0, 23);
  if (!hour) return std::nullopt;
  milliseconds time = std::chrono::hours(*hour);
  // A further part follows: after a colon, or at once in the basic format.
  const auto goes_on = [&] { return basic ? in.at_digit() : in.accept(':'); };
  if (!goes_on()) return time;
  const auto minute = in.number(2, 0, 59);
  if (!minute) return std::nullopt;
  time += minutes(*minute);
  if (!goes_on()) return time;
  const auto second = in.number(2, 0, 59);
  if (!second) return std::nullopt;
  time += std::chrono::seconds(*second);
  if (in.accept_either('.', ',')) {
    const auto fraction = in.fraction();
    if (!fraction) return std::nullopt;
    time += *fraction;
  }
  return time;
}

// "Z", "+02:00", "+0200", "+02". No zone is further than 14 hours from UTC; RFC 3339 lets 23:59.
std::optional<minutes> read_offset(Reader& in) {
  if (in.accept_either('Z', 'z')) return minutes(0);
  const bool west = in.accept('-');
  if (!west && !in.accept('+')) return std::nullopt;
  const auto hours = in.number(2, 0, 23);
  if (!hours) return std::nullopt;
  minutes offset = std::chrono::hours(*hours);
  if (!in.done() && !in.at_bracket()) {
    in.accept(':');
    const auto rest = in.number(2, 0, 59);
    if (!rest) return std::nullopt;
    offset += minutes(*rest);
  }
  return west ? -offset : offset;
}

std::optional<Moment> read(std::string_view text) {
  Reader in(text);
  bool basic = false;
  const auto date = read_date(in, basic);
  if (!date) return std::nullopt;
  Moment moment{*date, std::nullopt, {}};
  if (in.done()) return moment;
  if (!in.accept_either('T', 't') && !in.accept(' ')) return std::nullopt;
  const auto time = read_time_of_day(in, basic);
  if (!time) return std::nullopt;
  moment.local += *time;
  if (in.done()) return moment;
  if (!in.at_bracket()) {
    moment.utc = in.at_utc();
    moment.offset = read_offset(in);
    if (!moment.offset) return std::nullopt;
  }
  if (in.done()) return moment;
  const auto zone = in.bracketed();
  if (!zone) return std::nullopt;
  moment.zone = *zone;
  return moment;
}

}  // namespace

std::string format_utc(WallTime time) {
  std::string text = format_utc_millis(time);
  text.erase(text.size() - 5, 4);  // ".123" before the Z
  return text;
}

std::string format_utc_millis(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[48];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text, static_cast<std::size_t>(length));
}

Result<ReadTime> read_iso8601(std::string_view text, const TimeZone& zone) {
  const std::optional<Moment> moment = read(text);
  const auto named = moment && !moment->zone.empty() ? TimeZone::find(moment->zone) : zone;
  if (!named) return std::unexpected(named.error());
  if (!moment) {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(cut_utf8(text, 64)) + "' is not an ISO 8601 date or time.",
                "Write it like 2026-11-22, 2026-11-22T14:03:05Z or 2026-11-22T14:03:05+01:00.");
  }
  if (!moment->offset) {
    const WallTime utc = named->to_utc(moment->local);
    return ReadTime{utc, moment->local, named->to_local(utc) != moment->local};
  }
  const WallTime utc = WallTime(moment->local.time_since_epoch()) - *moment->offset;
  if (!moment->zone.empty() && !moment->utc && named->to_local(utc) != moment->local) {
    return fail(
        ErrorCode::invalid_argument,
        "'" + std::string(cut_utf8(text, 64)) + "' has an offset that its zone never has then.",
        "Give the offset or the zone alone.");
  }
  return ReadTime{utc, moment->local, false};
}

Result<WallTime> parse_iso8601(std::string_view text, const TimeZone& zone) {
  const auto time = read_iso8601(text, zone);
  if (!time) return std::unexpected(time.error());
  return time->utc;
}

}  // namespace patchbay
