// A write that would make a second record of what is there already.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: conflict with the record that is there already; else the look-up's failure.
io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
