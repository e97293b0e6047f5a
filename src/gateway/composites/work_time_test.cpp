#include "gateway/composites/work_time.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr const char* kDays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

integration::WorkTime work_time() {
  integration::WorkTime work;
  work.people = "people";
  work.show = {"name"};
  work.hours = "capacity";
  work.calendars = {{.field = "calendar", .step = {}, .path = {}}};
  work.calendar.step = "calendars";
  for (std::size_t day = 0; day < 7; ++day) {
    work.calendar.from[day] = std::string(kDays[day]) + "From";
    work.calendar.until[day] = std::string(kDays[day]) + "Until";
  }
  work.taken = {{.step = "taken", .of = "who", .from = "from", .until = "until"}};
  return work;
}

WallTime at(const char* text) {
  return parse_iso8601(text, TimeZone::utc()).value_or(WallTime());
}

// One person, of the only calendar there is: Mondays and Sundays from 1:00 to 5:00.
WorkTimeFound found(const char* zone, const char* since, const char* until,
                    const std::string& taken = "[]", minutes least = minutes(0),
                    const char* capacity = "8") {
  static const auto work = work_time();
  static const auto calendars =
      json::parse(
          R"([{"id":1,"monFrom":"01:00","monUntil":"05:00:00","sunFrom":"01:00","sunUntil":"05:00",
           "tueFrom":"9","tueUntil":"25:00","wedFrom":"17:00","wedUntil":"08:00"}])")
          .value();
  const auto people =
      json::parse(std::string(R"([{"id":7,"name":"Ada","capacity":)") + capacity + "}]").value();
  const auto entries = json::parse(taken).value();
  const auto in = TimeZone::find(zone).value();
  WorkTimeTerms terms;
  terms.work = &work;
  terms.kept = [&](std::string_view step) {
    return step == "people"      ? people.if_array()
           : step == "calendars" ? calendars.if_array()
           : step == "taken"     ? entries.if_array()
                                 : nullptr;
  };
  terms.zone = &in;
  terms.since = at(since);
  terms.until = at(until);
  terms.now = at("2026-01-01T00:00:00Z");
  terms.least = least;
  return find_work_time(terms);
}

std::string row(const WorkTimeFound& result) {
  REQUIRE(result.rows.size() == 1);
  return json::to_string(result.rows[0]);
}

}  // namespace

TEST_CASE("hours are told in hundredths, and read exactly") {
  CHECK(as_hours(minutes(0)).token() == "0");
  CHECK(as_hours(minutes(90)).token() == "1.5");
  CHECK(as_hours(minutes(20)).token() == "0.33");
  CHECK(as_hours(minutes(40)).token() == "0.67");
  CHECK(as_hours(minutes(363)).token() == "6.05");
  CHECK(hours_of(json::parse("7.25").value()) == minutes(435));
  CHECK(hours_of(json::Value("0.1")) == minutes(6));
  CHECK_FALSE(hours_of(json::Value("many")).has_value());
  CHECK_FALSE(hours_of(json::parse("-1").value()).has_value());
  CHECK_FALSE(hours_of(json::parse("1e300").value()).has_value());
}

TEST_CASE("a day is that of the account's zone, also where the clocks change") {
  CHECK(
      row(found("UTC", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")) ==
      R"({"name":"Ada","freeHours":4,"firstGap":{"from":"2026-03-02T01:00:00Z","until":"2026-03-02T05:00:00Z","hours":4}})");
  // The night in which New York goes from 2:00 to 3:00: an hour less of the same times.
  CHECK(
      row(found("America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")) ==
      R"({"name":"Ada","freeHours":3,"firstGap":{"from":"2026-03-08T06:00:00Z","until":"2026-03-08T09:00:00Z","hours":3}})");
  // And an hour more.
  CHECK(row(found("America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"))
            .contains(R"("freeHours":5)"));
}

TEST_CASE("a gap is what no appointment takes, and no longer than what of the capacity is left") {
  const std::string taken =
      R"([{"who":{"id":7},"from":"2026-03-02T02:00:00Z","until":"2026-03-02T03:00:00Z"},
          {"who":{"id":7},"from":"2026-03-02T02:30:00Z","until":"2026-03-02T03:15:00Z"},
          {"who":{"id":8},"from":"2026-03-02T00:00:00Z","until":"2026-03-03T00:00:00Z"},
          {"who":{"id":7},"from":"2026-03-02T04:00:00Z","until":"2026-03-02T04:00:00Z"}])";
  const auto told = [&](minutes least, const char* capacity) {
    return row(
        found("UTC", "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z", taken, least, capacity));
  };
  CHECK(told(minutes(60), "8")
            .contains(R"("freeHours":2.75,"firstGap":{"from":"2026-03-02T01:00:00Z")"));
  CHECK(told(minutes(90), "8").contains(R"("firstGap":{"from":"2026-03-02T03:15:00Z")"));
  CHECK_FALSE(told(minutes(120), "8").contains("firstGap"));
  CHECK(told(minutes(60), "2").contains(R"("freeHours":0.75)"));
  CHECK_FALSE(told(minutes(60), "2").contains("firstGap"));
  CHECK(told(minutes(30), "2").contains("firstGap"));
  // Who has no number works all of it, and who works nothing is free for nothing.
  CHECK(told(minutes(30), "null").contains(R"("freeHours":2.75)"));
  CHECK(told(minutes(0), "0") == R"({"name":"Ada","freeHours":0})");
}

TEST_CASE("times of a calendar that are none are no hours, and too many days are cut") {
  // Tuesday ends at 25:00, and Wednesday before it begins.
  CHECK(row(found("UTC", "2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z"))
            .contains(R"("freeHours":0)"));
  CHECK(found("UTC", "2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z").notice.contains("366 days"));
  CHECK(found("UTC", "2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z").notice.contains("over"));
}

}  // namespace patchbay::gateway
