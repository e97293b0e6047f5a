// How long a call may be under way.
#pragma once

#include <chrono>

#include "gateway/call/services.h"

namespace patchbay::gateway {

// After this long a call that began is not under way any more, whatever became of it.
inline std::chrono::milliseconds longest_call(const GatewayOptions& options) {
  return 2 * (options.upstream_timeout + options.throttle.longest);
}

}  // namespace patchbay::gateway
