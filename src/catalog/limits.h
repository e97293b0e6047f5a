// How many records a list's tool gives.
#pragma once

#include <cstdint>

namespace patchbay::catalog {

inline constexpr std::int64_t kDefaultLimit = 25;  // where a call has no `limit`
inline constexpr std::int64_t kMaxLimit = 1'000;

}  // namespace patchbay::catalog
