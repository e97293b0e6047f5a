// Values that may stand together only as the API allows: a type, its subtype, its item.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"

namespace patchbay::gateway {

// Adds a violation for what does not go together. Errors: a look-up that failed.
io::Task<Outcome<>> check_combination(Call& call, Arguments& arguments, const Names& names,
                                      const integration::Combination& combination);

}  // namespace patchbay::gateway
