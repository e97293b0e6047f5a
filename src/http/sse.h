// Server-Sent Events (WHATWG HTML 9.2) as MCP uses them.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace patchbay::http {

// "event: <name>\ndata: <one line of JSON>\n\n"
std::string sse_event(std::string_view name, std::string_view data);
inline constexpr std::string_view kSseKeepAlive = ": keepalive\n\n";

// 200 with the headers that keep proxies from buffering; `producer` writes events.
Response sse_response(std::function<io::Task<>(StreamWriter&)> producer);

}  // namespace patchbay::http
