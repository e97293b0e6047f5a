#include "mcp/ladder.h"

#include <chrono>
#include <utility>

#include "http/sse.h"
#include "io/receipt.h"
#include "io/runtime.h"
#include "mcp/live_answer.h"
#include "mcp/methods/run_method.h"
#include "mcp/wire/era.h"
#include "mcp/wire/headers.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {
namespace {

http::Response accepted() {
  return http::Response{.status = 202};
}

http::Response refused(Fault fault, const MethodCall& call) {
  fault.id = call.id;
  return fault_response(fault);
}

// Step 14: arguments that a tool's schema mirrors in headers.
std::optional<Fault> check_mirrored_arguments(const MethodCall& call, const Server& server,
                                              const http::Headers& headers) {
  if (call.method != "tools/call") return std::nullopt;
  const json::Value* schema = server.mirrored_schema(call.params.string_or("name", ""));
  const json::Value* arguments = call.params.find("arguments");
  if (schema == nullptr || arguments == nullptr) return std::nullopt;
  return check_parameter_headers(headers, *schema, *arguments);
}

// Long enough for a loop to look at what else there is.
constexpr std::chrono::milliseconds kTurnOfOthers{0};

// What is answered of a batch before it is written.
constexpr std::size_t kBatchPart = 256 * 1024;

io::Task<> write_text(std::shared_ptr<const std::string> text, http::StreamWriter& writer) {
  co_await writer.write(*text);
}

// JSON in parts: the head of the first, and the rest.
http::Response json_stream(const http::Headers& request_headers, std::string rest) {
  auto text = std::make_shared<const std::string>(std::move(rest));
  http::Response response;
  response.headers.add("Content-Type", "application/json");
  response.stream = [text](http::StreamWriter& writer) { return write_text(text, writer); };
  add_common_headers(response, request_headers);
  return response;
}

// A stream whose events are all written.
http::Response no_more() {
  return http::sse_response([](http::StreamWriter&) -> io::Task<> { co_return; });
}

// For clients that read nothing but event streams.
http::Response as_event_stream(http::Response response) {
  if (response.status != 200 || response.stream) return response;
  return last_event(whole_body(std::move(response)));
}

}  // namespace

io::Task<http::Response> Ladder::run() const {
  http::Response response = co_await answer();
  if (!acceptable_.json) co_return as_event_stream(std::move(response));
  co_return response;
}

io::Task<http::Response> Ladder::answer() const {
  std::expected<Incoming, Fault> incoming = read_messages(request_.body);  // 6 and 7
  if (!incoming) co_return fault_response(incoming.error());

  Classified era = classify(*incoming, request_.headers.find(kVersionHeader));  // 8
  if (const Fault* fault = std::get_if<Fault>(&era)) co_return fault_response(*fault);
  if (const auto* legacy = std::get_if<LegacyBatch>(&era)) {
    co_return co_await answer_batch(std::get<Batch>(std::move(*incoming)), legacy->revision);
  }
  Message& message = std::get<Message>(*incoming);
  const auto* legacy = std::get_if<LegacyMessage>(&era);
  if (MethodCall* call = std::get_if<MethodCall>(&message)) {
    if (legacy == nullptr) co_return co_await answer_modern(std::move(*call));
    co_return co_await answer_legacy(std::move(*call), legacy->revision);
  }
  // Notifications and replies are taken, not answered. A modern client has none that mean anything
  // over HTTP.
  if (const auto* notification = std::get_if<Notification>(&message); notification && legacy) {
    take_notification(*notification);
  }
  if (ClientReply* reply = std::get_if<ClientReply>(&message)) {
    services_.client_requests.deliver(server_->id(), std::move(*reply));
  }
  co_return accepted();
}

