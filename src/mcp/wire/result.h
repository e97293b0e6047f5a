// Results and faults on the wire, in the caller's era.
//
// A modern result says that it is complete, how long it may be kept and by whom, and which server
// made it (`_meta`). A legacy result has none of that. A listing is never copied: it is the middle
// part of an HTTP response whose head and tail are written around it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"
#include "mcp/wire/fault.h"
#include "mcp/wire/protocol.h"

namespace patchbay::mcp {

// What a server knows of the limit that a call came up against, for headers and `_meta`.
struct RateLimit {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> remaining;
  std::optional<std::int64_t> reset_seconds;
  std::optional<std::int64_t> retry_after_seconds;
};

// The members of a result object as JSON text, without braces and without a comma at either end:
// `head`, then `shared`, then `tail`. Members of `_meta` come apart, since the server adds its own.
struct ResultBody {
  std::string head;
  std::shared_ptr<const std::string> shared;
  std::string tail;
  std::string meta;
  // How long a modern client may reuse it; negative: this kind of result does not say.
  std::int64_t ttl_ms = -1;
  bool input_required = false;  // else complete
  std::vector<std::pair<std::string, std::string>> http_headers;
};

struct ServerInfo {
  std::string_view version;
  std::string_view title;
};
// {"name":"patchbay",…}
void append_server_info(std::string& out, const ServerInfo& info);

http::Response result_response(Era era, std::string_view id, ResultBody body,
                               const ServerInfo& info);
http::Response fault_response(const Fault& fault);

// All of a response's parts as one text.
std::string whole_body(http::Response response);

// Results and faults as text, for streams.
std::string result_text(Era era, std::string_view id, ResultBody body, const ServerInfo& info);
std::string fault_text(const Fault& fault);

// A tool's text as a CallToolResult; `structured`: it is a JSON object, and stands also as
// structuredContent (never with an error, which has no shape to promise). `further_blocks`: ",{…}"
// for each.
ResultBody text_result(std::string_view text, bool is_error,
                       const std::optional<RateLimit>& rate_limit, bool structured,
                       std::string_view further_blocks = {});
ResultBody object_result(const json::Object& members);

}  // namespace patchbay::mcp
