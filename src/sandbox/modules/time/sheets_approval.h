// Time sheets and expense reports on their way: submitted, approved, rejected, taken back.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {

// Of a sheet, a report and the entries in them.
inline constexpr std::string_view kApprovalStatuses =
    "Open, Rejected, PendingApproval, ErrorsCorrected, PendingProjectApproval, ApprovedByTierOne, "
    "RejectBySecondTier, ApprovedByTierTwo, ReadyToBill, Billed, WrittenOff, BilledAgreement";

// What is approved as one, and the entries that go the same way.
struct Approval {
  const char* path;        // "time/sheets"
  const char* table;       // "timeSheets"
  const char* entries_of;  // "timeEntries"
  const char* field;       // of an entry: "timeSheet"
};
void add_approval_endpoints(std::vector<ModuleEndpoint>& out, const Approval& approval);

}  // namespace patchbay::sandbox
