// When a message is tried again, and when no more.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace patchbay::webhooks {

// Between attempts: 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, 8 h: after 23.7 hours the
// eleventh is the last.
inline constexpr std::int64_t kMostTries = 11;

// The pause after so many attempts that failed, within a fifth of its length (`chance`: 0 to 1), so
// that what failed together does not come back together. `wanted`: what the receiver asked for; it
// makes a pause longer, up to an hour. Nothing: that was the last.
std::optional<std::chrono::milliseconds> pause_after(std::int64_t tries, double chance,
                                                     std::chrono::milliseconds wanted = {});

}  // namespace patchbay::webhooks