// Steps 9 to 17 for a request with an envelope.
io::Task<http::Response> Ladder::answer_modern(MethodCall call) const {
  std::expected<McpClient, Fault> client = read_envelope(call, request_.headers);  // 9 to 12
  if (!client) co_return refused(std::move(client.error()), call);
  if (auto fault = mend_arguments(call)) co_return refused(std::move(*fault), call);
  if (call.method == "subscriptions/listen") co_return listen(call);  // answers with a stream
  const MethodHandler method = find_method(call.method, Era::modern, *server_);  // 13
  if (method == nullptr) co_return refused(unknown_method(Era::modern, call.method), call);
  if (auto fault = check_mirrored_arguments(call, *server_, request_.headers)) {  // 14
    co_return refused(std::move(*fault), call);
  }
  std::expected<std::string, Fault> progress_token = read_progress_token(call);
  if (!progress_token) co_return refused(std::move(progress_token.error()), call);
  co_return co_await run_call(method, std::move(call), std::move(*client),  // 15 to 17
                              std::move(*progress_token));
}

// The same for clients that began with `initialize`, or with nothing at all: nothing here keeps a
// session, so that none is needed.
io::Task<http::Response> Ladder::answer_legacy(MethodCall call, Revision revision) const {
  const auto version = request_.headers.find(kVersionHeader);
  if (version && check_version_header(request_.headers, *version)) {
    co_return refused(not_a_message("MCP-Protocol-Version appears twice, with different values."),
                      call);
  }
  const MethodHandler method = find_method(call.method, Era::legacy, *server_);
  if (method == nullptr) co_return refused(unknown_method(Era::legacy, call.method), call);
  std::expected<std::string, Fault> progress_token = read_progress_token(call);
  if (!progress_token) co_return refused(std::move(progress_token.error()), call);
  if (auto fault = mend_arguments(call)) co_return refused(std::move(*fault), call);
  McpClient client = legacy_client(call, revision);
  co_return co_await run_call(method, std::move(call), std::move(client),
                              std::move(*progress_token));
}

// One after the other: a batch is one client's one request, and gets one client's share. Its
// answers stand in one array; while it takes long, only the batch as a whole says that it runs.
// Between two of them the loop has its turn: a call that is refused never waits by itself.
io::Task<http::Response> Ladder::answer_batch(Batch batch, Revision revision) const {
  LiveAnswer live(request_, acceptable_.event_stream);
  const Ladder plain(server_, request_, {.json = true, .event_stream = false}, services_);
  std::shared_ptr<http::StreamWriter> begun_json;
  std::string body;
  for (Message& message : batch) {
    if (&message != batch.data()) co_await io::sleep(kTurnOfOthers);
    if (const auto* notification = std::get_if<Notification>(&message)) {
      take_notification(*notification);
    }
    MethodCall* call = std::get_if<MethodCall>(&message);
    if (call == nullptr) continue;
    http::Response response = co_await plain.answer_legacy(std::move(*call), revision);
    body += body.empty() && !begun_json ? '[' : ',';
    body += whole_body(std::move(response));
    // What is answered is written before more is: a hundred listings are not held for one client.
    if (body.size() < kBatchPart) continue;
    if (live.can_speak()) {
      if (!co_await live.tell(std::exchange(body, {}) + ']')) break;
    } else if (request_.begin_stream) {
      if (!begun_json) begun_json = request_.begin_stream(json_stream(request_.headers, {}));
      if (!co_await begun_json->write(std::exchange(body, {}))) break;
    }
  }
  const bool begun = co_await live.end();
  if (begun_json) co_return json_stream(request_.headers, std::move(body) + ']');
  if (body.empty()) co_return begun ? no_more() : accepted();
  body += ']';
  co_return begun ? last_event(std::move(body)) : http::Response::json(200, std::move(body));
}

http::Response Ladder::listen(const MethodCall& call) const {
  if (!acceptable_.event_stream) {
    return refusal(406, "not_acceptable", "subscriptions/listen answers with text/event-stream.");
  }
  auto place = services_.streams->take(server_->id(), 1);
  if (!place) {
    services_.saw(telemetry::Sight::limit_hit, server_->id(), "listeners");
    return refused(too_many_listeners(), call);
  }
  auto response = services_.listeners.listen(server_, call, services_.version, std::move(*place));
  if (!response) {
    if (response.error().http_status == 503) {
      services_.saw(telemetry::Sight::limit_hit, server_->id(), "listeners of a loop");
    }
    return refused(std::move(response.error()), call);
  }
  return std::move(*response);
}

