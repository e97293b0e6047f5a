// An address of the API: a path with the arguments' values, or the ids of what they name, in it.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/arguments.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// A value as it stands in a path or query: arrays separated by commas.
std::string as_text(const json::Value& value);

// Error invalid_argument: a placeholder has no value, or one that cannot stand in an address.
Outcome<std::string> fill_path(const integration::Method& method, const Arguments& arguments,
                               const Names& names, const integration::PathTemplate& path);

}  // namespace patchbay::gateway
