#include "cli/mcp/stdio_bridge.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/text.h"
#include "cli/mcp/event_reader.h"
#include "json/parse.h"
#include "json/write.h"
#include "telemetry/log.h"

namespace patchbay::cli {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
// The server sends something at least every 15 seconds on a stream; a call has its own limits
// there.
constexpr std::chrono::minutes kLongestSilence{5};

// A value for a header: as it is, or in the base64 form that MCP 2026-07-28 gives for what a header
// cannot carry (basic/transports, "Value encoding").
std::string header_value(std::string_view text) {
  bool plain = trim(text) == text && !text.starts_with("=?base64?");
  for (const char c : text) plain = plain && c >= 0x20 && c <= 0x7e;
  return plain ? std::string(text) : "=?base64?" + to_base64(text) + "?=";
}

// Redirects of one message that are followed.
constexpr int kMostRedirects = 3;

// Where a redirect leads; nothing if that is not said in a way that can be followed.
std::optional<http::Url> place_of(const http::ClientRequest& request,
                                  const http::ClientResponse& response) {
  const std::string_view place = response.headers.find("Location").value_or("");
  if (place.starts_with('/') && !place.starts_with("//")) {
    const auto question = place.find('?');
    return http::Url{.origin = request.origin,
                     .path = std::string(place.substr(0, question)),
                     .query = question == std::string_view::npos
                                  ? std::string()
                                  : std::string(place.substr(question + 1))};
  }
  auto url = http::parse_url(place);
  return url ? std::optional(std::move(*url)) : std::nullopt;
}

std::string target_of(const http::Url& url) {
  return url.query.empty() ? url.path : url.path + "?" + url.query;
}

// Without its path, which may hold the token.
std::string name_of(const http::Origin& origin) {
  return fmt::format("{}://{}:{}", origin.secure ? "https" : "http", origin.host, origin.port);
}

// What stands between <title> and </title>; "" if it is no page.
std::string_view title_of(std::string_view page) {
  const auto begin = page.find("<title>");
  if (begin == std::string_view::npos) return {};
  page.remove_prefix(begin + 7);
  return trim(page.substr(0, std::min<std::size_t>(page.find('<'), 100)));
}

// Why a server or a proxy refused, in its own words if it has any.
std::string reason_of(const http::ClientResponse& response) {
  const auto body = json::parse(response.body);
  if (!body) return std::string(title_of(response.body));
  if (const auto said = body->string_or("error_description", ""); !said.empty()) {
    return std::string(said);
  }
  const json::Value* error = body->find("error");
  return std::string(error != nullptr ? error->string_or("message", "")
                                      : body->string_or("message", ""));
}

}  // namespace

struct StdioBridge::Message {
  std::string method;
  std::vector<std::string> open;  // the ids, as JSON text, of the requests that have no answer yet
  std::string version;  // of a message that carries its revision with it (2026-07-28 and later)
  std::string name;     // params.name, params.uri or params.taskId, for the Mcp-Name header
  std::string cancels;  // JSON text of the request id that notifications/cancelled names

  static Message read(const json::Value& value) {
    Message message;
    if (const json::Array* batch = value.if_array()) {
      for (const json::Value& one : *batch) message.note_request(one);
      return message;
    }
    message.method = value.string_or("method", "");
    message.note_request(value);
    const json::Value* const params = value.find("params");
    if (params == nullptr) return message;
    for (const std::string_view key : {"name", "uri", "taskId"}) {
      if (message.name.empty()) message.name = params->string_or(key, "");
    }
    if (const json::Value* meta = params->find("_meta")) {
      message.version = meta->string_or(kVersionKey, "");
    }
    if (const json::Value* id = params->find("requestId")) message.cancels = json::to_string(*id);
    return message;
  }

  void note_request(const json::Value& value) {
    const json::Value* id = value.find("id");
    if (id != nullptr && value.find("method") != nullptr) open.push_back(json::to_string(*id));
  }
};

