// Members of a JSON object that a caller wrote.
#pragma once

#include <span>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::control {

// Error invalid_argument naming the first member that is not `known`, and the nearest that is.
// `where`: "config", or empty for the whole body.
Result<> only_known_members(const json::Object& object, std::string_view where,
                            std::span<const std::string_view> known);

// Lays each member of `patch` over `base`; null removes it.
json::Value merge_shallowly(json::Value base, const json::Object& patch);
// The same, and so for the members of objects within (`quota`, `argument_limits`): a bound that is
// not spoken of stays. One that loses its last member goes.
json::Value merge_config(json::Value base, const json::Object& patch);

}  // namespace patchbay::control
