// The methods of the protocol: one table of which era has which, and a function for each
// (handshake.cpp, content.cpp).
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "io/task.h"
#include "mcp/methods/services.h"
#include "mcp/server/server.h"
#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {

struct MethodContext {
  const Server& server;
  McpServices& services;
  Conversation& conversation;
};

using MethodResult = std::expected<ResultBody, Fault>;
// Arguments live until the task ends.
using MethodHandler = io::Task<MethodResult> (*)(MethodCall& call, const MethodContext& context);

// Null: this era has no such method, or this server does not offer what it belongs to.
MethodHandler find_method(std::string_view name, Era era, const Server& server);

// Methods that run something, and so may take their time, be given up, and speak before they
// answer.
bool runs_something(std::string_view method);

ServerInfo server_info(const MethodContext& context);

// handshake.cpp
io::Task<MethodResult> initialize(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> discover(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> ping(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> set_log_level(MethodCall& call, const MethodContext& context);

// content.cpp
// A tool's arguments as the JSON text of an object, which some clients send, become that object;
// what is no such text stays, for the method to refuse. Fault: it holds too many values.
std::optional<Fault> mend_arguments(MethodCall& call);
io::Task<MethodResult> list_tools(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> call_tool(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> list_prompts(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> get_prompt(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> list_resources(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> list_resource_templates(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> read_resource(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> subscribe_resource(MethodCall& call, const MethodContext& context);
io::Task<MethodResult> complete_argument(MethodCall& call, const MethodContext& context);

}  // namespace patchbay::mcp
