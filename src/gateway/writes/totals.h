// What belongs to a record, counted and added up: the hours on a ticket that no invoice has.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/guards.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// {"count": 3, "hours": 5.5}, exact; with "or_more": true where there is more than one page of
// them. Null: the record does not say by what they would belong to it. Errors: the list's.
io::Task<Outcome<json::Value>> total_of(Call& call, const Prepared& prepared,
                                        const integration::Total& total, json::Value record);

// Tells, before an update, what others keep of the old value of a field that it changes.
io::Task<> tell_what_stays(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
