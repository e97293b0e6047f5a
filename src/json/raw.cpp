#include "json/raw.h"

#include <algorithm>
#include <string>

#include <simdjson.h>

#include "base/text.h"
#include "json/parse.h"
#include "json/shape.h"

namespace patchbay::json {

namespace {

simdjson::padded_string_view padded(std::string_view source) {
  return simdjson::padded_string_view(source.data(), source.size(), source.size() + kPadding);
}

}  // namespace

Result<std::string_view> raw_array_at(std::string_view padded_source, std::string_view path) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::array array;
  std::string_view raw;
  const bool found = !parser.iterate(padded(padded_source)).get(document) &&
                     !document.at_pointer(path).get_array().get(array) &&
                     !array.raw_json().get(raw);
  if (!found) return fail(ErrorCode::upstream, "There is no list at " + std::string(path) + '.');
  return trim(raw);
}

std::optional<Value> scalar_at(std::string_view padded_source, std::string_view path) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  if (parser.iterate(padded(padded_source)).get(document) || document.at_pointer(path).get(value)) {
    return std::nullopt;
  }
  simdjson::ondemand::json_type type;
  if (value.type().get(type) || type == simdjson::ondemand::json_type::array ||
      type == simdjson::ondemand::json_type::object) {
    return std::nullopt;
  }
  // The token, checked as any text of a stranger's.
  auto parsed = parse(trim(value.raw_json_token()));
  if (!parsed || parsed->is_null()) return std::nullopt;
  return std::move(*parsed);
}

std::string_view raw_value_at(std::string_view padded_source, std::string_view path) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  std::string_view raw;
  const bool found = !parser.iterate(padded(padded_source)).get(document) &&
                     !document.at_pointer(path).get(value) &&
                     !simdjson::to_json_string(value).get(raw);
  return found ? trim(raw) : std::string_view();
}

namespace {

// Behind the string that begins at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (;;) {
    at = text.find('"', at + 1);
    if (at == std::string_view::npos) return text.size();
    std::size_t escapes = 0;
    while (text[at - 1 - escapes] == '\\') ++escapes;
    if (escapes % 2 == 0) return at + 1;
  }
}

// Behind the value that begins at `at`.
std::size_t behind_value(std::string_view text, std::size_t at) {
  std::size_t open = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = behind_string(text, at);
      if (open == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') ++open;
    if (c == '}' || c == ']') {
      if (open == 0) return at;  // of what is around it
      if (--open == 0) return at + 1;
    }
    if (c == ',' && open == 0) return at;
    ++at;
  }
  return at;
}

std::string_view member_of(std::string_view object, std::string_view name) {
  if (!object.starts_with('{')) return {};
  std::size_t at = 1;
  while (at < object.size() && object[at] == '"') {
    const std::size_t colon = behind_string(object, at);
    const std::size_t end = behind_value(object, colon + 1);
    if (object.substr(at + 1, colon - at - 2) == name) {
      return object.substr(colon + 1, end - colon - 1);
    }
    at = end + 1;
  }
  return {};
}

}  // namespace

std::string_view shaped_value_at(std::string_view shaped, std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    shaped = member_of(shaped, path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return shaped;
}

}  // namespace patchbay::json
