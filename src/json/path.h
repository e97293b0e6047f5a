// Values within values by a path of member names, as definitions and APIs write it.
#pragma once

#include <string_view>

#include "json/value.h"

namespace patchbay::json {

// The member at "status/name" or "/status/name"; "" and "/" are the value itself. Members of
// objects only, without escapes. Null: there is none.
const Value* find_at(const Value& value, std::string_view path);
const Value* find_at(const Object& object, std::string_view path);  // a path of one name at least

}  // namespace patchbay::json
