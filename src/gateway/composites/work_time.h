// Who works when, of records that steps have read: each person's working hours by calendar, without
// holidays; what of them is free, or on which days less was spent than there was. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "integration/work_time.h"
#include "json/value.h"

namespace patchbay::gateway {

struct WorkTimeTerms {
  const integration::WorkTime* work = nullptr;
  // What a step has kept; null: it was left out.
  std::function<const json::Array*(std::string_view step)> kept;
  const TimeZone* zone = nullptr;  // of days, and of the calendars' times
  WallTime since;
  WallTime until;
  WallTime now;
  std::chrono::milliseconds least{0};  // of the first gap
};

struct WorkTimeFound {
  // One for each person: {"identifier":"jdoe","freeHours":12.5,"firstGap":{"from":…,"until":…,
  // "hours":2}}, who has the first gap first. Or for each person, who misses most first, the days
  // that have begun and lie whole within the span on which less is spent than there was:
  // {"identifier":"jdoe","missing":1.5,"days":[{"date":"2026-11-23","capacity":8,"spent":6.5,
  // "missing":1.5}]}.
  json::Array rows;
  json::Object total;
  std::size_t people = 0;
  std::string notice;
};

WorkTimeFound find_work_time(const WorkTimeTerms& terms);

// Hours in hundredths, as a JSON number: "7.5".
json::Number as_hours(std::chrono::milliseconds time);
// Nothing: no number, or no time that could be.
std::optional<std::chrono::milliseconds> hours_of(const json::Value& value);

}  // namespace patchbay::gateway
