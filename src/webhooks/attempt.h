// What came of one attempt to deliver a message.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "store/webhook_rows.h"

namespace patchbay::webhooks {

struct Attempt {
  enum class Outcome : std::uint8_t {
    delivered,    // 2xx
    refused,      // any other answer
    unreachable,  // no whole answer came
    gone,         // 410: nothing more is to come
    not_sent,     // nothing was sent, nor will be: it cannot be
  };
  Outcome outcome = Outcome::unreachable;
  WallTime at{};
  std::chrono::milliseconds took{0};
  std::optional<int> status;
  std::string error;  // for people; empty: none
  // What a receiver that was too busy asked for (Retry-After).
  std::chrono::milliseconds wanted_pause{0};
};

// As many of the latest attempts are kept of each delivery.
inline constexpr std::size_t kKeptAttempts = 20;

// Lays the attempt down in the row: one try more, among the attempts, and what it means for the
// message. `chance`: 0 to 1, moves the next attempt (schedule.h).
void record(store::DeliveryRow& row, const Attempt& attempt, double chance);

}  // namespace patchbay::webhooks
