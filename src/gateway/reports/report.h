// A list asked for groups, sums and counts in place of its records: counted first, then read whole,
// a page of the largest size at a time and several at once, and reduced as the pages come. What is
// kept of them grows with the groups. Where a page fails, so does the report.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Whether the call asks a list for that.
bool asks_report(const Call& call, const Arguments& arguments);

// `prepared`: the list's call. Errors: invalid_argument (groups, measures or conditions that the
// list does not know), too_large (more rows than the report's most_rows), permission_denied
// (related records that the server does not offer), or the upstream's refusal.
io::Task<Outcome<std::string>> answer_report(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
