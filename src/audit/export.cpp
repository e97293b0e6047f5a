#include "audit/export.h"

#include <string_view>

#include "audit/event_json.h"
#include "json/write.h"

namespace patchbay::audit {
namespace {

std::string cell(const json::Value& value) {
  if (value.is_null()) return {};
  const std::string* const text = value.if_string();
  const std::string plain = text != nullptr ? *text : json::to_string(value);
  const bool formula =
      text != nullptr && !plain.empty() && std::string_view("=+-@\t\r").contains(plain.front());
  if (!formula && plain.find_first_of(",\"\r\n") == std::string::npos) return plain;
  std::string quoted = formula ? "\"'" : "\"";
  for (const char c : plain) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string json_line(const store::EventRow& row) {
  return json::to_string(view(row)) + "\n";
}

std::string csv_head() {
  std::string line;
  for (const auto& [name, value] : view(store::EventRow{})) {
    if (!line.empty()) line += ',';
    line += name;
  }
  return line + "\r\n";
}

std::string csv_line(const store::EventRow& row) {
  std::string line;
  bool first = true;
  for (const auto& [name, value] : view(row)) {
    if (!first) line += ',';
    first = false;
    line += cell(value);
  }
  return line + "\r\n";
}

}  // namespace patchbay::audit
