// A call that may speak before it answers: progress, logs, questions. It runs beside the coroutine
// that answers the HTTP request, which waits for whichever comes first. If that is the result, the
// response is plain JSON, with whatever status it deserves; if it is a message, the response
// becomes an event stream that ends with the result.
#pragma once

#include <memory>
#include <optional>

#include "http/message.h"
#include "io/cancel.h"
#include "mcp/methods/cancellations.h"
#include "mcp/methods/methods.h"

namespace patchbay::mcp {

// Owned by its two coroutines and the response's stream; outlives the request where the client goes
// away and the call must not (legacy).
struct LiveCall {
  std::shared_ptr<const Server> server;
  McpServices& services;
  MethodHandler method;
  MethodCall call;
  Conversation conversation;
  std::shared_ptr<io::CancelSource> cancel;
  Cancellations::Entry cancellable;
  std::optional<MethodResult> result;  // set when the outbox closes
};

io::Task<http::Response> answer_live(std::shared_ptr<LiveCall> live);

}  // namespace patchbay::mcp
