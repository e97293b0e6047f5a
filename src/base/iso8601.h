// Times as text: ISO 8601 in, RFC 3339 out.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace patchbay {

// "2026-11-22T14:03:05Z": UTC, whole seconds (fractions are cut off).
std::string format_utc(WallTime time);
// "2026-11-22T14:03:05.123Z"
std::string format_utc_millis(WallTime time);

struct ReadTime {
  WallTime utc;
  std::chrono::local_time<std::chrono::milliseconds> local;  // as it was written
  bool skipped = false;  // a local time that a daylight-saving change leaves out
};

// Reads "2026-11-22", "2026-11-22T14", "2026-11-22T14:03", "20261122T140305",
// "2026-11-22T14:03:05.250+02:00", "…Z", "…[Europe/Berlin]"; a space may stand for the T. Without
// an offset it is a time in `zone`, or in the zone in brackets; a date alone is its midnight.
// Error: invalid_argument.
Result<ReadTime> read_iso8601(std::string_view text, const TimeZone& zone);

// Where the UTC time alone is wanted. Error: invalid_argument.
Result<WallTime> parse_iso8601(std::string_view text, const TimeZone& zone);

}  // namespace patchbay
