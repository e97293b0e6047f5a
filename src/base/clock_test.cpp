#include "base/clock.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

std::string read(std::string_view text, std::string_view zone = "UTC") {
  const Result<WallTime> time = parse_iso8601(text, *TimeZone::find(zone));
  return time ? format_utc_millis(*time) : "error";
}

TEST_CASE("times are written in UTC") {
  const WallTime time{1'795'356'185'123ms};
  CHECK(format_utc(time) == "2026-11-22T14:03:05Z");
  CHECK(format_utc_millis(time) == "2026-11-22T14:03:05.123Z");
  CHECK(format_utc_millis(WallTime{-1ms}) == "1969-12-31T23:59:59.999Z");
  CHECK(format_utc(WallTime{-1ms}) == "1969-12-31T23:59:59Z");
}

TEST_CASE("ISO 8601 is read in its usual forms") {
  CHECK(read("2026-11-22") == "2026-11-22T00:00:00.000Z");
  CHECK(read("2026-11-22T14:03") == "2026-11-22T14:03:00.000Z");
  CHECK(read("2026-11-22 14:03:05") == "2026-11-22T14:03:05.000Z");
  CHECK(read("2026-11-22T14:03:05Z") == "2026-11-22T14:03:05.000Z");
  CHECK(read("2026-11-22t14:03:05z") == "2026-11-22T14:03:05.000Z");
  CHECK(read("2026-11-22T14:03:05.25+02:00") == "2026-11-22T12:03:05.250Z");
  CHECK(read("2026-11-22T14:03:05,123456789Z") == "2026-11-22T14:03:05.123Z");
  CHECK(read("2026-11-22T14:03-0530") == "2026-11-22T19:33:00.000Z");
  CHECK(read("2026-11-22T14:03+01") == "2026-11-22T13:03:00.000Z");
  CHECK(read("2026-01-01T00:30:00+14:00") == "2025-12-31T10:30:00.000Z");
}

TEST_CASE("ISO 8601 is read in its rarer forms as well") {
  const auto utc = [](std::string_view text) {
    const auto time = parse_iso8601(text, TimeZone::utc());
    return time ? format_utc(*time) : time.error().message;
  };
  CHECK(utc("2026-11-20T14") == "2026-11-20T14:00:00Z");
  CHECK(utc("20261120") == "2026-11-20T00:00:00Z");
  CHECK(utc("20261120T140000") == "2026-11-20T14:00:00Z");
  CHECK(utc("20261120T1400Z") == "2026-11-20T14:00:00Z");
  CHECK(utc("20261120T140000+0200") == "2026-11-20T12:00:00Z");
  CHECK(utc("2026-11-20T14:00[America/New_York]") == "2026-11-20T19:00:00Z");
  CHECK(utc("2026-11-20T14:00:00-05:00[America/New_York]") == "2026-11-20T19:00:00Z");
  CHECK(utc("2026-11-20T14:00:00Z[America/New_York]") == "2026-11-20T14:00:00Z");
  for (const auto* wrong : {"2026-11-20T14:00:00+05:00[America/New_York]", "2026-11-20T14:00[",
                            "2026-11-20T14:00[Nowhere/At_All]", "2026-11-20T14:00[]",
                            "20261120T140", "2026-1120", "202611-20", "20261120T14:00"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_iso8601(wrong, TimeZone::utc()).has_value());
  }
  const auto berlin = TimeZone::find("Europe/Berlin");
  REQUIRE(berlin.has_value());
  CHECK(read_iso8601("2026-03-29T02:30", *berlin)->skipped);
  CHECK_FALSE(read_iso8601("2026-03-29T03:30", *berlin)->skipped);
  CHECK_FALSE(read_iso8601("2026-03-29T02:30Z", *berlin)->skipped);
}

TEST_CASE("leap years are known") {
  CHECK(read("2024-02-29") == "2024-02-29T00:00:00.000Z");
  CHECK(read("2000-02-29") == "2000-02-29T00:00:00.000Z");
  CHECK(read("2026-02-29") == "error");
  CHECK(read("1900-02-29") == "error");
}