StdioBridge::StdioBridge(http::Client& client, http::Url url, http::Headers headers,
                         std::function<void(std::string_view)> write_line,
                         std::function<void(std::string_view)> complain)
    : client_(client),
      url_(std::move(url)),
      headers_(std::move(headers)),
      write_line_(std::move(write_line)),
      complain_(std::move(complain)) {}

void StdioBridge::aim(http::ClientRequest& request, const http::Url& url) const {
  request.origin = url.origin;
  request.target = target_of(url);
  if (!environment_) return;
  const auto proxy = http::choose_proxy(url.origin, environment_);
  request.proxy = proxy ? *proxy : nullptr;
}

http::ClientRequest StdioBridge::make_request(const Message& message, std::string line) {
  http::ClientRequest request{.method = http::Method::post};
  aim(request, url_);
  request.headers = headers_;
  request.headers.set("Content-Type", "application/json");
  request.headers.set("Accept", "application/json, text/event-stream");
  if (!message.version.empty()) {
    request.headers.set("MCP-Protocol-Version", message.version);
    request.headers.set("Mcp-Method", message.method);
    if (!message.name.empty()) request.headers.set("Mcp-Name", header_value(message.name));
  } else if (message.method != "initialize") {
    if (!protocol_version_.empty()) request.headers.set("MCP-Protocol-Version", protocol_version_);
    if (!session_id_.empty()) request.headers.set("Mcp-Session-Id", session_id_);
  }
  request.body = std::move(line);
  request.timeout = kLongestSilence;
  // The person who configured the URL chose its host.
  request.allow_private_addresses = true;
  request.allow_loopback = true;
  return request;
}

// True: the message was a cancellation that hanging up has carried out.
bool StdioBridge::cancel_in_flight(const Message& message) {
  if (message.method != "notifications/cancelled") return false;
  const auto found = in_flight_.find(message.cancels);
  if (found == in_flight_.end()) return false;
  found->second.cancel->cancel();
  return true;
}

void StdioBridge::stop_listening() {
  std::vector<std::shared_ptr<io::CancelSource>> listeners;
  for (const auto& [id, request] : in_flight_) {
    if (request.listens) listeners.push_back(request.cancel);
  }
  for (const auto& listener : listeners) listener->cancel();
}

// Where the same message may go to again: what says by itself that nothing was done and stays on
// the server, and the way from http to https. A redirect that would make a GET of it loses it.
bool StdioBridge::redirect(http::ClientRequest& request, const http::ClientResponse& response) {
  const int status = response.status;
  const bool keeps_method = status == 307 || status == 308;
  if (!keeps_method && status != 301 && status != 302) return false;
  const auto place = place_of(request, response);
  if (!place) return false;
  const bool same = place->origin == request.origin;
  const bool secures =
      place->origin.secure && !request.origin.secure && place->origin.host == request.origin.host;
  if (!(same && keeps_method) && !secures) return false;
  aim(request, *place);
  if (status == 301 || status == 308) url_ = *place;
  return true;
}

io::Task<> StdioBridge::forward(std::string line) {
  if (std::exchange(first_line_, false) && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  auto value = json::parse(line);
  if (!value) {
    write_line_(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})");
    co_return;
  }
  Message message = Message::read(*value);
  if (cancel_in_flight(message)) co_return;

  auto request = make_request(message, std::move(line));
  const auto cancel = std::make_shared<io::CancelSource>();
  request.cancel = cancel->token();
  const std::string id = message.open.empty() ? std::string() : message.open.front();
  const bool hangs_up = !id.empty() && !message.version.empty();
  if (hangs_up) in_flight_[id] = {cancel, message.method == "subscriptions/listen"};
  EventReader events;
  request.on_event_stream = [&](std::string_view piece) {
    events.read(piece, [&](std::string_view data) {
      if (auto event = json::parse(data)) pass(message, std::move(*event));
    });
    return true;
  };
  auto response = co_await client_.send(request);
  for (int hop = 0; hop < kMostRedirects && response && redirect(request, *response); ++hop) {
    response = co_await client_.send(request);
  }
  if (hangs_up) in_flight_.erase(id);

  if (request.cancel.cancelled()) co_return;
  if (response) {
    deliver(message, *response);
  } else if (!message.open.empty() || id.empty()) {
    fail(message, response.error().error.message);
  }
}

