// Time as the rooms see it. Rooms that depend on time take a Clock in their constructor, so that a
// test owns it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace patchbay {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using MonotonicTime = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime now() const = 0;
  virtual MonotonicTime monotonic() const = 0;
};

// The machine's clock. Stateless; one object serves all.
class SystemClock final : public Clock {
 public:
  WallTime now() const override;
  MonotonicTime monotonic() const override;
};

// A clock that stands still until told. For tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(WallTime start) : now_(start) {}
  WallTime now() const override { return now_; }
  MonotonicTime monotonic() const override { return monotonic_; }
  void advance(std::chrono::milliseconds by) {
    now_ += by;
    monotonic_ += by;
  }

 private:
  WallTime now_;
  MonotonicTime monotonic_{};
};

// "2026-11-22T14:03:05Z": UTC, whole seconds (fractions are cut off).
std::string format_utc(WallTime time);
// "2026-11-22T14:03:05.123Z"
std::string format_utc_millis(WallTime time);

// A time zone by its IANA name, from the system's tz database.
class TimeZone {
 public:
  // Error invalid_argument with near names in the hint when the name is unknown.
  static Result<TimeZone> find(std::string_view iana_name);
  static TimeZone utc();

  // A local wall-clock time (as milliseconds since 1970 in that zone) as UTC. A time that a
  // daylight-saving change skips moves forward by the gap; one that happens twice is the first.
  WallTime to_utc(std::chrono::local_time<std::chrono::milliseconds> local) const;
  std::chrono::local_time<std::chrono::milliseconds> to_local(WallTime utc) const;
  std::string_view name() const;

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  const void* zone_;  // owned by the tz database, lives as long as the process
};

struct ReadTime {
  WallTime utc;
  std::chrono::local_time<std::chrono::milliseconds> local;  // as it was written
  bool skipped = false;  // a local time that a daylight-saving change leaves out
};

// The same with what the text said.
Result<ReadTime> read_iso8601(std::string_view text, const TimeZone& zone);

// Reads ISO 8601: "2026-11-22", "2026-11-22T14", "2026-11-22T14:03", "20261122T140305",
// "2026-11-22T14:03:05.250+02:00", "…Z", "…[Europe/Berlin]"; a space may stand for the T. Without
// an offset it is a time in `zone`, or in the zone in brackets; a date alone is its midnight.
Result<WallTime> parse_iso8601(std::string_view text, const TimeZone& zone);

}  // namespace patchbay
