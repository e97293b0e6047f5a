// One record: read, or as it is written within the size cap.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// Errors: upstream (the answer is no record), or the upstream's refusal.
io::Task<Outcome<std::string>> read_record(Call& call, const Prepared& prepared);

// A JSON object within the size cap, with what names became (see resolved_names) and the call's
// notice.
std::string write_record(Call& call, std::string record, std::string resolved);
// The same of what an upstream sent, which may be large.
io::Task<std::string> write_large_record(Call& call, std::string record, std::string resolved);

// Whether a JSON text is an object ('{') or an array ('[').
bool begins_with(std::string_view body, char wanted);

}  // namespace patchbay::gateway
