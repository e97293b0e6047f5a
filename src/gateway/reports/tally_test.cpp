#include "gateway/reports/tally.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace patchbay::gateway::report {

namespace {

std::string text(const std::optional<Decimal>& value) {
  return value ? value->plain().value_or("?") : "none";
}

Tally of(const std::vector<const char*>& values) {
  Tally tally(true);
  for (const auto* value : values) tally.add(Decimal(value));
  return tally;
}

}  // namespace

TEST_CASE("tally: sums are exact, where doubles are not") {
  Tally tally(false);
  for (int i = 0; i < 10; ++i) tally.add(Decimal("0.1"));
  CHECK(text(tally.sum()) == "1");
  CHECK(tally.count() == 10);
}

TEST_CASE("tally: the middle of an even number lies between two") {
  CHECK(text(of({"4", "1", "3"}).median()) == "3");
  CHECK(text(of({"4", "1", "3", "2"}).median()) == "2.5");
  CHECK(text(of({"1", "1", "1", "9"}).median()) == "1");
  CHECK(text(of({}).median()) == "none");
}

TEST_CASE("tally: nine tenths do not exceed p90") {
  CHECK(text(of({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}).p90()) == "9");
  CHECK(text(of({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}).p90()) == "10");
  CHECK(text(of({"7"}).p90()) == "7");
  CHECK(text(of({}).p90()) == "none");
}

TEST_CASE("tally: parts add up to the whole") {
  auto whole = of({"5", "-2", "0.25"});
  whole.add(of({"7", "5"}));
  CHECK(whole.count() == 5);
  CHECK(text(whole.sum()) == "15.25");
  CHECK(text(whole.least()) == "-2");
  CHECK(text(whole.greatest()) == "7");
  CHECK(text(whole.median()) == "5");
  whole.add(of({}));
  CHECK(whole.count() == 5);
}

TEST_CASE("tally: what is no amount has no sum, and spoils none before it is told") {
  auto tally = of({"1"});
  tally.add(Decimal("1e1000000000"));
  CHECK(text(tally.sum()) == "none");
  tally.add(Decimal("1"));
  CHECK(text(tally.sum()) == "none");
  CHECK(tally.count() == 3);
}

}  // namespace patchbay::gateway::report
