// Further calls per record whose answers are merged into it (DESIGN 6).
#pragma once

#include <string>
#include <vector>

#include "gateway/call/arguments.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "integration/model.h"
#include "io/task.h"

namespace patchbay::gateway {

// The expansions that this call has switched on.
std::vector<const integration::Expansion*> active_expansions(const Call& call,
                                                             const Arguments& arguments);

// How many records a page has at most while expansions are on: each costs a call upstream.
inline constexpr std::int64_t kMaxExpandedRecords = 50;

// Merges into each of `records` (shaped JSON objects). What could not be fetched is left out and
// told in the call's notice; a rate limit ends the call.
io::Task<Outcome<>> expand(Call& call, const Arguments& arguments,
                           std::vector<const integration::Expansion*> expansions,
                           std::vector<std::string>& records);

}  // namespace patchbay::gateway
