// Ids that are taken for another's: a project ticket is no service ticket, though callers and
// people call both a ticket. What one resource does not know is asked of its sibling, once, before
// the caller is told.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// If the sibling of the call's resource has the record that the path names, says so in `error`.
io::Task<> look_at_sibling(Call& call, const Arguments& arguments, ToolError& error);
// The label of the resource's sibling, if that has a record of this id; else "".
io::Task<std::string> sibling_that_has(Call& call, const integration::Resource& resource,
                                       json::Value id);

}  // namespace patchbay::gateway
