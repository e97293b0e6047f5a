// A refusal's leads followed: what there is in place of a name that the upstream does not know, and
// whose record an id is that it did not find.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Adds what it finds to the error; without leads it asks nobody. Forgets what was believed of the
// names that the upstream contradicts.
io::Task<> explain(Call& call, const Prepared& prepared, ToolError& error);

}  // namespace patchbay::gateway
