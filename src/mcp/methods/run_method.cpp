#include "mcp/methods/run_method.h"

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace patchbay::mcp {
namespace {

// By which a line of the log is found from a trace: our own span's, or what the caller said.
struct TraceIds {
  explicit TraceIds(const Conversation& conversation) {
    if (conversation.span) {
      const telemetry::SpanContext context = conversation.span.context();
      trace = telemetry::to_hex(context.trace);
      span = telemetry::to_hex(context.span);
    } else if (const auto remote = telemetry::read_traceparent(conversation.traceparent)) {
      trace = telemetry::to_hex(remote->trace);
    }
  }
  telemetry::Field trace_field() const { return {"trace_id", std::string_view(trace), true}; }
  telemetry::Field span_field() const { return {"span_id", std::string_view(span), true}; }

  std::string trace;
  std::string span;
};

// What the span of a request says of it, by OpenTelemetry's conventions for MCP. The request's id
// and whatever else the caller makes up stay out.
void describe(const telemetry::SpanRef& span, const MethodCall& call,
              const MethodContext& context) {
  span.say("mcp.method.name", call.method);
  span.say("mcp.protocol.version", to_string(context.conversation.client.revision));
  span.say("http.request.method", "POST");
  span.say("http.route", "/mcp/:token");
  span.say("patchbay.mcp_server.id", context.server.id());
  span.say("patchbay.request.id", context.conversation.request_id);
}

io::Task<MethodResult> run_guarded(MethodHandler method, MethodCall& call,
                                   const MethodContext& context) {
  try {
    co_return co_await method(call, context);
  } catch (const std::exception& failure) {
    const TraceIds ids(context.conversation);
    context.services.log.write(telemetry::Level::error, "an MCP method failed",
                               {{"request_id", std::string_view(context.conversation.request_id)},
                                {"method", std::string_view(call.method)},
                                {"error", std::string_view(failure.what())},
                                ids.trace_field(),
                                ids.span_field()});
  }
  Fault fault;
  fault.message = "Internal error (request " + context.conversation.request_id + ").";
  co_return std::unexpected(std::move(fault));
}

// Who called what, and how it went. No arguments: they are the caller's data. The name only of what
// there is: any other text is the caller's, too.
void note(const MethodResult& result, const MethodCall& call, const MethodContext& context,
          std::chrono::steady_clock::duration took) {
  const McpClient& client = context.conversation.client;
  const TraceIds ids(context.conversation);
  const std::string_view name = result ? call.params.string_or("name", "") : std::string_view();
  context.services.log.write(telemetry::Level::debug, "mcp",
                             {{"request_id", std::string_view(context.conversation.request_id)},
                              {"mcp_server_id", context.server.id()},
                              {"revision", to_string(client.revision)},
                              {"client", std::string_view(client.name)},
                              {"client_version", std::string_view(client.version)},
                              {"method", std::string_view(call.method)},
                              {"name", name},
                              {"code", std::int64_t{result ? 0 : result.error().code}},
                              {"ms", std::chrono::duration<double, std::milli>(took).count()},
                              ids.trace_field(),
                              ids.span_field()});
}

io::Task<MethodResult> run_logged(MethodHandler method, MethodCall& call,
                                  const MethodContext& context) {
  if (!context.services.log.enabled(telemetry::Level::debug)) {
    co_return co_await run_guarded(method, call, context);
  }
  const auto begin = std::chrono::steady_clock::now();
  MethodResult result = co_await run_guarded(method, call, context);
  note(result, call, context, std::chrono::steady_clock::now() - begin);
  co_return result;
}

io::Task<MethodResult> run_traced(std::unique_ptr<telemetry::Trace> trace, MethodHandler method,
                                  MethodCall& call, const MethodContext& context) {
  const telemetry::Span span(trace.get(), call.method, telemetry::SpanKind::server);
  context.conversation.span = span.ref();
  describe(span.ref(), call, context);
  MethodResult result = co_await run_logged(method, call, context);
  if (!result) span.ref().fail(std::to_string(result.error().code));
  context.conversation.span = {};
  co_return result;
}

}  // namespace

io::Task<MethodResult> run_method(MethodHandler method, MethodCall& call,
                                  const MethodContext& context) {
  if (const telemetry::Tracer* const tracer = context.services.tracer) {
    const Conversation& conversation = context.conversation;
    if (auto trace = tracer->begin(conversation.traceparent, conversation.tracestate)) {
      return run_traced(std::move(trace), method, call, context);
    }
  }
  return run_logged(method, call, context);
}

http::Response respond(MethodResult result, const MethodCall& call, const MethodContext& context) {
  if (result) {
    return result_response(context.conversation.client.era, call.id, std::move(*result),
                           server_info(context));
  }
  result.error().id = call.id;
  return fault_response(result.error());
}

std::string respond_text(MethodResult result, const MethodCall& call,
                         const MethodContext& context) {
  if (result) {
    return result_text(context.conversation.client.era, call.id, std::move(*result),
                       server_info(context));
  }
  result.error().id = call.id;
  return fault_text(result.error());
}

}  // namespace patchbay::mcp
