// Times in whatever zone to UTC, whole seconds.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// Error: invalid_argument with all violations that there are by now, its own and earlier ones.
Outcome<> normalise_times(Call& call, Arguments& arguments);

}  // namespace patchbay::gateway
