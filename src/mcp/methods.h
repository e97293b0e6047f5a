// The methods of the protocol: one table of which era has which, and a function for each.
#pragma once

#include <expected>
#include <string_view>

#include "io/task.h"
#include "mcp/jsonrpc.h"
#include "mcp/result.h"
#include "mcp/tool_host.h"

namespace patchbay::mcp {

struct MethodContext {
  const ToolHost& host;
  const http::Headers& headers;
  ServerInfo server;
  Exchange exchange;
};

using MethodResult = std::expected<ResultBody, Fault>;
// `call` and `context` live until the task ends.
using MethodHandler = io::Task<MethodResult> (*)(Call& call, const MethodContext& context);

// Null: this era has no such method, or not on this host.
MethodHandler find_method(std::string_view name, Era era, const ToolHost& host);

}  // namespace patchbay::mcp
