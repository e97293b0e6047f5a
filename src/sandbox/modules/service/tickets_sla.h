// What a ticket's service level agreement says of it: until when it is to be answered and solved,
// in the hours of the calendar, and whether that was kept.
#pragma once

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// As it stands at `now`; a ticket without an agreement is left as it is.
void follow_sla(const Database& db, const Table& tickets, Record& ticket, Instant now);

// So many working hours after `start`. Working hours are those of the first calendar, in the time
// of the office (five hours behind UTC, all the year); without a calendar every hour is one.
Instant after_working_hours(const Database& db, Instant start, double hours);

}  // namespace patchbay::sandbox
