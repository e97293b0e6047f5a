// What a call spared a model, as an estimate: the same wherever it is told.
#pragma once

#include <algorithm>
#include <cstdint>

namespace patchbay::audit {

inline constexpr std::int64_t kBytesPerToken = 4;  // of English and JSON, about

// Of bytes that came from the upstream and bytes that were passed on; never negative.
inline std::int64_t tokens_saved(std::int64_t upstream_bytes, std::int64_t result_bytes) {
  return std::max<std::int64_t>(0, upstream_bytes - result_bytes) / kBytesPerToken;
}

}  // namespace patchbay::audit
