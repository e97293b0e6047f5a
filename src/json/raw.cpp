#include "json/raw.h"

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

}  // namespace patchbay::json
