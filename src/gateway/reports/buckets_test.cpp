#include "gateway/reports/buckets.h"

#include <doctest/doctest.h>

namespace patchbay::gateway::report {

namespace {

std::string label(const char* day, Step step) {
  const auto read = read_day(day);
  REQUIRE(read.has_value());
  const auto span = span_of(*read, step);
  return label_of(span.from, step) + ' ' + day_text(span.from) + ' ' + day_text(span.until);
}

}  // namespace

TEST_CASE("buckets: a day is in one span of each kind") {
  CHECK(label("2026-11-30", Step::day) == "2026-11-30 2026-11-30 2026-12-01");
  CHECK(label("2026-11-30", Step::week) == "2026-W49 2026-11-30 2026-12-07");
  CHECK(label("2026-11-29", Step::week) == "2026-W48 2026-11-23 2026-11-30");
  CHECK(label("2026-11-30", Step::month) == "2026-11 2026-11-01 2026-12-01");
  CHECK(label("2026-12-31", Step::month) == "2026-12 2026-12-01 2027-01-01");
  CHECK(label("2026-11-30", Step::quarter) == "2026-Q4 2026-10-01 2027-01-01");
  CHECK(label("2026-03-31", Step::quarter) == "2026-Q1 2026-01-01 2026-04-01");
  CHECK(label("2026-06-15", Step::year) == "2026 2026-01-01 2027-01-01");
}

TEST_CASE("buckets: a week is of the year that has its Thursday") {
  CHECK(label("2027-01-03", Step::week) == "2026-W53 2026-12-28 2027-01-04");
  CHECK(label("2024-12-30", Step::week) == "2025-W01 2024-12-30 2025-01-06");
}

TEST_CASE("buckets: what is no day is none") {
  CHECK(read_day("2026-02-29") == std::nullopt);
  CHECK(read_day("2026-13-01") == std::nullopt);
  CHECK(read_day("2026-1-1") == std::nullopt);
  CHECK(read_day("") == std::nullopt);
  CHECK(read_day("2026-02-28T23:00:00Z").has_value());
  CHECK(step_of("Month") == Step::month);
  CHECK(step_of("fortnight") == std::nullopt);
}

}  // namespace patchbay::gateway::report
