#include "sandbox/language/date_literal.h"

#include <doctest/doctest.h>

using namespace patchbay::sandbox;

namespace {

std::string read(std::string_view text) {
  const auto instant = parse_date_literal(text);
  return instant ? to_text(*instant) : "none";
}

}  // namespace

TEST_CASE("dates between brackets come in several forms, UTC unless they say otherwise") {
  CHECK(read("2026-01-01T00:00:00Z") == "2026-01-01T00:00:00Z");
  CHECK(read("2026-01-01") == "2026-01-01T00:00:00Z");
  CHECK(read("06/30/2019") == "2019-06-30T00:00:00Z");
  CHECK(read("6/3/2019") == "2019-06-03T00:00:00Z");
  CHECK(read("2026-01-01T08:30") == "2026-01-01T08:30:00Z");
  CHECK(read("2026-01-01 08:30:15") == "2026-01-01T08:30:15Z");
  CHECK(read("2026-01-01T08:30:15.999Z") == "2026-01-01T08:30:15Z");
  CHECK(read("2026-01-01T01:00:00+02:00") == "2025-12-31T23:00:00Z");
  CHECK(read("2026-01-01T01:00:00-0530") == "2026-01-01T06:30:00Z");
}

TEST_CASE("what is no date is refused") {
  for (const char* text : {"", "today", "2026", "2026-13-01", "2026-02-30", "2026-01-01T", "1/2",
                           "2026-01-01T25:00:00Z", "2026-01-01T00:00:00ZZ", "2026-01-01x",
                           "0001-01-01", "2026-01-01T00:61"}) {
    CAPTURE(text);
    CHECK(read(text) == "none");
  }
}

TEST_CASE("bodies know one form only") {
  CHECK(parse_body_date("2026-01-01T08:30:00Z"));
  CHECK_FALSE(parse_body_date("2026-01-01T08:30:00.000Z"));
  CHECK_FALSE(parse_body_date("2026-01-01"));
  CHECK_FALSE(parse_body_date("2026-01-01T08:30:00+00:00"));
  CHECK_FALSE(parse_body_date("2026-02-30T08:30:00Z"));
}
