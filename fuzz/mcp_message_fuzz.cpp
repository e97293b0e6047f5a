// From the bytes of a POST to what is done about it: first line the MCP-Protocol-Version header
// (empty: none), second line Mcp-Name, the rest the body. Whatever comes, there is a message or a
// fault; an id comes back as the JSON that it was; what is let through says what its headers say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/parse.h"
#include "mcp/wire/envelope.h"
#include "mcp/wire/era.h"
#include "mcp/wire/headers.h"
#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/result.h"

namespace {

using namespace patchbay;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

void check_id(const std::string& id) {
  const auto parsed = json::parse(id);
  require(parsed.has_value());
  require(mcp::read_id(*parsed) == id);
}

// A fault is an answer: JSON, with a status of its own.
void check_fault(const mcp::Fault& fault) {
  require(json::parse(mcp::fault_text(fault)).has_value());
  require(fault.http_status >= 200 && fault.http_status < 600);
  if (!fault.id.empty()) check_id(fault.id);
}

void check_call(const mcp::MethodCall& call, const http::Headers& headers) {
  check_id(call.id);
  if (const auto token = mcp::read_progress_token(call); token && !token->empty()) check_id(*token);
  const std::string trace = mcp::read_traceparent(call, headers);
  require(trace.empty() || mcp::is_traceparent(trace));
  const auto client = mcp::read_envelope(call, headers);
  if (!client) return check_fault(client.error());
  require(headers.find("MCP-Protocol-Version") == "2026-07-28");
  require(headers.find("Mcp-Method") == call.method);
  require(client->capabilities.is_object());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::string_view version = take_line(body);
  const std::string_view name = take_line(body);
  http::Headers headers;
  if (!version.empty()) headers.add("MCP-Protocol-Version", version);
  headers.add("Mcp-Name", name);
  if (const auto decoded = mcp::decode_header_value(name)) {
    require(decoded->size() <= name.size());
  }

  const auto incoming = mcp::read_messages(body);
  if (!incoming) {
    check_fault(incoming.error());
    return 0;
  }
  const auto era = mcp::classify(*incoming, headers.find("MCP-Protocol-Version"));
  if (const auto* fault = std::get_if<mcp::Fault>(&era)) check_fault(*fault);
  if (const auto* batch = std::get_if<mcp::Batch>(&*incoming)) {
    require(!std::holds_alternative<mcp::ModernMessage>(era));
    for (const mcp::Message& message : *batch) {
      if (const auto* call = std::get_if<mcp::MethodCall>(&message)) check_id(call->id);
    }
    return 0;
  }
  require(!std::holds_alternative<mcp::LegacyBatch>(era));
  if (const auto* call = std::get_if<mcp::MethodCall>(&std::get<mcp::Message>(*incoming))) {
    headers.add("Mcp-Method", call->method);
    check_call(*call, headers);
  }
  return 0;
}
