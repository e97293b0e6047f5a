// A method's run, and its result as the caller's era has it.
#pragma once

#include <string>

#include "http/message.h"
#include "mcp/methods/methods.h"

namespace patchbay::mcp {

// Faults of ours become -32603 and a log line; nothing is thrown.
io::Task<MethodResult> run_method(MethodHandler method, MethodCall& call,
                                  const MethodContext& context);

// The answer as one HTTP response of the caller's era.
http::Response respond(MethodResult result, const MethodCall& call, const MethodContext& context);
std::string respond_text(MethodResult result, const MethodCall& call, const MethodContext& context);

}  // namespace patchbay::mcp
