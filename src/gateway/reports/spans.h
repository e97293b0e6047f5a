// When the records of a relation were that a report gathers (integration/report.h, `span`).
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/reports/plan.h"

namespace patchbay::gateway::report {

// What a reader of the figures has to know of it; "" for nothing. Errors: invalid_argument: a time
// that is none, an end before its beginning, a span of what is not asked for, and an amount that
// sets what is so at one time against what went on all the time.
Outcome<std::string> check_spans(const Call& call, const Arguments& arguments, const Plan& plan);

}  // namespace patchbay::gateway::report