void Ladder::take_notification(const Notification& notification) const {
  if (notification.method != "notifications/cancelled") return;
  const json::Value* id_member = notification.params.find("requestId");
  const auto id = id_member != nullptr ? read_id(*id_member) : std::nullopt;
  if (id) services_.cancellations.cancel(server_->id(), caller(), *id);
}

Caller Ladder::caller() const {
  return {.peer = request_.peer,
          .forwarded_for = request_.headers.find("X-Forwarded-For").value_or(""),
          .user_agent = request_.headers.find("User-Agent").value_or("")};
}

McpClient Ladder::legacy_client(const MethodCall& call, Revision revision) const {
  McpClient client;
  client.revision = revision;
  if (call.method == "initialize") {
    if (const json::Value* info = call.params.find("clientInfo")) client.introduce(*info);
    return client;
  }
  // What it said of itself at the handshake is not said again.
  client.introduce(request_.headers.find("User-Agent").value_or(""));
  if (!server_->asks()) return client;
  const auto session = request_.headers.find("Mcp-Session-Id");
  if (!session) return client;
  auto capabilities = services_.carried.open(*session, session_place(server_->id()));
  if (!capabilities) return client;
  client.session_id = std::string(capabilities->string_or(kSessionId, ""));
  if (const json::Value* info = capabilities->find(kSessionClient)) {
    client.name = std::string(info->string_or("name", ""));
    client.version = std::string(info->string_or("version", ""));
  }
  client.capabilities = std::move(*capabilities);
  return client;
}

Conversation Ladder::begin_conversation(const MethodCall& call, McpClient client,
                                        std::string progress_token) const {
  Conversation conversation;
  conversation.client = std::move(client);
  conversation.server_id = server_->id();
  conversation.request_id = request_.id;
  conversation.traceparent = read_traceparent(call, request_.headers);
  if (!conversation.traceparent.empty()) {
    conversation.tracestate = read_tracestate(call, request_.headers);
  }
  conversation.progress_token = std::move(progress_token);
  conversation.requests = &services_.client_requests;
  conversation.carried = &services_.carried;
  conversation.receipt = [&request = request_] {
    if (!request.receipt) request.receipt = std::make_shared<io::Receipt>();
    return request.receipt;
  };
  return conversation;
}

// Whether there is somebody to say things to beside the result.
bool Ladder::may_speak(const Conversation& conversation) const {
  if (!conversation.progress_token.empty()) return true;
  const bool modern = conversation.client.era == Era::modern;
  if (server_->logs() && (!modern || conversation.client.log_level)) return true;
  return !modern && conversation.client.capabilities.is_object();
}

io::Task<http::Response> Ladder::run_call(MethodHandler method, MethodCall call, McpClient client,
                                          std::string progress_token) const {
  const bool modern = client.era == Era::modern;
  Conversation conversation =
      begin_conversation(call, std::move(client), std::move(progress_token));
  const MethodContext context{
      .server = *server_, .services = services_, .conversation = conversation};
  if (!runs_something(call.method)) {
    MethodResult result = co_await run_method(method, call, context);
    co_return respond(std::move(result), call, context);
  }

  // A modern client gives a call up by going away, a legacy one by notifications/cancelled; whoever
  // is gone when it takes long gets no answer in any case, since nothing here is sent twice.
  auto cancel = std::make_shared<io::CancelSource>();
  conversation.cancel = cancel->token();
  conversation.give_up = [cancel] { cancel->cancel(); };
  io::CancelToken::Registration gone;
  Cancellations::Entry cancellable;
  LiveAnswer live(request_, acceptable_.event_stream);
  if (modern && request_.watch_disconnect) {
    gone = request_.watch_disconnect().on_cancel([cancel] { cancel->cancel(); });
  } else if (!modern) {
    cancellable = services_.cancellations.add(server_->id(), caller(), call.id, cancel);
    live.give_up_through(cancel);
  }
  live.attend(conversation, live.can_speak() && may_speak(conversation));
  MethodResult result = co_await run_method(method, call, context);
  // Nobody waits for what was cancelled, whether or not it is written.
  if (request_.receipt && conversation.cancel.cancelled()) request_.receipt->lost();
  if (!co_await live.end()) co_return respond(std::move(result), call, context);
  co_return last_event(respond_text(std::move(result), call, context));
}

}  // namespace patchbay::mcp
