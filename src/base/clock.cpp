// The one place that sees the date library, which stands in for std::chrono's time zones
// (libstdc++ 12 has none).
#include "base/clock.h"

#include <exception>
#include <vector>

// As Debian builds the library: the layout of its classes depends on it, and the header's own
// default is another.
#define USE_OS_TZDB 1
#include <date/tz.h>

#include "base/iso8601.h"
#include "base/nearest.h"
#include "base/text.h"

namespace patchbay {
namespace {

using std::chrono::milliseconds;

const date::time_zone* as_zone(const void* zone) {
  return static_cast<const date::time_zone*>(zone);
}

// Reading the tz database throws when there is none; then no name is known but UTC.
std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {
    names.clear();
  }
  return names;
}

}  // namespace

WallTime SystemClock::now() const {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

MonotonicTime SystemClock::monotonic() const {
  return std::chrono::steady_clock::now();
}

// UTC is the null zone, so that it works on a machine without a tz database.
TimeZone TimeZone::utc() {
  return TimeZone(nullptr);
}

Result<TimeZone> TimeZone::find(std::string_view iana_name) {
  if (iana_name == "UTC" || iana_name == "Etc/UTC" || iana_name == "Z") return utc();
  try {
    return TimeZone(date::locate_zone(iana_name));
  } catch (const std::exception&) {
    const std::vector<std::string> near = nearest(iana_name, zone_names(), 5);
    return fail(ErrorCode::invalid_argument,
                "There is no time zone '" + std::string(cut_utf8(iana_name, 64)) + "'.",
                near.empty() ? "Use an IANA name such as Europe/Berlin, America/New_York or UTC."
                             : "Did you mean " + join(near) + "?");
  }
}

WallTime TimeZone::to_utc(std::chrono::local_time<milliseconds> local) const {
  if (zone_ == nullptr) return WallTime(local.time_since_epoch());
  const date::local_time<milliseconds> time(local.time_since_epoch());
  // `first` is the only offset of a unique time, the earlier of two, and the one before a gap,
  // which moves a skipped time forward by the gap's length.
  const date::local_info info =
      as_zone(zone_)->get_info(std::chrono::floor<std::chrono::seconds>(time));
  return WallTime(time.time_since_epoch() - info.first.offset);
}

std::chrono::local_time<milliseconds> TimeZone::to_local(WallTime utc) const {
  if (zone_ == nullptr) return std::chrono::local_time<milliseconds>(utc.time_since_epoch());
  return std::chrono::local_time<milliseconds>(as_zone(zone_)->to_local(utc).time_since_epoch());
}

std::string_view TimeZone::name() const {
  return zone_ == nullptr ? std::string_view("UTC") : std::string_view(as_zone(zone_)->name());
}

}  // namespace patchbay
