// Filters to expressions in the API's language.
#pragma once

#include <string>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

struct BoundFilter {
  std::string own;       // about the records' own fields; "" for none
  std::string children;  // about the members of their arrays, a parameter of its own; "" for none
};

// Typed filters, what they imply, what all records of the list have, and the caller's own
// expression about the records' fields, ANDed. Errors: invalid_argument (a value that the language
// cannot express, filters that contradict each other, a faulty expression).
Outcome<BoundFilter> bind_filter(const Call& call, const Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
