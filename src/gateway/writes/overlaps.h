// Times of one member that overlap: whose, when, and with what.
#pragma once

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"
#include "json/value.h"

namespace patchbay::gateway {

// A notice of what overlaps with the record that the call makes. `record`, as it came back, says
// what the call does not: whose time it is, from when and until when. Nothing where neither does.
io::Task<> tell_overlaps(Call& call, const Prepared& prepared, const json::Value& record);
// Before it is sent, as far as the call, and of an update the record as it stands, says it.
io::Task<> tell_overlaps(Call& call, const Prepared& prepared);

// Into the message of a write that was refused, since that may be why.
io::Task<> explain_overlaps(Call& call, const Prepared& prepared, ToolError& error);

}  // namespace patchbay::gateway
