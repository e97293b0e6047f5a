// Expense reports: /expense/reports.
#pragma once

#include <cstdint>
#include <span>

#include "sandbox/records/database.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> expense_report_resources();

// What an entry comes to: its amount, or that many miles at the rate of its type.
double worth_of(const Database& db, const Record& entry);
void total_report(Database& db, std::int64_t report);
// The member's report for the month of `when`, made if there is none.
std::int64_t expense_report_for(Database& db, std::int64_t member, Instant when);

}  // namespace patchbay::sandbox
