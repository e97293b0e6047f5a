// The same write again, although nobody wished for a second one.
//
// Clients send a call again when its connection breaks, and some when it takes long: the first is
// carried to its end all the same. So the same tool with the same arguments on the same MCP server
// is answered with the first one's outcome while that runs, and for a while after an answer that
// did not arrive (GatewayOptions::repeat_window). What was answered, and is asked for again, is a
// new wish. Updates pass: doing them twice is doing them once.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway {

// write_once(), unless the same was just done. With allow_duplicate it is done. Errors: as
// write_once().
io::Task<Outcome<std::string>> write_unless_repeated(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
