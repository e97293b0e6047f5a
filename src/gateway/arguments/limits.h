// The values that a server is held to: set in place of the arguments that it hides, and nothing
// else taken.
#pragma once

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// Of a call whose server has limits; `given` as the caller wrote it. Errors: permission_denied, a
// value that is not among the allowed, or a raw expression about what is not shown.
Outcome<> apply_limits(const Call& call, json::Object& given);

}  // namespace patchbay::gateway
