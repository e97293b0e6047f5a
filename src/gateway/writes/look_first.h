// Before a write, and in place of one in a dry run: what it touches, whether it is there already,
// what it overlaps with, and what whoever works for that company is warned of.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: conflict, of what is there already or does not go together; or a failed look-up.
io::Task<Outcome<>> look_first(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