void StdioBridge::deliver(Message& message, const http::ClientResponse& response) {
  if (message.method == "initialize") {
    session_id_ = response.headers.find("Mcp-Session-Id").value_or("");
  }
  auto answer = json::parse(response.body);
  const bool speaks = answer && (answer->is_array() || answer->find("jsonrpc") != nullptr) &&
                      response.status != 202;
  if (speaks) {
    pass(message, std::move(*answer));
  } else if (response.status < 200 || response.status >= 300) {
    refuse(message, response);
  }
  if (message.open.empty()) return;
  const std::string_view title = title_of(response.body);
  fail(message,
       fmt::format("The server took the message (HTTP status {}) and its answer{} holds no "
                   "response to it.",
                   response.status,
                   title.empty() ? std::string() : fmt::format(", the page '{}',", title)));
}

// One message of the server's, or several at once. What answers nothing that was asked is dropped:
// a request has one response.
void StdioBridge::pass(Message& message, json::Value answer) {
  if (json::Array* batch = answer.if_array()) {
    for (json::Value& one : *batch) pass(message, std::move(one));
    return;
  }
  if (!answer.is_object()) return;
  if (answer.find("method") != nullptr) return write_line_(json::to_string(answer));
  const json::Value* id = answer.find("id");
  if (id == nullptr || id->is_null()) {
    // An error of the message as a whole is one of each of its requests.
    const json::Value* error = answer.find("error");
    if (error == nullptr) return;
    if (message.open.empty()) complain_(error->string_or("message", "The message was refused."));
    for (const std::string& open : std::exchange(message.open, {})) {
      write_line_(R"({"jsonrpc":"2.0","id":)" + open + R"(,"error":)" + json::to_string(*error) +
                  "}");
    }
    return;
  }
  if (std::erase(message.open, json::to_string(*id)) == 0) return;
  if (const json::Value* result = answer.find("result"); message.method == "initialize") {
    if (result != nullptr) protocol_version_ = result->string_or("protocolVersion", "");
  }
  write_line_(json::to_string(answer));
}

// What HTTP says in place of an answer.
void StdioBridge::refuse(Message& message, const http::ClientResponse& response) {
  json::Value data;
  data["http_status"] = json::Value(std::int64_t{response.status});
  std::string reason = reason_of(response);
  if (response.status >= 300 && response.status < 400) {
    http::ClientRequest here;
    here.origin = url_.origin;
    const auto url = place_of(here, response);
    const std::string place = url ? name_of(url->origin) + telemetry::redact_path(url->path)
                                  : "a place that it does not name";
    data["place"] = json::Value(place);
    reason = fmt::format(
        "The server redirects to {} (HTTP status {}), which is not followed. Put the new URL into "
        "the configuration.",
        place, response.status);
  } else if (const std::string status = fmt::format("HTTP status {}", response.status);
             reason.empty()) {
    reason = status;
  } else if (response.status != 401 && response.status != 404) {
    reason = fmt::format("{}: {}", status, reason);
  }
  if (response.status == 413) {
    reason +=
        " Make the message smaller, or raise the limit there (of Patchbay: "
        "max-body-bytes; of nginx: client_max_body_size).";
  }
  const auto pause = response.headers.find("Retry-After");
  if (const auto seconds = pause ? parse_int64(trim(*pause)) : std::nullopt) {
    data["retry_after_seconds"] = json::Value(*seconds);
    reason += fmt::format(" Try again in {} seconds.", *seconds);
  }
  fail(message, reason, std::move(data));
}

void StdioBridge::fail(Message& message, std::string_view reason, json::Value data) {
  complain_(reason);
  for (const std::string& id : std::exchange(message.open, {})) {
    std::string line = R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":-32603,"message":)";
    json::append_string(line, reason);
    if (!data.is_null()) {
      line += R"(,"data":)";
      json::append(line, data);
    }
    write_line_(line + "}}");
  }
}

}  // namespace patchbay::cli
