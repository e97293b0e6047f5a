// The records that a write touches, read before it: whose they are, and whether they may go
// together. What cannot be undone is told by more than its ids.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Into call.touches. Errors: conflict, of records that do not agree, or that are not as they must
// be, unless the call says so by name; invalid_argument, of one record named twice; or a failed
// look-up.
io::Task<Outcome<>> look_at_touched(Call& call, const Prepared& prepared);

// Once more after the write, where its answer does not say what came of it. Whether they were read.
io::Task<bool> look_again(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
