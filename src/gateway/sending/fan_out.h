// Several upstream conversations of one call at the same time.
#pragma once

#include <functional>
#include <vector>

#include "io/runtime.h"

namespace patchbay::gateway {

// At once, per call. Of the APIs whose limits are known, the strictest bears four parallel requests
// and throttles at twelve.
inline constexpr std::size_t kRequestsAtOnce = 4;

// Runs the jobs on the calling loop, `kRequestsAtOnce` at a time, in their order of start. When all
// have ended, returns, or throws what one of them threw. What they refer to must live until then.
io::Task<> fan_out(io::Runtime& runtime, std::vector<std::function<io::Task<>()>> jobs);

}  // namespace patchbay::gateway
