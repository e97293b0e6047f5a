// The machine's clock, held against those of others.
#include <chrono>

#include <fmt/format.h>

#include "app/database.h"
#include "base/counted.h"
#include "doctor/checks.h"

namespace patchbay::doctor {
namespace {

constexpr std::chrono::seconds kLittleSkew{30};
constexpr std::chrono::seconds kMuchSkew{300};

}  // namespace

Finding skew_from(std::string_view whose, WallTime theirs, WallTime ours) {
  using std::chrono::floor;
  using std::chrono::seconds;
  const auto skew = std::chrono::abs(floor<seconds>(ours) - floor<seconds>(theirs));
  Finding finding{
      .check = "clock",
      .what = fmt::format("It is {} from that of {}.", counted(skew.count(), "second"), whose)};
  if (skew > kLittleSkew) {
    finding.verdict = skew > kMuchSkew ? Verdict::fault : Verdict::warning;
    finding.mend =
        "Have the machine's clock set by NTP (`timedatectl set-ntp true`): expiries go by it.";
  }
  return finding;
}

// One that is not reached is told by the check of the store.
void check_database_clock(const app::Config& config, Findings& findings) {
  const WallTime before = SystemClock().now();
  const auto theirs = app::database_time(config);
  if (!theirs || !*theirs) return;
  const WallTime after = SystemClock().now();
  // They were asked somewhere in between.
  findings.push_back(skew_from("the database", **theirs, before + (after - before) / 2));
}

}  // namespace patchbay::doctor
