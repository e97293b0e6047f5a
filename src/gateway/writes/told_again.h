// The outcome of an earlier call like this one, with the words that it is.
#pragma once

#include <string>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"

namespace patchbay::gateway {

Outcome<std::string> told_again(const Call& call, const Outcome<std::string>& first);

}  // namespace patchbay::gateway
