// Time sheets and expense reports on their way: submitted, approved, rejected, taken back.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

// What is approved as one, and the entries that go the same way.
struct Approval {
  const char* path;        // "time/sheets"
  const char* table;       // "timeSheets"
  const char* entries_of;  // "timeEntries"
  const char* field;       // of an entry: "timeSheet"
};
void add_approval_endpoints(std::vector<ModuleEndpoint>& out, const Approval& approval);

}  // namespace patchbay::sandbox
