#include "mcp/live_call.h"

#include <utility>

#include "http/sse.h"
#include "io/runtime.h"
#include "mcp/methods/run_method.h"

namespace patchbay::mcp {
namespace {

MethodContext context_of(LiveCall& live) {
  return {.server = *live.server, .services = live.services, .conversation = live.conversation};
}

io::Task<> run(std::shared_ptr<LiveCall> live) {
  const MethodContext context = context_of(*live);
  live->result = co_await run_method(live->method, live->call, context);
  live->cancellable = {};
  live->conversation.outbox->close();
}

io::Task<> write_stream(std::shared_ptr<LiveCall> live, http::StreamWriter& writer) {
  io::CancelToken::Registration gone;
  if (live->conversation.client.era == Era::modern) {
    std::weak_ptr<io::CancelSource> cancel = live->cancel;
    gone = writer.disconnected().on_cancel([cancel] {
      if (const auto source = cancel.lock()) source->cancel();
    });
  }
  if (!co_await write_events(*live->conversation.outbox, writer)) co_return;
  const std::string text = respond_text(std::move(*live->result), live->call, context_of(*live));
  co_await writer.write(http::sse_event("message", text));
}

}  // namespace

io::Task<http::Response> answer_live(std::shared_ptr<LiveCall> live) {
  io::spawn_here([live] { return run(live); });
  co_await live->conversation.outbox->wait();
  if (live->result && live->conversation.outbox->empty()) {
    co_return respond(std::move(*live->result), live->call, context_of(*live));
  }
  co_return http::sse_response(
      [live](http::StreamWriter& writer) { return write_stream(live, writer); });
}

}  // namespace patchbay::mcp
