// Which of a record's fields the upstream is asked for.
#pragma once

#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// The value of the upstream's fields parameter: what the caller asked for, or `otherwise`; always
// with the id and `also`. "" for everything. Error: invalid_argument with the nearest names of an
// unknown one.
Outcome<std::string> choose_fields(const Call& call, const Arguments& arguments,
                                   const std::vector<std::string>& otherwise,
                                   const std::vector<std::string>& also);

// What to ask for in order to read these fields of a list's records, and their ids. "" for
// everything.
std::string fields_for(const Call& call, const std::vector<std::string>& paths);

}  // namespace patchbay::gateway
