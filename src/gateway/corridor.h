// The corridor of a call, from its arguments to what it gives.
#pragma once

#include "gateway/call/call.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// On the call's loop. Errors are said for a model.
io::Task<Outcome<Content>> run(Call& call, json::Object given);

}  // namespace patchbay::gateway
