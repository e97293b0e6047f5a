// Arguments that say different things of the same field.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// Null is no value, and like none.
bool same_value(const json::Value* a, const json::Value& b);

std::unexpected<ToolError> refuse_contradiction(const std::string& first, const std::string& second,
                                                std::string_view field);

}  // namespace patchbay::gateway
