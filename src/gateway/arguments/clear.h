// How an update empties a field: by its argument's name in `clear`, a list of its own. What clients
// send for all that was left out (absent.h) cannot do it.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

bool is_clearable(const integration::Method& method, std::string_view argument_name);

// The arguments whose fields are to be emptied. Takes `clear` out of what was given; what cannot be
// cleared, and what has a value beside it, is told.
std::vector<const integration::Argument*> take_cleared(const Call& call, json::Object& given,
                                                       std::vector<FieldError>& violations);

}  // namespace patchbay::gateway
