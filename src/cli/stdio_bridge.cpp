#include "cli/stdio_bridge.h"

#include <chrono>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/text.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
// The server sends a comment at least every 15 seconds on a stream; a call has its own limits
// there.
constexpr std::chrono::minutes kLongestSilence{5};

// A value for a header: as it is, or in the base64 form that MCP 2026-07-28 gives for what a header
// cannot carry (basic/transports, "Value encoding").
std::string header_value(std::string_view text) {
  bool plain = trim(text) == text && !text.starts_with("=?base64?");
  for (const char c : text) plain = plain && c >= 0x20 && c <= 0x7e;
  return plain ? std::string(text) : "=?base64?" + to_base64(text) + "?=";
}

// The data of each event in a stream that comes in pieces (WHATWG HTML 9.2.6).
class EventReader {
 public:
  void read(std::string_view piece, const std::function<void(std::string_view)>& on_data) {
    rest_ += piece;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = rest_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      std::string_view line(rest_.data() + begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) {
        if (!data_.empty()) on_data(data_);
        data_.clear();
      } else if (line.starts_with("data:")) {
        line.remove_prefix(5);
        if (line.starts_with(' ')) line.remove_prefix(1);
        data_ += line;
      }
    }
    rest_.erase(0, begin);
  }

 private:
  std::string rest_;
  std::string data_;
};

}  // namespace

struct StdioBridge::Message {
  std::string method;
  std::string id;       // its JSON text; empty: a notification or a response
  std::string version;  // of a message that carries its revision with it (2026-07-28 and later)
  std::string name;     // params.name, params.uri or params.taskId, for the Mcp-Name header
  std::string cancels;  // JSON text of the request id that notifications/cancelled names

  static Message read(const json::Value& value) {
    Message message;
    message.method = value.string_or("method", "");
    if (const json::Value* id = value.find("id"); id && !message.method.empty()) {
      message.id = json::to_string(*id);
    }
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
};

StdioBridge::StdioBridge(http::Client& client, http::Url url, http::Headers headers,
                         std::function<void(std::string_view)> write_line,
                         std::function<void(std::string_view)> complain)
    : client_(client),
      url_(std::move(url)),
      headers_(std::move(headers)),
      write_line_(std::move(write_line)),
      complain_(std::move(complain)) {}

http::ClientRequest StdioBridge::make_request(const Message& message, std::string line) {
  http::ClientRequest request{.method = http::Method::post, .origin = url_.origin};
  request.target = url_.query.empty() ? url_.path : url_.path + "?" + url_.query;
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
  found->second->cancel();
  return true;
}

io::Task<> StdioBridge::forward(std::string line) {
  const auto value = json::parse(line);
  if (!value) {
    write_line_(R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})");
    co_return;
  }
  const Message message = Message::read(*value);
  if (cancel_in_flight(message)) co_return;

  auto request = make_request(message, std::move(line));
  const auto cancel = std::make_shared<io::CancelSource>();
  request.cancel = cancel->token();
  const bool hangs_up = !message.id.empty() && !message.version.empty();
  if (hangs_up) in_flight_[message.id] = cancel;
  EventReader events;
  request.on_event_stream = [&](std::string_view piece) {
    events.read(piece, write_line_);
    return true;
  };
  const auto response = co_await client_.send(std::move(request));
  if (hangs_up) in_flight_.erase(message.id);

  if (response) {
    deliver(message, *response);
  } else if (response.error().error.code != ErrorCode::cancelled) {
    fail(message, response.error().error.message);
  }
}

void StdioBridge::deliver(const Message& message, const http::ClientResponse& response) {
  if (message.method == "initialize") {
    session_id_ = response.headers.find("Mcp-Session-Id").value_or("");
  }
  if (response.body.empty()) {
    if (response.status >= 400) fail(message, fmt::format("HTTP status {}", response.status));
    return;
  }
  const auto answer = json::parse(response.body);
  if (!answer) return fail(message, fmt::format("HTTP status {}, not JSON", response.status));
  if (answer->is_array() || answer->find("jsonrpc") != nullptr) {
    if (const json::Value* result = answer->find("result"); message.method == "initialize") {
      if (result != nullptr) protocol_version_ = result->string_or("protocolVersion", "");
    }
    write_line_(json::to_string(*answer));
    return;
  }
  const std::string_view reason = answer->string_or("error_description", "");
  fail(message, reason.empty() ? fmt::format("HTTP status {}", response.status) : reason);
}

void StdioBridge::fail(const Message& message, std::string_view reason) {
  complain_(reason);
  if (message.id.empty()) return;
  std::string line =
      R"({"jsonrpc":"2.0","id":)" + message.id + R"(,"error":{"code":-32603,"message":)";
  json::append_string(line, reason);
  write_line_(line + "}}");
}

}  // namespace patchbay::cli
