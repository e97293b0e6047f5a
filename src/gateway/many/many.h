// A call of many records: each goes the way of a call of its own, a few at a time, and the answer
// has a verdict on each. Nothing of a record's way is known here.
#pragma once

#include <functional>
#include <vector>

#include "catalog/tool.h"
#include "gateway/call/context.h"
#include "io/runtime.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// A call of one record, or of the list that finds some: never fails, as Gateway::call. The tool
// lives until it ends.
using SingleCall = std::function<io::Task<CallResult>(const catalog::Tool& tool,
                                                      json::Object arguments, CallContext context)>;

// On the calling loop. References live until the task ends.
io::Task<CallResult> call_many(io::Runtime& runtime, const catalog::Tool& tool, json::Object given,
                               const CallContext& context, const SingleCall& call);

// Those alone, as calls that are made already.
io::Task<CallResult> write_records(io::Runtime& runtime, const catalog::Tool& tool,
                                   std::vector<json::Object> records, const CallContext& context,
                                   const SingleCall& call);

}  // namespace patchbay::gateway