TEST_CASE("what is out of range or misshapen is refused") {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-11",
                                      "2026-1-2",
                                      "2026-13-01",
                                      "2026-00-10",
                                      "2026-11-31",
                                      "2026-11-00",
                                      "0000-01-01",
                                      "2026-11-22T",
                                      "2026-11-22T24:00",
                                      "2026-11-22T14:60",
                                      "2026-11-22T14:03:60",
                                      "2026-11-22T14:03:05.",
                                      "2026-11-22T14:03.5",
                                      "2026-11-22T14:03:05.1234567890",
                                      "2026-11-22T14:03:05+",
                                      "2026-11-22T14:03:05+1",
                                      "2026-11-22T14:03:05+24:00",
                                      "2026-11-22T14:03:05+02:60",
                                      "2026-11-22T14:03:05+02:",
                                      "2026-11-22T14:03:05Zx",
                                      "2026-11-22Z",
                                      " 2026-11-22",
                                      "2026-11-22 ",
                                      "2026/11/22",
                                      "2026-11-22  14:03",
                                      "yesterday",
                                      "-2026-11-22",
                                      "+2026-11-22"}) {
    CAPTURE(text);
    CHECK(read(text) == "error");
  }
  const Result<WallTime> wrong = parse_iso8601("tomorrow", TimeZone::utc());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::invalid_argument);
  CHECK(wrong.error().message == "'tomorrow' is not an ISO 8601 date or time.");
}

TEST_CASE("a time without an offset is one of the zone") {
  CHECK(read("2026-11-22T14:03:05", "Europe/Berlin") == "2026-11-22T13:03:05.000Z");
  CHECK(read("2026-07-22T14:03:05", "Europe/Berlin") == "2026-07-22T12:03:05.000Z");
  CHECK(read("2026-11-22", "America/New_York") == "2026-11-22T05:00:00.000Z");
  CHECK(read("2026-11-22T14:03:05Z", "America/New_York") == "2026-11-22T14:03:05.000Z");
  CHECK(read("2026-11-22T12:00:00.007", "Asia/Kathmandu") == "2026-11-22T06:15:00.007Z");
}

TEST_CASE("a skipped time moves forward by the gap, a repeated one is the first") {
  CHECK(read("2026-03-29T02:30", "Europe/Berlin") == "2026-03-29T01:30:00.000Z");  // 03:30 CEST
  CHECK(read("2026-03-29T01:59", "Europe/Berlin") == "2026-03-29T00:59:00.000Z");
  CHECK(read("2026-03-29T03:00", "Europe/Berlin") == "2026-03-29T01:00:00.000Z");
  CHECK(read("2026-10-25T02:30", "Europe/Berlin") == "2026-10-25T00:30:00.000Z");  // CEST
  CHECK(read("2026-10-25T03:00", "Europe/Berlin") == "2026-10-25T02:00:00.000Z");
  CHECK(read("2026-03-08T02:30", "America/New_York") == "2026-03-08T07:30:00.000Z");
  CHECK(read("2026-11-01T01:30", "America/New_York") == "2026-11-01T05:30:00.000Z");
}

TEST_CASE("local time comes back") {
  const TimeZone berlin = *TimeZone::find("Europe/Berlin");
  const WallTime time = *parse_iso8601("2026-07-01T10:00:00.250Z", TimeZone::utc());
  CHECK(berlin.to_utc(berlin.to_local(time)) == time);
  CHECK((berlin.to_local(time).time_since_epoch() - time.time_since_epoch()) == 2h);
  CHECK(berlin.name() == "Europe/Berlin");
  CHECK(TimeZone::utc().name() == "UTC");
}

TEST_CASE("an unknown zone is refused with near names") {
  const Result<TimeZone> zone = TimeZone::find("Europe/Berlim");
  REQUIRE_FALSE(zone);
  CHECK(zone.error().code == ErrorCode::invalid_argument);
  CHECK(zone.error().hint.contains("Europe/Berlin"));
  CHECK_FALSE(TimeZone::find("../../etc/passwd"));
  CHECK_FALSE(TimeZone::find(""));
}

TEST_CASE("a manual clock moves when it is told") {
  ManualClock clock(WallTime{1000ms});
  const MonotonicTime before = clock.monotonic();
  clock.advance(250ms);
  CHECK(clock.now() == WallTime{1250ms});
  CHECK(clock.monotonic() - before == 250ms);
}

}  // namespace
}  // namespace patchbay
