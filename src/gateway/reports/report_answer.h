// A report as text: its totals, its first groups, and the rest as one.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/reports/groups.h"

namespace patchbay::gateway::report {

// Within kMostReportBytes, or the call's size cap where that is less. Groups that find no room are
// among the others.
//   {"notice":"…","total":{"count":812,"sum actualHours":312.25},"groups":[
//   {"board":{"id":7,"name":"Triage"},"count":40,"sum actualHours":12.5,"filters":{"board":7}},
//   …
//   ],"others":{"groups":12,"count":88,"sum actualHours":30}}
std::string write_report(Call& call, const Arguments& arguments, const Plan& plan, Groups& groups);

// About 2,000 tokens of such text: digits and punctuation take 2.6 bytes each on average.
inline constexpr std::size_t kMostReportBytes = 5'000;

}  // namespace patchbay::gateway::report
