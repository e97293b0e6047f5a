// A write that would make a second record of what is there already.
#pragma once

#include <string>
#include <vector>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: conflict with the record that is there already; else the look-up's failure.
io::Task<Outcome<>> refuse_duplicate(Call& call, const Prepared& prepared);

// What two writes share, one of these at least, if one would make the like of what the other makes.
// Asks nobody; others may share it as well.
std::vector<std::string> known_by(const Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
