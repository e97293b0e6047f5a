// JSON-RPC 2.0 messages as MCP uses them, read from bytes that nobody has checked.
//
// An id stays the JSON text that it came as (a string or a whole number): a client that sends
// 9007199254740993 or "1" gets exactly that back. null and fractions are no ids. A batch holds
// messages, never another batch; whether it is allowed depends on the revision, which is not
// decided here. Unknown members are ignored; params are an object, or absent. What clients write
// for what they leave out has been taken out (absent.h).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/value.h"
#include "mcp/wire/fault.h"

namespace patchbay::mcp {

struct MethodCall {
  std::string id;  // JSON text
  std::string method;
  json::Value params;  // an object, or null when absent

  // params._meta.<key>, or null.
  const json::Value* meta(std::string_view key) const;
};

struct Notification {
  std::string method;
  json::Value params;
  const json::Value* meta(std::string_view key) const;
};

// A client's answer to a request that the server made.
struct ClientReply {
  std::string id;
  json::Value result;  // null where it failed
  json::Value error;
};

using Message = std::variant<MethodCall, Notification, ClientReply>;
using Batch = std::vector<Message>;
using Incoming = std::variant<Message, Batch>;

// Whether a JSON text holds more values than one message may: their tree takes 40 times the text's
// memory, and longer to make than a loop may be held. Told by its marks, before it is parsed.
bool has_too_many_values(std::string_view text);

// Faults: malformed_json, not_a_message (with the id, where one was readable).
std::expected<Incoming, Fault> read_messages(std::string_view body);
std::expected<Message, Fault> read_message(json::Value value);

// An id's JSON text as it stands in messages; nothing if it is no id.
std::optional<std::string> read_id(const json::Value& value);

}  // namespace patchbay::mcp
