// Which records a filter means, by the tool that lists them: counted first, and gone on with only
// by who says how many they are.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "catalog/tool.h"
#include "gateway/call/context.h"
#include "gateway/call/tool_error.h"
#include "gateway/many/asked.h"
#include "gateway/many/many.h"
#include "io/task.h"

namespace patchbay::gateway {

using Ids = std::vector<std::int64_t>;

// The records' ids if they are as many as the call expects, else what it is told in place of that:
// how many there are and which, or why nothing was written.
io::Task<std::variant<Ids, CallResult>> find_filtered(const catalog::Tool& tool,
                                                      const Filtered& filtered,
                                                      const CallContext& context,
                                                      const SingleCall& call);

}  // namespace patchbay::gateway
