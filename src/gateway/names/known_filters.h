// A list that came back empty: is nothing there, or does a filter name what does not exist? Only
// then is it looked into, so that a list which finds something costs one request.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Error: invalid_argument, with what there is in place of what the filters name.
io::Task<Outcome<>> check_filters_name_something(Call& call, const Arguments& arguments,
                                                 const Names& names);

}  // namespace patchbay::gateway
