// The header mirror of revision 2026-07-28: MCP-Protocol-Version, Mcp-Method, Mcp-Name and the
// Mcp-Param-* of annotated arguments repeat what the body says, so that a proxy can route without
// reading it; a server must hold both against each other.
//
// A value that ASCII cannot carry is written "=?base64?<canonical base64 of UTF-8>?=". Anything
// that lacks the prefix or the suffix is itself. Versions and method names are never encoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "json/value.h"
#include "mcp/wire/fault.h"
#include "mcp/wire/jsonrpc.h"

namespace patchbay::mcp {

// The text that a header value stands for; nothing if it holds bytes outside 0x20 to 0x7E and tab,
// or if what it encodes is no canonical base64 or no UTF-8.
std::optional<std::string> decode_header_value(std::string_view value);

// Before the version is looked at: a present version header must say what the envelope says.
std::optional<Fault> check_version_header(const http::Headers& headers, std::string_view version);
// After it: nothing may be missing, and method and name must match.
std::optional<Fault> check_mirror_headers(const http::Headers& headers, const MethodCall& call);

// Arguments that the tool's input schema annotates with "x-mcp-header".
std::optional<Fault> check_parameter_headers(const http::Headers& headers,
                                             const json::Value& input_schema,
                                             const json::Value& arguments);

}  // namespace patchbay::mcp
