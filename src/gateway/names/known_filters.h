// Whether what filters name exists. A list that finds something shows by itself that it does, and
// costs one request; one that came back empty is looked into, however it was asked: page, count or
// step of a composite.
#pragma once

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Of a list that is empty. Error: invalid_argument, with what there is in place of what the filters
// name.
io::Task<Outcome<>> check_filters_name_something(Call& call, const Arguments& arguments,
                                                 const Names& names);

// Before a list is asked: of several names that nothing scopes one may be wrong while the others
// find something, and a name beside an id must agree with it. The same error.
io::Task<Outcome<>> check_doubtful_filters(Call& call, const Arguments& arguments,
                                           const Names& names);

}  // namespace patchbay::gateway
