// Ids that must be of different records: a ticket is not merged into itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

// The ids that an argument gives, as numbers or texts, or by the names that were resolved.
std::vector<std::int64_t> ids_given(const Call& call, const Arguments& arguments,
                                    const Names& names, const std::string& argument_name);

// Error invalid_argument: the arguments that the method says must differ name one record twice.
Outcome<> check_distinct(const Call& call, const Arguments& arguments, const Names& names);

}  // namespace patchbay::gateway
