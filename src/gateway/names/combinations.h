// Values that may stand together only as the API allows: a type, its subtype, its item.
#pragma once

#include <string>
#include <vector>

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

// Of the values that follow a move (names.followed), clears those that do not go with the others
// there, the most special first. The fields that were cleared. Errors: a look-up that failed.
io::Task<Outcome<std::vector<std::string>>> drop_what_does_not_go(
    Call& call, const Arguments& arguments, Names& names,
    const integration::Combination& combination);

}  // namespace patchbay::gateway
