// How many records a list has, in place of a page of them.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: upstream (the answer is no count), or the upstream's refusal.
io::Task<Outcome<std::int64_t>> count_of(Call& call, const Prepared& prepared);
// {"count": 7}. Errors: upstream (the answer is no count), or the upstream's refusal.
io::Task<Outcome<std::string>> count_records(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
