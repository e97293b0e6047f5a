#include "doctor/examine.h"

#include <doctest/doctest.h>

#include "doctor/checks.h"

namespace patchbay::doctor {
namespace {

using std::chrono::days;
using std::chrono::hours;

const WallTime kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 29)};

Finding of(std::chrono::milliseconds begins, std::chrono::milliseconds ends) {
  return lifetime_of("certificate", "x", {.begins = kNow + begins, .ends = kNow + ends}, kNow);
}

TEST_CASE("A certificate is a fault outside of its time, and a warning for three weeks before") {
  CHECK(of(-days(1), days(22)).verdict == Verdict::ok);
  CHECK(of(-days(1), days(22)).mend.empty());
  CHECK(of(-days(1), days(20)).verdict == Verdict::warning);
  CHECK(of(-days(1), hours(1)).verdict == Verdict::warning);
  CHECK(of(-days(2), -hours(1)).verdict == Verdict::fault);
  CHECK(of(-days(2), hours(0)).verdict == Verdict::fault);
  CHECK(of(hours(1), days(90)).verdict == Verdict::fault);
  CHECK(of(hours(1), days(90)).mend.contains("clock"));
}

TEST_CASE("A clock is off by seconds, or by minutes, ahead or behind") {
  using std::chrono::seconds;
  const auto skew = [](seconds off) { return skew_from("the database", kNow + off, kNow); };
  CHECK(skew(seconds(0)).verdict == Verdict::ok);
  CHECK(skew(seconds(30)).verdict == Verdict::ok);
  CHECK(skew(seconds(30)).mend.empty());
  for (const int sign : {1, -1}) {
    CHECK(skew(sign * seconds(31)).verdict == Verdict::warning);
    CHECK(skew(sign * seconds(300)).verdict == Verdict::warning);
    CHECK(skew(sign * seconds(301)).verdict == Verdict::fault);
    CHECK(skew(sign * seconds(301)).mend.contains("NTP"));
    CHECK(skew(sign * seconds(301)).what == "It is 301 seconds from that of the database.");
  }
}

TEST_CASE("A configuration that cannot be read tells each of its faults, with a way to mend it") {
  const std::vector<Error> faults{{ErrorCode::invalid_argument, "No.", ""},
                                  {ErrorCode::invalid_argument, "Nor this.", "Do that."}};
  const Findings findings = unread_configuration(faults);
  REQUIRE(findings.size() == 2);
  CHECK(findings[1].what == "Nor this.");
  CHECK(findings[1].mend == "Do that.");
  CHECK(findings[0].verdict == Verdict::fault);
  CHECK(findings[0].what == "No.");
  CHECK_FALSE(findings[0].mend.empty());
}

TEST_CASE("A variable that is no setting is a warning, with the one that may be meant") {
  const std::vector<std::string> unknown{"PATCHBAY_PRT", "PATCHBAY_SOMETHING_ELSE_ENTIRELY"};
  const Findings findings = unknown_settings(unknown);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].verdict == Verdict::warning);
  CHECK(findings[0].what.contains("PATCHBAY_PRT"));
  CHECK(findings[0].mend.contains("PATCHBAY_PORT"));
  CHECK(findings[1].mend.contains("--help"));
}

}  // namespace
}  // namespace patchbay::doctor
