// Work on what an upstream sent: as much of it as an upstream likes.
#pragma once

#include <cstddef>
#include <utility>

#include "gateway/call/call.h"
#include "io/runtime.h"
#include "io/task.h"

namespace patchbay::gateway {

// `work` on `bytes` of text: here, or where that is much, off the loop, so that other calls go on
// meanwhile. Its result. What it looks at stays as it is until then.
template <class Work>
auto off_loop(const Call& call, std::size_t bytes, Work work) -> io::Task<decltype(work())> {
  if (bytes <= call.services.options.offload_bytes) co_return work();
  co_return co_await call.services.runtime.run_blocking(std::move(work));
}

}  // namespace patchbay::gateway
