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

}  // namespace patchbay
