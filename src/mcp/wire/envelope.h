// What a client says about itself and about this request: the `_meta` envelope of revision
// 2026-07-28, and what stands in legacy requests' `_meta`.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "json/value.h"
#include "mcp/wire/fault.h"
#include "mcp/wire/jsonrpc.h"

namespace patchbay::mcp {

// RFC 5424 severities, least severe first.
enum class LogLevel : std::uint8_t {
  debug,
  info,
  notice,
  warning,
  error,
  critical,
  alert,
  emergency
};
std::optional<LogLevel> parse_log_level(std::string_view name);
std::string_view to_string(LogLevel level);

struct McpClient {
  Era era = Era::legacy;
  Revision revision = kAssumedLegacy;
  std::string name;  // empty: it did not say. For display and logs, never for decisions
  std::string version;
  std::string session_id;             // empty: the revision has none, or none was begun
  json::Value capabilities;           // an object; null where a legacy client is not known
  std::optional<LogLevel> log_level;  // unset: send no log messages

  // As its clientInfo says, or its User-Agent. Cut to a line, since it is kept with every call.
  void introduce(const json::Value& info);
  void introduce(std::string_view user_agent);
  // Whether `capabilities` has a member at this path ("elicitation", "form").
  bool declares(std::string_view capability) const;
};

// The two required keys (faults: bad_envelope), then the version against header and server
// (header_mismatch, unsupported_version), then the other mirror headers. The order is that of the
// protocol's ladder, steps 9 to 12.
std::expected<McpClient, Fault> read_envelope(const MethodCall& call, const http::Headers& headers);

// The progress token as JSON text; empty if there is none. Fault: neither string nor whole number.
std::expected<std::string, Fault> read_progress_token(const MethodCall& call);

// The W3C traceparent to pass on: the request's _meta, else its header; empty if absent or invalid.
std::string read_traceparent(const MethodCall& call, const http::Headers& headers);
bool is_traceparent(std::string_view text);
// The tracestate that comes with it, as it stands; empty if it is longer than 512 bytes or not
// printable.
std::string read_tracestate(const MethodCall& call, const http::Headers& headers);

}  // namespace patchbay::mcp
