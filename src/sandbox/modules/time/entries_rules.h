// What the API does with time entries beyond their fields.
#pragma once

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

// Hours from start, end and deduction; what the entry is charged to; defaults by member, ticket and
// work type; billed entries that stay.
Rules time_entry_rules();

// The type of the company that the entry's company has first ("Client").
Cell company_type_of_entry(const Database& db, const Record& entry);

// The member's sheet for the week of `when`, made if there is none. Weeks start on Monday.
std::int64_t time_sheet_for(Database& db, std::int64_t member, Instant when);
// The hours of a sheet's entries.
Cell hours_of_sheet(const Database& db, const Record& sheet);

// Rate, billed and invoiced hours, amount, by billable option and work role.
void price(const Database& db, const Table& entries, Record& entry);

// Sets a ticket's actualHours to the sum of its entries.
void sum_up_ticket(Database& db, std::int64_t ticket);

}  // namespace patchbay::sandbox
