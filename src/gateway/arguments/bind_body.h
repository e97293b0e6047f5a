// Body fields to the body that the API takes.
#pragma once

#include <optional>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/names.h"
#include "gateway/call/tool_error.h"
#include "json/value.h"

namespace patchbay::gateway {

// `further`: members beside what the arguments give. Nothing: the request has no body. Errors:
// invalid_argument (arguments that contradict each other or say nothing alone, an update without a
// change).
Outcome<std::optional<json::Value>> bind_body(const Call& call, const Arguments& arguments,
                                              const Names& names, const json::Object& further);

}  // namespace patchbay::gateway
