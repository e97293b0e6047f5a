// Reading members of JSON that a caller wrote, with errors that say what to do.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "json/value.h"

namespace patchbay::control {

// Error invalid_argument naming the first member that is not `known`, and the nearest that is.
// `where`: "config", or empty for the whole body.
Result<> only_known_members(const json::Object& object, std::string_view where,
                            std::initializer_list<std::string_view> known);

// A name for people: 1 to 200 characters after trimming, no control characters.
Result<std::string> read_name(const json::Value* value, std::string_view member);
// The same for optional text of up to 200 characters, which may be empty.
Result<std::string> read_label(const json::Value& value, std::string_view member);

// null, or ISO 8601 (UTC where no offset is given).
Result<std::optional<WallTime>> read_optional_time(const json::Value& value,
                                                   std::string_view member);

// Each member of `patch` replaces that of `base`; null removes it.
json::Value merge_shallowly(json::Value base, const json::Object& patch);

}  // namespace patchbay::control
