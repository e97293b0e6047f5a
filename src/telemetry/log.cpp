#include "telemetry/log.h"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <exception>

#include <unistd.h>

#include "base/clock.h"
#include "base/iso8601.h"
#include "json/write.h"

namespace patchbay::telemetry {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

struct ValueWriter {
  std::string& out;

  void operator()(std::string_view text) const { json::append_string(out, text); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(double number) const {
    out += std::isfinite(number) ? json::Number(number).token() : "null";
  }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
};

// One call for the whole line, so that lines of several threads do not mix. What the other end
// does not take is lost: a log never holds up the work.
void write_whole(int fd, std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(fd, line.data(), line.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return;
    }
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void Log::write(Level level, std::string_view message, std::initializer_list<Field> fields) const {
  if (!enabled(level)) return;
  try {
    std::string line;
    line.reserve(256);
    line += R"({"time":")";
    line += format_utc_millis(SystemClock().now());
    line += R"(","level":")";
    line += name_of(level);
    line += R"(","message":)";
    json::append_string(line, message);
    for (const Field& field : fields) {
      const auto* text = std::get_if<std::string_view>(&field.value);
      if (field.unless_empty && text != nullptr && text->empty()) continue;
      line += ',';
      json::append_string(line, field.name);
      line += ':';
      std::visit(ValueWriter{line}, field.value);
    }
    line += "}\n";
    write_whole(fd_, line);
  } catch (const std::exception&) {
    return;  // no memory for a line: go on without it
  }
}

}  // namespace patchbay::telemetry
