#include "mcp/ladder.h"

#include <utility>

#include "http/sse.h"
#include "mcp/live_call.h"
#include "mcp/methods/methods.h"
#include "mcp/wire/envelope.h"
#include "mcp/wire/era.h"
#include "mcp/wire/headers.h"
#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {
namespace {

// One HTTP request on its way through the ladder.
struct Passage {
  std::shared_ptr<const Server> server;
  http::Request& request;
  Services& services;
  Acceptable acceptable;

  io::Task<http::Response> answer_modern(Call call) const;
  io::Task<http::Response> answer_legacy(Call call, Revision revision) const;
  io::Task<http::Response> answer_batch(Batch batch, Revision revision) const;
  void take_notification(const Notification& notification) const;
  http::Response listen(const Call& call) const;

  Caller caller() const;
  Client legacy_client(const Call& call, Revision revision) const;
  Exchange exchange_for(const Call& call, Client client, std::string progress_token) const;
  bool may_speak_first(const Call& call, const Exchange& exchange) const;
  io::Task<http::Response> run(MethodHandler method, Call call, Client client,
                               std::string progress_token) const;
};

http::Response accepted() {
  return http::Response{.status = 202};
}

http::Response refused(Fault fault, const Call& call) {
  fault.id = call.id;
  return fault_response(fault);
}

// Step 14: arguments that a tool's schema mirrors in headers.
std::optional<Fault> check_mirrored_arguments(const Call& call, const Server& server,
                                              const http::Headers& headers) {
  if (call.method != "tools/call") return std::nullopt;
  const json::Value* schema = server.mirrored_schema(call.params.string_or("name", ""));
  const json::Value* arguments = call.params.find("arguments");
  if (schema == nullptr || arguments == nullptr) return std::nullopt;
  return check_parameter_headers(headers, *schema, *arguments);
}

// Steps 9 to 17 for a request with an envelope.
io::Task<http::Response> Passage::answer_modern(Call call) const {
  std::expected<Client, Fault> client = read_envelope(call, request.headers);  // 9 to 12
  if (!client) co_return refused(std::move(client.error()), call);
  if (call.method == "subscriptions/listen") co_return listen(call);  // answers with a stream
  const MethodHandler method = find_method(call.method, Era::modern, *server);  // 13
  if (method == nullptr) co_return refused(unknown_method(Era::modern, call.method), call);
  if (auto fault = check_mirrored_arguments(call, *server, request.headers)) {  // 14
    co_return refused(std::move(*fault), call);
  }
  std::expected<std::string, Fault> progress_token = read_progress_token(call);
  if (!progress_token) co_return refused(std::move(progress_token.error()), call);
  co_return co_await run(method, std::move(call), std::move(*client),  // 15 to 17
                         std::move(*progress_token));
}

// The same for clients that began with `initialize`, or with nothing at all: nothing here keeps a
// session, so that none is needed.
io::Task<http::Response> Passage::answer_legacy(Call call, Revision revision) const {
  const auto version = request.headers.find(kVersionHeader);
  if (version && check_version_header(request.headers, *version)) {
    co_return refused(not_a_message("MCP-Protocol-Version appears twice, with different values."),
                      call);
  }
  const MethodHandler method = find_method(call.method, Era::legacy, *server);
  if (method == nullptr) co_return refused(unknown_method(Era::legacy, call.method), call);
  std::expected<std::string, Fault> progress_token = read_progress_token(call);
  if (!progress_token) co_return refused(std::move(progress_token.error()), call);
  Client client = legacy_client(call, revision);
  co_return co_await run(method, std::move(call), std::move(client), std::move(*progress_token));
}

// One after the other: a batch is one client's one request, and gets one client's share.
io::Task<http::Response> Passage::answer_batch(Batch batch, Revision revision) const {
  Passage plain = *this;
  plain.acceptable.event_stream = false;  // its answers stand in one array
  std::string body;
  for (Message& message : batch) {
    if (const auto* notification = std::get_if<Notification>(&message)) {
      take_notification(*notification);
    }
    Call* call = std::get_if<Call>(&message);
    if (call == nullptr) continue;
    http::Response response = co_await plain.answer_legacy(std::move(*call), revision);
    body += body.empty() ? '[' : ',';
    body += whole_body(std::move(response));
  }
  if (body.empty()) co_return accepted();
  body += ']';
  co_return http::Response::json(200, std::move(body));
}

http::Response Passage::listen(const Call& call) const {
  if (!acceptable.event_stream) {
    return refusal(406, "not_acceptable", "subscriptions/listen answers with text/event-stream.");
  }
  auto response = services.listeners.listen(server, call, services.version);
  if (!response) return refused(std::move(response.error()), call);
  return std::move(*response);
}

void Passage::take_notification(const Notification& notification) const {
  if (notification.method != "notifications/cancelled") return;
  const json::Value* id_member = notification.params.find("requestId");
  const auto id = id_member != nullptr ? read_id(*id_member) : std::nullopt;
  if (id) services.cancellations.cancel(server->id(), caller(), *id);
}

Caller Passage::caller() const {
  return {.peer = request.peer,
          .forwarded_for = request.headers.find("X-Forwarded-For").value_or(""),
          .user_agent = request.headers.find("User-Agent").value_or("")};
}

Client Passage::legacy_client(const Call& call, Revision revision) const {
  Client client;
  client.revision = revision;
  if (call.method == "initialize") {
    if (const json::Value* info = call.params.find("clientInfo")) {
      client.name = info->string_or("name", "");
      client.version = info->string_or("version", "");
    }
    return client;
  }
  if (!server->asks()) return client;
  const auto session = request.headers.find("Mcp-Session-Id");
  if (!session) return client;
  auto capabilities = services.carried.open(*session, session_place(server->id()));
  if (capabilities) client.capabilities = std::move(*capabilities);
  return client;
}

Exchange Passage::exchange_for(const Call& call, Client client, std::string progress_token) const {
  Exchange exchange;
  exchange.client = std::move(client);
  exchange.server_id = server->id();
  exchange.request_id = request.id;
  exchange.traceparent = read_traceparent(call, request.headers);
  exchange.progress_token = std::move(progress_token);
  exchange.requests = &services.client_requests;
  exchange.carried = &services.carried;
  return exchange;
}

// Only where somebody listens: most calls have nothing to say but their result, and go without the
// second coroutine.
bool Passage::may_speak_first(const Call& call, const Exchange& exchange) const {
  if (!acceptable.event_stream || !runs_something(call.method)) return false;
  if (!server->may_speak_first(call.params.string_or("name", ""))) return false;
  if (!exchange.progress_token.empty()) return true;
  const bool modern = exchange.client.era == Era::modern;
  if (server->logs() && (!modern || exchange.client.log_level)) return true;
  return !modern && exchange.client.capabilities.is_object();
}

// A legacy client gives a call up by notifications/cancelled, a modern one by going away. Watching
// costs a system call, and only what runs can be given up.
io::Task<http::Response> Passage::run(MethodHandler method, Call call, Client client,
                                      std::string progress_token) const {
  const bool modern = client.era == Era::modern;
  Exchange exchange = exchange_for(call, std::move(client), std::move(progress_token));
  if (!runs_something(call.method)) {
    const MethodContext context{.server = *server, .services = services, .exchange = exchange};
    MethodResult result = co_await run_method(method, call, context);
    co_return respond(std::move(result), call, context);
  }

  auto cancel = std::make_shared<io::CancelSource>();
  exchange.cancel = cancel->token();
  io::CancelToken::Registration gone;
  Cancellations::Entry cancellable;
  if (modern && request.watch_disconnect) {
    gone = request.watch_disconnect().on_cancel([cancel] { cancel->cancel(); });
  } else if (!modern) {
    cancellable = services.cancellations.add(server->id(), caller(), call.id, cancel);
  }
  if (!may_speak_first(call, exchange)) {
    const MethodContext context{.server = *server, .services = services, .exchange = exchange};
    MethodResult result = co_await run_method(method, call, context);
    co_return respond(std::move(result), call, context);
  }

  exchange.outbox = std::make_shared<Outbox>();
  auto live = std::make_shared<LiveCall>(LiveCall{.server = server,
                                                  .services = services,
                                                  .method = method,
                                                  .call = std::move(call),
                                                  .exchange = std::move(exchange),
                                                  .cancel = std::move(cancel),
                                                  .cancellable = std::move(cancellable),
                                                  .result = std::nullopt});
  co_return co_await answer_live(std::move(live));
}

// For clients that read nothing but event streams: the answer as the only event.
io::Task<> write_one_event(std::shared_ptr<const std::string> text, http::StreamWriter& writer) {
  const std::string event = http::sse_event("message", *text);
  co_await writer.write(event);
}

http::Response as_event_stream(http::Response response) {
  if (response.status != 200 || response.stream) return response;
  auto shared = std::make_shared<const std::string>(whole_body(std::move(response)));
  return http::sse_response(
      [shared](http::StreamWriter& writer) { return write_one_event(shared, writer); });
}

io::Task<http::Response> climb(const Passage& passage) {
  std::expected<Incoming, Fault> incoming = read_messages(passage.request.body);  // 6 and 7
  if (!incoming) co_return fault_response(incoming.error());

  Classified era = classify(*incoming, passage.request.headers.find(kVersionHeader));  // 8
  if (const Fault* fault = std::get_if<Fault>(&era)) co_return fault_response(*fault);
  if (const auto* legacy = std::get_if<LegacyBatch>(&era)) {
    co_return co_await passage.answer_batch(std::get<Batch>(std::move(*incoming)),
                                            legacy->revision);
  }
  Message& message = std::get<Message>(*incoming);
  const auto* legacy = std::get_if<LegacyMessage>(&era);
  if (Call* call = std::get_if<Call>(&message)) {
    if (legacy == nullptr) co_return co_await passage.answer_modern(std::move(*call));
    co_return co_await passage.answer_legacy(std::move(*call), legacy->revision);
  }
  // Notifications and replies are taken, not answered. A modern client has none that mean anything
  // over HTTP.
  if (const auto* notification = std::get_if<Notification>(&message); notification && legacy) {
    passage.take_notification(*notification);
  }
  if (Reply* reply = std::get_if<Reply>(&message)) {
    passage.services.client_requests.deliver(passage.server->id(), std::move(*reply));
  }
  co_return accepted();
}

}  // namespace

io::Task<http::Response> answer(std::shared_ptr<const Server> server, http::Request& request,
                                Acceptable acceptable, Services& services) {
  const Passage passage{.server = std::move(server),
                        .request = request,
                        .services = services,
                        .acceptable = acceptable};
  http::Response response = co_await climb(passage);
  if (!acceptable.json) co_return as_event_stream(std::move(response));
  co_return response;
}

}  // namespace patchbay::mcp
