#include "mcp/methods/run_method.h"

#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

namespace patchbay::mcp {
namespace {

io::Task<MethodResult> run_guarded(MethodHandler method, MethodCall& call,
                                   const MethodContext& context) {
  try {
    co_return co_await method(call, context);
  } catch (const std::exception& failure) {
    context.services.log.write(telemetry::Level::error, "an MCP method failed",
                               {{"request_id", std::string_view(context.conversation.request_id)},
                                {"method", std::string_view(call.method)},
                                {"error", std::string_view(failure.what())}});
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
                              {"ms", std::chrono::duration<double, std::milli>(took).count()}});
}

}  // namespace

io::Task<MethodResult> run_method(MethodHandler method, MethodCall& call,
                                  const MethodContext& context) {
  if (!context.services.log.enabled(telemetry::Level::debug)) {
    co_return co_await run_guarded(method, call, context);
  }
  const auto begin = std::chrono::steady_clock::now();
  MethodResult result = co_await run_guarded(method, call, context);
  note(result, call, context, std::chrono::steady_clock::now() - begin);
  co_return result;
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
