#include "sandbox/modules/service/tickets_sla.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "base/iso8601.h"
#include "base/text.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours kBehindUtc{5};
constexpr int kMostDays = 1000;

// "08:00:00" as minutes of the day.
std::optional<minutes> minutes_of(const Cell& cell) {
  const auto parts = split(text_or(cell, ""), ':');
  if (parts.size() < 2) return std::nullopt;
  const auto hour = parse_int64(parts[0]);
  const auto minute = parse_int64(parts[1]);
  if (!hour || !minute) return std::nullopt;
  return hours(*hour) + minutes(*minute);
}

struct Day {
  Instant from;
  Instant to;
};

// When work is done on that day; nothing: not at all.
std::optional<Day> working_day(const Database& db, std::chrono::sys_days day) {
  const Table& calendars = db.table("calendars");
  const Record& calendar = calendars.records().begin()->second;
  static constexpr std::array<std::string_view, 7> kNames = {
      "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  const std::string name(kNames[std::chrono::weekday(day).c_encoding()]);
  const auto from = minutes_of(calendars.at(calendar, name + "StartTime"));
  const auto to = minutes_of(calendars.at(calendar, name + "EndTime"));
  if (!from || !to) return std::nullopt;
  return Day{Instant(day) + *from + kBehindUtc, Instant(day) + *to + kBehindUtc};
}

bool kept(const Cell& done, Instant goal, Instant now) {
  const auto* at = std::get_if<Instant>(&done);
  return (at != nullptr ? *at : now) <= goal;
}

}  // namespace

Instant after_working_hours(const Database& db, Instant start, double hours_given) {
  auto left = seconds(std::llround(hours_given * 3600));
  if (db.table("calendars").records().empty()) return start + left;
  auto day = std::chrono::floor<days>(start - kBehindUtc);
  for (int count = 0; count < kMostDays; ++count, day += days(1)) {
    const auto work = working_day(db, day);
    if (!work || work->to <= start) continue;
    const Instant from = std::max(start, work->from);
    if (left <= work->to - from) return from + left;
    left -= work->to - from;
  }
  return start + left;
}

void follow_sla(const Database& db, const Table& tickets, Record& ticket, Instant now) {
  const Table& slas = db.table("slas");
  const Record* sla = slas.find(id_in(tickets, ticket, "sla"));
  if (sla == nullptr) return;
  // One that is being made is stamped afterwards.
  const Instant entered = instant_or(tickets.at(ticket, "dateEntered"), now);
  const auto goal = [&](std::string_view field) {
    return after_working_hours(db, entered, double_or(slas.at(*sla, field), 0));
  };
  const Instant respond = goal("respondHours");
  const Instant resolve = goal("resolutionHours");
  const Cell& responded = tickets.at(ticket, "dateResponded");
  const Cell& resolved = tickets.at(ticket, "dateResolved");
  const bool is_resolved = !is_null(resolved);
  // What was solved without a word was answered by that.
  const bool in_time =
      kept(is_null(responded) ? resolved : responded, respond, now) && kept(resolved, resolve, now);
  tickets.at(ticket, "respondByGoalUTC") = respond;
  tickets.at(ticket, "resolutionGoalUTC") = resolve;
  tickets.at(ticket, "isInSla") = in_time;
  const bool waits = is_null(responded);
  tickets.at(ticket, "slaStatus") =
      is_resolved ? std::string("Resolved")
                  : fmt::format("{} by {}", waits ? "Respond" : "Resolve",
                                format_utc(WallTime(waits ? respond : resolve)).substr(0, 16));
}

}  // namespace patchbay::sandbox
