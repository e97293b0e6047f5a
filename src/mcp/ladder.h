// From a body to its answer: the protocol's validation ladder, in its order (reference: the table
// of docs/mcp-conformance.md). access.h holds the steps before the body is read.
#pragma once

#include <string_view>

#include "http/message.h"
#include "io/task.h"
#include "mcp/tool_host.h"
#include "telemetry/log.h"

namespace patchbay::mcp {

// All arguments live until the task ends.
io::Task<http::Response> answer(const ToolHost& host, http::Request& request,
                                std::string_view server_version, const telemetry::Log& log);

}  // namespace patchbay::mcp
