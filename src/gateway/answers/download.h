// An answer that is a file: what it is goes into the result's text, its content beside it.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: too_large, invalid_argument (an offset beyond the text), or the upstream's refusal.
io::Task<Outcome<Content>> download_file(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
