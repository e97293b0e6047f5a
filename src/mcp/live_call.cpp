#include "mcp/live_call.h"

#include <chrono>
#include <exception>
#include <utility>

#include "http/sse.h"
#include "io/runtime.h"

namespace patchbay::mcp {
namespace {

MethodContext context_of(LiveCall& live) {
  return {.server = *live.server, .services = live.services, .exchange = live.exchange};
}

io::Task<> run(std::shared_ptr<LiveCall> live) {
  const MethodContext context = context_of(*live);
  live->result = co_await run_method(live->method, live->call, context);
  live->cancellable = {};
  live->exchange.outbox->close();
}

io::Task<> write_stream(std::shared_ptr<LiveCall> live, http::StreamWriter& writer) {
  io::CancelToken::Registration gone;
  if (live->exchange.client.era == Era::modern) {
    std::weak_ptr<io::CancelSource> cancel = live->cancel;
    gone = writer.disconnected().on_cancel([cancel] {
      if (const auto source = cancel.lock()) source->cancel();
    });
  }
  if (!co_await write_events(*live->exchange.outbox, writer)) co_return;
  const std::string text = respond_text(std::move(*live->result), live->call, context_of(*live));
  co_await writer.write(http::sse_event("message", text));
}

}  // namespace

namespace {

io::Task<MethodResult> run_guarded(MethodHandler method, Call& call, const MethodContext& context) {
  try {
    co_return co_await method(call, context);
  } catch (const std::exception& failure) {
    context.services.log.write(telemetry::Level::error, "an MCP method failed",
                               {{"request_id", std::string_view(context.exchange.request_id)},
                                {"method", std::string_view(call.method)},
                                {"error", std::string_view(failure.what())}});
  }
  Fault fault;
  fault.message = "Internal error (request " + context.exchange.request_id + ").";
  co_return std::unexpected(std::move(fault));
}

// Who called what, and how it went. No arguments: they are the caller's data.
void note(const MethodResult& result, const Call& call, const MethodContext& context,
          std::chrono::steady_clock::duration took) {
  const Client& client = context.exchange.client;
  const std::string_view name = call.params.string_or("name", "");
  context.services.log.write(telemetry::Level::debug, "mcp",
                             {{"request_id", std::string_view(context.exchange.request_id)},
                              {"mcp_server_id", context.server.id()},
                              {"revision", to_string(client.revision)},
                              {"client", std::string_view(client.name)},
                              {"client_version", std::string_view(client.version)},
                              {"method", std::string_view(call.method)},
                              {"name", context.server.has_tool(name) ? name : std::string_view()},
                              {"code", std::int64_t{result ? 0 : result.error().code}},
                              {"ms", std::chrono::duration<double, std::milli>(took).count()}});
}

}  // namespace

io::Task<MethodResult> run_method(MethodHandler method, Call& call, const MethodContext& context) {
  if (!context.services.log.enabled(telemetry::Level::debug)) {
    co_return co_await run_guarded(method, call, context);
  }
  const auto begin = std::chrono::steady_clock::now();
  MethodResult result = co_await run_guarded(method, call, context);
  note(result, call, context, std::chrono::steady_clock::now() - begin);
  co_return result;
}

io::Task<http::Response> answer_live(std::shared_ptr<LiveCall> live) {
  io::spawn_here([live] { return run(live); });
  co_await live->exchange.outbox->wait();
  if (live->result && live->exchange.outbox->empty()) {
    co_return respond(std::move(*live->result), live->call, context_of(*live));
  }
  co_return http::sse_response(
      [live](http::StreamWriter& writer) { return write_stream(live, writer); });
}

http::Response respond(MethodResult result, const Call& call, const MethodContext& context) {
  if (result) {
    return result_response(context.exchange.client.era, call.id, std::move(*result),
                           server_info(context));
  }
  result.error().id = call.id;
  return fault_response(result.error());
}

std::string respond_text(MethodResult result, const Call& call, const MethodContext& context) {
  if (result) {
    return result_text(context.exchange.client.era, call.id, std::move(*result),
                       server_info(context));
  }
  result.error().id = call.id;
  return fault_text(result.error());
}

}  // namespace patchbay::mcp
