#include "mcp/ladder.h"

#include <exception>
#include <utility>

#include "mcp/envelope.h"
#include "mcp/era.h"
#include "mcp/headers.h"
#include "mcp/jsonrpc.h"
#include "mcp/methods.h"
#include "mcp/result.h"

namespace patchbay::mcp {
namespace {

http::Response accepted() {
  return http::Response{.status = 202};
}

Fault with_id(Fault fault, const Call& call) {
  fault.id = call.id;
  return fault;
}

Client legacy_client(const Call& call, Revision revision) {
  Client client;
  client.revision = revision;
  if (call.method == "initialize") {
    if (const json::Value* info = call.params.find("clientInfo")) {
      client.name = info->string_or("name", "");
      client.version = info->string_or("version", "");
    }
  }
  return client;
}

// One request on its way through the ladder, with what it found out about itself.
struct Passage {
  const ToolHost& host;
  http::Request& request;
  ServerInfo server;
  const telemetry::Log& log;

  Exchange exchange(Client client, const Call& call) const;
  io::Task<MethodResult> run(MethodHandler method, Call& call, Client client) const;
  io::Task<http::Response> answer_modern(Call call) const;
  io::Task<http::Response> answer_legacy(Call call, Revision revision) const;
  io::Task<std::string> answer_in_batch(Call call, Revision revision) const;
  io::Task<http::Response> answer_batch(Batch batch, Revision revision) const;
};

Exchange Passage::exchange(Client client, const Call& call) const {
  Exchange out;
  // Only a modern client gives up by going away; a legacy one may come back for its answer.
  // Watching costs a system call, and only calls of tools run long enough to be given up.
  if (client.era == Era::modern && call.method == "tools/call" && request.watch_disconnect) {
    out.cancel = request.watch_disconnect();
  }
  out.traceparent = read_traceparent(call, request.headers);
  out.request_id = request.id;
  out.client = std::move(client);
  return out;
}

io::Task<MethodResult> Passage::run(MethodHandler method, Call& call, Client client) const {
  const MethodContext context{.host = host,
                              .headers = request.headers,
                              .server = server,
                              .exchange = exchange(std::move(client), call)};
  try {
    co_return co_await method(call, context);
  } catch (const std::exception& failure) {
    log.write(telemetry::Level::error, "a method failed",
              {{"request_id", std::string_view(request.id)},
               {"method", std::string_view(call.method)},
               {"error", std::string_view(failure.what())}});
    Fault fault;
    fault.message = "Internal error (request " + request.id + ").";
    co_return std::unexpected(std::move(fault));
  }
}

// Steps 9 to 17 for a request with an envelope.
io::Task<http::Response> Passage::answer_modern(Call call) const {
  std::expected<Client, Fault> client = read_envelope(call, request.headers);  // 9 to 12
  if (!client) co_return fault_response(with_id(std::move(client.error()), call));
  const MethodHandler method = find_method(call.method, Era::modern, host);  // 13
  if (method == nullptr) {
    co_return fault_response(with_id(unknown_method(Era::modern, call.method), call));
  }
  MethodResult result = co_await run(method, call, std::move(*client));  // 14 to 17
  if (!result) co_return fault_response(with_id(std::move(result.error()), call));
  co_return result_response(Era::modern, call.id, std::move(*result), server);
}

// The same for clients that began with `initialize`, or with nothing at all: no server of ours
// keeps a session, so that none is needed.
io::Task<http::Response> Passage::answer_legacy(Call call, Revision revision) const {
  const MethodHandler method = find_method(call.method, Era::legacy, host);
  if (method == nullptr) {
    co_return fault_response(with_id(unknown_method(Era::legacy, call.method), call));
  }
  MethodResult result = co_await run(method, call, legacy_client(call, revision));
  if (!result) co_return fault_response(with_id(std::move(result.error()), call));
  co_return result_response(Era::legacy, call.id, std::move(*result), server);
}

io::Task<std::string> Passage::answer_in_batch(Call call, Revision revision) const {
  const MethodHandler method = find_method(call.method, Era::legacy, host);
  if (method == nullptr) {
    co_return fault_text(with_id(unknown_method(Era::legacy, call.method), call));
  }
  MethodResult result = co_await run(method, call, legacy_client(call, revision));
  if (!result) co_return fault_text(with_id(std::move(result.error()), call));
  co_return result_text(Era::legacy, call.id, std::move(*result), server);
}

// One after the other: a batch is one client's one request, and gets one client's share.
io::Task<http::Response> Passage::answer_batch(Batch batch, Revision revision) const {
  std::string body;
  for (Message& message : batch) {
    Call* call = std::get_if<Call>(&message);
    if (call == nullptr) continue;
    std::string text = co_await answer_in_batch(std::move(*call), revision);
    body += body.empty() ? '[' : ',';
    body += text;
  }
  if (body.empty()) co_return accepted();
  body += ']';
  co_return http::Response::json(200, std::move(body));
}

}  // namespace

io::Task<http::Response> answer(const ToolHost& host, http::Request& request,
                                std::string_view server_version, const telemetry::Log& log) {
  const Passage passage{.host = host,
                        .request = request,
                        .server = {.version = server_version, .title = host.title()},
                        .log = log};
  std::expected<Incoming, Fault> incoming = read_messages(request.body);  // 6 and 7
  if (!incoming) co_return fault_response(incoming.error());

  Classified era = classify(*incoming, request.headers.find(kVersionHeader));  // 8
  if (Fault* fault = std::get_if<Fault>(&era)) co_return fault_response(*fault);
  if (const LegacyBatch* legacy = std::get_if<LegacyBatch>(&era)) {
    co_return co_await passage.answer_batch(std::get<Batch>(std::move(*incoming)),
                                            legacy->revision);
  }
  Call* call = std::get_if<Call>(&std::get<Message>(*incoming));
  if (call == nullptr) co_return accepted();  // notifications and replies are taken, not answered
  if (const LegacyMessage* legacy = std::get_if<LegacyMessage>(&era)) {
    co_return co_await passage.answer_legacy(std::move(*call), legacy->revision);
  }
  co_return co_await passage.answer_modern(std::move(*call));
}

}  // namespace patchbay::mcp
