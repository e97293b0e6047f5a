// The doors before the last: from what was said to the request.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// A call passes each door once, and the first that refuses ends it; nothing is written. `prepared`
// is filled on the way, so that what was said and whom it names is known of a call that was refused
// as well.
io::Task<Outcome<>> prepare(Call& call, json::Object given, Prepared& prepared);

}  // namespace patchbay::gateway
