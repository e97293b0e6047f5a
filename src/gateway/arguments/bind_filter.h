// Filters to one expression in the API's language.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// Typed filters, what they imply, what all records of the list have, and the caller's own
// expression, ANDed; "" for none. Errors: invalid_argument (a value that the language cannot
// express, filters that contradict each other, a faulty expression).
Outcome<std::string> bind_filter(const Call& call, const Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
