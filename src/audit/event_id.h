// The names of events, and their order: evt_<order><random>.
//
// The order is the milliseconds since 1970 at which the event was recorded, and twelve bits that
// count those of the same millisecond, as eleven letters that sort as they count (55 bits reach
// into the year 2248). So a list by time and name shows the events of a millisecond in the order in
// which they were recorded. The random part, 80 bits, keeps those of two nodes apart; of calls that
// lie together (calls.h) it is the row's, so that the event is found by its name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace patchbay::audit {

using Order = std::uint64_t;

// The next one, of an event that is recorded at that time: above `last` in any case.
Order next_order(Order last, WallTime at);

// Sixteen letters.
std::string random_part();

std::string event_id(Order order, std::string_view random);

struct EventName {
  Order order = 0;
  std::string_view random;
};
// Nothing: it is none, or one of before they were in order.
std::optional<EventName> read_event_id(std::string_view id);

}  // namespace patchbay::audit
