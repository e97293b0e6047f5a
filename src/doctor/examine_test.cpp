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

TEST_CASE("A configuration that cannot be read is one fault, with a way to mend it") {
  const Findings findings = unread_configuration({ErrorCode::invalid_argument, "No.", ""});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].verdict == Verdict::fault);
  CHECK(findings[0].what == "No.");
  CHECK_FALSE(findings[0].mend.empty());
}

}  // namespace
}  // namespace patchbay::doctor
