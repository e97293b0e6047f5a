#include "mcp/wire/jsonrpc.h"

#include <utility>

#include "base/text.h"
#include "json/mend.h"
#include "json/parse.h"
#include "json/write.h"
#include "mcp/wire/absent.h"

namespace patchbay::mcp {
namespace {

// 2025-03-26 sets no bound on a batch. One body of 1 MiB holds about 25,000 pings, each of which
// costs a reply: a bound keeps one request from being many.
constexpr std::size_t kMaxBatch = 100;

// Far more than a call says (5,000: gateway/arguments/bounds.h), and far less than a body could
// hold: 50,000 of the dearest, lists within lists, take 19 ms to be made.
constexpr std::size_t kMaxValues = 50'000;

const json::Value* meta_of(const json::Value& params, std::string_view key) {
  const json::Value* meta = params.find("_meta");
  return meta != nullptr ? meta->find(key) : nullptr;
}

// Whether one is written as an escape, alone or with its other half: \uD800 to \uDFFF.
bool has_surrogate(std::string_view body) {
  for (std::size_t at = 0; (at = body.find("\\u", at)) != std::string_view::npos; at += 2) {
    const std::string_view digits = body.substr(at + 2, 2);
    if (digits.size() < 2 || (digits[0] != 'd' && digits[0] != 'D')) continue;
    if (std::string_view("89abcdefABCDEF").contains(digits[1])) return true;
  }
  return false;
}

Fault with_id(Fault fault, const std::optional<std::string>& id) {
  if (id) fault.id = *id;
  return fault;
}

json::Value take(json::Value& object, std::string_view key) {
  json::Value* member = object.if_object()->find(key);
  return member != nullptr ? std::move(*member) : json::Value();
}

}  // namespace

const json::Value* MethodCall::meta(std::string_view key) const {
  return meta_of(params, key);
}
const json::Value* Notification::meta(std::string_view key) const {
  return meta_of(params, key);
}

std::optional<std::string> read_id(const json::Value& value) {
  if (const std::string* text = value.if_string()) {
    std::string token;
    json::append_string(token, *text);
    return token;
  }
  if (const json::Number* number = value.if_number()) {
    // "1.0" is a whole number to a JavaScript peer, and digits beyond 64 bits are one to anybody.
    const bool digits_only = number->token().find_first_of(".eE") == std::string::npos;
    if (digits_only || value.as_int64()) return number->token();
  }
  return std::nullopt;
}

std::expected<Message, Fault> read_message(json::Value value) {
  if (!value.is_object()) {
    return std::unexpected(not_a_message("a message is a JSON object."));
  }
  const json::Value* id_member = value.find("id");
  const std::optional<std::string> id = id_member != nullptr ? read_id(*id_member) : std::nullopt;
  if (value.string_or("jsonrpc", "") != "2.0") {
    return std::unexpected(with_id(not_a_message("member jsonrpc must be \"2.0\"."), id));
  }
  if (id_member != nullptr && !id) {
    // A response to a message whose id the peer could not read has a null id, and is no request.
    if (id_member->is_null() && value.find("method") == nullptr && value.find("error") != nullptr) {
      return Message(ClientReply{.id = "", .result = {}, .error = take(value, "error")});
    }
    return std::unexpected(not_a_message("id must be a string or a whole number."));
  }

  const json::Value* method = value.find("method");
  if (method == nullptr) {
    const json::Value* error = value.find("error");
    if (id && (value.find("result") != nullptr || (error != nullptr && error->is_object()))) {
      return Message(
          ClientReply{.id = *id, .result = take(value, "result"), .error = take(value, "error")});
    }
    return std::unexpected(with_id(not_a_message("member method is missing."), id));
  }
  if (!method->is_string()) {
    return std::unexpected(with_id(not_a_message("method must be a string."), id));
  }
  json::Value params = take(value, "params");
  mend_absent(params);
  if (!params.is_object() && !params.is_null()) {
    return std::unexpected(with_id(not_a_message("params must be an object."), id));
  }
  std::string name = *method->if_string();
  if (!id) return Message(Notification{.method = std::move(name), .params = std::move(params)});
  return Message(MethodCall{.id = *id, .method = std::move(name), .params = std::move(params)});
}

// Every value begins a list or an object, is the first of one, or stands behind a comma: so there
// are no more than twice as many as these marks outside of strings.
bool has_too_many_values(std::string_view text) {
  std::size_t marks = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ',' || text[at] == '[' || text[at] == '{') {
      if (++marks > kMaxValues) return true;
    } else if (text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
      }
    }
  }
  return false;
}

std::expected<Incoming, Fault> read_messages(std::string_view body) {
  if (has_too_many_values(body)) {
    return std::unexpected(not_a_message("a body holds at most 50,000 values."));
  }
  body = json::without_byte_order_mark(body);  // may be ignored: RFC 8259 section 8.1
  Result<json::Value> parsed = json::parse(body);
  if (!parsed && has_surrogate(body) && is_valid_utf8(body)) {
    // A text that was cut within a character is one argument's fault, and no reason to lose the
    // call with its id: U+FFFD stands in its place.
    std::string mended(body);
    if (json::mend(mended) > 0) parsed = json::parse(mended);
  }
  if (!parsed) {
    const Error& error = parsed.error();
    return std::unexpected(error.code == ErrorCode::too_large ? not_a_message(error.message)
                                                              : malformed_json(error.message));
  }
  json::Array* elements = parsed->if_array();
  if (elements == nullptr) {
    std::expected<Message, Fault> message = read_message(std::move(*parsed));
    if (!message) return std::unexpected(std::move(message.error()));
    return Incoming(std::move(*message));
  }
  if (elements->empty()) return std::unexpected(not_a_message("the batch is empty."));
  if (elements->size() > kMaxBatch) {
    return std::unexpected(not_a_message("a batch holds at most 100 messages."));
  }
  Batch batch;
  batch.reserve(elements->size());
  for (json::Value& element : *elements) {
    std::expected<Message, Fault> message = read_message(std::move(element));
    if (!message) {
      message.error().id.clear();  // the answer is one error for the whole batch
      return std::unexpected(std::move(message.error()));
    }
    batch.push_back(std::move(*message));
  }
  return Incoming(std::move(batch));
}

}  // namespace patchbay::mcp
