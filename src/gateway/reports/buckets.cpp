#include "gateway/reports/buckets.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace patchbay::gateway::report {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month_day;
using std::chrono::years;

constexpr std::array<std::string_view, 5> kSteps = {"day", "week", "month", "quarter", "year"};
constexpr unsigned kMonthsOfQuarter = 3;

local_days monday_of(local_days day) {
  const std::chrono::weekday weekday(day);
  return day - days(weekday.iso_encoding() - 1);
}

local_days first_of_month(year_month_day date, unsigned month) {
  return local_days(date.year() / std::chrono::month(month) / 1);
}

unsigned quarter_of(year_month_day date) {
  return (static_cast<unsigned>(date.month()) - 1) / kMonthsOfQuarter + 1;
}

}  // namespace

std::optional<Step> step_of(std::string_view word) {
  const auto found = std::ranges::find_if(
      kSteps, [&](std::string_view step) { return equal_ignoring_case(step, word); });
  if (found == kSteps.end()) return std::nullopt;
  return static_cast<Step>(found - kSteps.begin());
}

std::vector<std::string> step_words() {
  return {kSteps.begin(), kSteps.end()};
}

CalendarSpan span_of(local_days day, Step step) {
  const year_month_day date(day);
  switch (step) {
    case Step::day:
      break;
    case Step::week:
      return {monday_of(day), monday_of(day) + days(7)};
    case Step::month: {
      const auto first = date.year() / date.month();
      return {local_days(first / 1), local_days((first + months(1)) / 1)};
    }
    case Step::quarter: {
      const auto first =
          date.year() / std::chrono::month((quarter_of(date) - 1) * kMonthsOfQuarter + 1);
      return {local_days(first / 1), local_days((first + months(kMonthsOfQuarter)) / 1)};
    }
    case Step::year:
      return {first_of_month(date, 1), local_days((date.year() + years(1)) / 1 / 1)};
  }
  return {day, day + days(1)};
}

std::string label_of(local_days first, Step step) {
  const year_month_day date(first);
  const int year = static_cast<int>(date.year());
  switch (step) {
    case Step::day:
      break;
    case Step::week: {
      // The year of a week is that of its Thursday.
      const local_days thursday = monday_of(first) + days(3);
      const auto in_year = year_month_day(thursday).year();
      const auto week = (thursday - local_days(in_year / 1 / 1)).count() / 7 + 1;
      return fmt::format("{:04}-W{:02}", static_cast<int>(in_year), week);
    }
    case Step::month:
      return fmt::format("{:04}-{:02}", year, static_cast<unsigned>(date.month()));
    case Step::quarter:
      return fmt::format("{:04}-Q{}", year, quarter_of(date));
    case Step::year:
      return fmt::format("{:04}", year);
  }
  return day_text(first);
}

std::string day_text(local_days day) {
  const year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<local_days> read_day(std::string_view text) {
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kMonth = 5;
  constexpr std::size_t kDay = 8;
  constexpr std::size_t kLength = 10;
  if (text.size() < kLength || text[kYear] != '-' || text[kDay - 1] != '-') return std::nullopt;
  const auto year = parse_int64(text.substr(0, kYear));
  const auto month = parse_int64(text.substr(kMonth, 2));
  const auto day = parse_int64(text.substr(kDay, 2));
  if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
  const year_month_day date(std::chrono::year(static_cast<int>(*year)),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return local_days(date);
}

}  // namespace patchbay::gateway::report
