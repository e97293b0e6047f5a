// Fields that repeat what another field's record says: a ticket's contactEmailAddress is its
// contact's. They are set to what the new record says, whether the API would do it by itself or
// not.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Into `names.followed`; what to tell of it. `changed`: fields that change; `given`: those that are
// not touched. Errors: a look-up that failed.
io::Task<Outcome<std::vector<std::string>>> follow_copies(Call& call, const Arguments& arguments,
                                                          Names& names,
                                                          const std::set<std::string>& changed,
                                                          const std::set<std::string>& given);

}  // namespace patchbay::gateway
