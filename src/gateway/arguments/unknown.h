// Arguments that a tool does not take: what was meant by them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/call/call.h"

namespace patchbay::gateway {

// Near names are looked for of so many unknown ones; a call with more is not a slip of the pen.
inline constexpr std::size_t kMostNearNames = 20;

// Whether clients add it to calls by themselves, so that nobody meant anything by it.
bool is_clients_own(std::string_view name);

// What is said of it: the argument or the tool that does the job, the nearest names, or all.
std::string unknown_argument(const Call& call, std::string_view name);

}  // namespace patchbay::gateway
