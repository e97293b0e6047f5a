// What the API does with time entries beyond their fields.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

// Hours from start, end and deduction; what the entry is charged to; defaults by member, ticket and
// work type; billed entries that stay.
extern const Rules kTimeEntryRules;

// Rate, billed and invoiced hours, amount, by billable option and work role.
void price_time_entry(const Database& db, const Table& entries, Record& entry);

}  // namespace patchbay::sandbox
