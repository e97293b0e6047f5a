// A write sent, and what became of it.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// The record that came back, or what the write is known by where the API answers with nothing.
// Error: the upstream's refusal, which says whether the write took place.
io::Task<Outcome<std::string>> write(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
