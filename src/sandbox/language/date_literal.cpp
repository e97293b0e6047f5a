#include "sandbox/language/date_literal.h"

#include <array>
#include <chrono>

namespace patchbay::sandbox {
namespace {

// Reads digits and separators from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool digits(std::size_t at_least, std::size_t at_most, int& out) {
    std::size_t count = 0;
    out = 0;
    while (count < at_most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      out = out * 10 + (rest_[count++] - '0');
    }
    rest_.remove_prefix(count);
    return count >= at_least;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<Instant> day(int year, int month, int day_of_month) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day_of_month)));
  if (!date.ok() || year < 1753) return std::nullopt;  // the database's first year
  return std::chrono::sys_days(date);
}

struct TimeOfDay {
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool valid() const { return hour < 24 && minute < 60 && second < 60; }
  std::chrono::seconds since_midnight() const {
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  }
};

// "Z", "+02:00", "-0530" or nothing, to the end.
std::optional<std::chrono::seconds> offset(Reader& reader) {
  if (reader.done() || reader.take('Z') || reader.take('z')) {
    if (!reader.done()) return std::nullopt;
    return std::chrono::seconds(0);
  }
  const bool behind = reader.take('-');
  if (!behind && !reader.take('+')) return std::nullopt;
  TimeOfDay shift;
  if (!reader.digits(2, 2, shift.hour)) return std::nullopt;
  reader.take(':');
  if (!reader.digits(2, 2, shift.minute) || !reader.done() || !shift.valid()) return std::nullopt;
  return behind ? -shift.since_midnight() : shift.since_midnight();
}

}  // namespace

std::optional<Instant> parse_date_literal(std::string_view text) {
  Reader reader(text);
  int first = 0;
  if (!reader.digits(1, 4, first)) return std::nullopt;
  std::array<int, 2> more{};
  std::optional<Instant> date;
  if (reader.take('/')) {
    if (!reader.digits(1, 2, more[0]) || !reader.take('/') || !reader.digits(4, 4, more[1])) {
      return std::nullopt;
    }
    date = day(more[1], first, more[0]);
  } else {
    if (!reader.take('-') || !reader.digits(1, 2, more[0]) || !reader.take('-') ||
        !reader.digits(1, 2, more[1])) {
      return std::nullopt;
    }
    date = day(first, more[0], more[1]);
  }
  if (!date || reader.done()) return date;
  if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return std::nullopt;
  TimeOfDay time;
  if (!reader.digits(1, 2, time.hour) || !reader.take(':') || !reader.digits(2, 2, time.minute)) {
    return std::nullopt;
  }
  if (reader.take(':')) {
    if (!reader.digits(2, 2, time.second)) return std::nullopt;
    if (reader.take('.')) reader.skip_digits();
  }
  const std::optional<std::chrono::seconds> shift = offset(reader);
  if (!time.valid() || !shift) return std::nullopt;
  return *date + time.since_midnight() - *shift;
}

std::optional<Instant> parse_body_date(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  return parse_date_literal(text);
}

}  // namespace patchbay::sandbox
