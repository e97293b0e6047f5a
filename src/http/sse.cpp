#include "http/sse.h"

namespace patchbay::http {

std::string sse_event(std::string_view name, std::string_view data) {
  std::string event;
  event.reserve(name.size() + data.size() + 16);
  event.append("event: ").append(name).append("\n");
  // JSON comes on one line; should a line break have got into it, each line needs its own field.
  for (;;) {
    std::size_t line_end = data.find_first_of("\r\n");
    event.append("data: ").append(data.substr(0, line_end)).append("\n");
    if (line_end == std::string_view::npos) break;
    bool pair = data[line_end] == '\r' && line_end + 1 < data.size() && data[line_end + 1] == '\n';
    data.remove_prefix(line_end + (pair ? 2 : 1));
  }
  event.append("\n");
  return event;
}

Response sse_response(std::function<io::Task<>(StreamWriter&)> producer) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-cache, no-transform");
  response.headers.add("X-Accel-Buffering", "no");
  response.stream = std::move(producer);
  return response;
}

}  // namespace patchbay::http
