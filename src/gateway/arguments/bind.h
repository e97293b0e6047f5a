// Arguments to the request's parts: what was said, with ids in place of names, to path, query,
// filter expression and body.
#pragma once

#include "gateway/arguments/custom_fields.h"
#include "gateway/call/arguments.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// `custom`: what custom fields became. Errors: invalid_argument.
Outcome<Bound> bind(const Call& call, const Arguments& arguments, const Names& names,
                    CustomFieldValues custom);

}  // namespace patchbay::gateway
