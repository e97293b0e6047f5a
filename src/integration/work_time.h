// Who works when: of what the steps of a composite have read, each person's working hours by their
// calendar, without holidays, and what of it is taken, free or missing
// (docs/authoring-integrations.md, "Working hours").
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "integration/composite.h"

namespace patchbay::integration {

struct WorkTime {
  // Times of somebody, in the records of a step.
  struct Taken {
    std::string step;
    std::string of;     // the field that names who: "member"
    std::string from;   // "dateStart"
    std::string until;  // "dateEnd"
  };
  // Hours of somebody, at a time.
  struct Spent {
    std::string step;
    std::string of;
    std::string at;     // "timeStart"
    std::string hours;  // "actualHours"
  };
  // Where the id of somebody's calendar stands: in their own record, or in the one of `step` that
  // their field names.
  struct CalendarOf {
    std::string field;  // "calendar", "defaultLocation"
    std::string step;   // empty: it is the calendar itself
    std::string path;   // "calendar"
  };
  struct Calendars {
    std::string step;
    std::array<std::string, 7> from;  // from Sunday: "sundayStartTime"
    std::array<std::string, 7> until;
    std::string holidays;  // the field that names their list; empty: none
  };
  struct Holidays {
    std::string step;
    std::string of;     // the field that names their list
    std::string date;   // a day of the account's time zone
    std::string whole;  // a boolean: all of it; empty: those without a part of the day
    std::string from;   // of a part of it
    std::string until;
  };

  std::string name;                   // the answer's member
  std::string people;                 // the step whose records they are
  std::vector<std::string> show;      // their fields in the answer
  std::string hours;                  // what they work on a day at most; empty: all of it
  std::vector<CalendarOf> calendars;  // the first that there is; else the only calendar
  Calendars calendar;
  std::optional<Holidays> holidays;
  std::optional<Taken> taken;
  std::optional<Spent> spent;      // then the days on which less is; else what is free, by person
  StepValue least;                 // of free time: the hours that the first gap has at least
  std::vector<std::string> given;  // only where one of these arguments is; empty: always
};

}  // namespace patchbay::integration
