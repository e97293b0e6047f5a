#include "gateway/names/fill_path.h"

#include "http/url.h"
#include "json/write.h"

namespace patchbay::gateway {

std::string as_text(const json::Value& value) {
  if (const auto* text = value.if_string()) return *text;
  if (const auto* items = value.if_array()) {
    std::string out;
    for (const auto& item : *items) out += (out.empty() ? "" : ",") + as_text(item);
    return out;
  }
  return json::to_string(value);
}

Outcome<std::string> fill_path(const integration::Method& method, const Arguments& arguments,
                               const Names& names, std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = path.find('}', open);
    if (close == std::string_view::npos) {
      return refuse(ErrorCode::internal, "The definition of this tool has a broken path.");
    }
    const auto name = path.substr(open + 1, close - open - 1);
    std::string value;
    for (const auto& argument : method.arguments) {
      const auto* given = arguments.find(argument.name);
      if (argument.place == integration::Place::path && argument.field() == name &&
          given != nullptr) {
        value = as_text(bound_value(names, argument, *given));
      }
    }
    // "." and ".." survive percent-encoding and would name another place.
    if (value.empty() || value == "." || value == ".." || value.size() > 200) {
      return refuse(ErrorCode::invalid_argument,
                    std::string(name) + " is missing or cannot stand in an address.");
    }
    out += http::percent_encode(value);
    path.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace patchbay::gateway
