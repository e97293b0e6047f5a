#include "webhooks/schedule.h"

#include <algorithm>
#include <array>

namespace patchbay::webhooks {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array<milliseconds, kMostTries - 1> kPauses{5s, 30s, 2min, 10min, 30min,
                                                           1h, 2h,  4h,   8h,    8h};
constexpr double kSpread = 0.2;
constexpr milliseconds kLongestWanted = 1h;

}  // namespace

std::optional<milliseconds> pause_after(std::int64_t tries, double chance, milliseconds wanted) {
  if (tries < 1 || tries >= kMostTries) return std::nullopt;
  const milliseconds pause = kPauses.at(static_cast<std::size_t>(tries - 1));
  const double factor = 1 + kSpread * (2 * std::clamp(chance, 0.0, 1.0) - 1);
  const milliseconds spread(static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor));
  return std::max(spread, std::min(wanted, kLongestWanted));
}

}  // namespace patchbay::webhooks
