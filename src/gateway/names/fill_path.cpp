#include "gateway/names/fill_path.h"

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
                               const Names& names, const integration::PathTemplate& path) {
  auto filled = path.fill([&](const std::string& name) -> std::optional<std::string> {
    std::optional<std::string> value;
    for (const auto& argument : method.arguments) {
      const auto* given = arguments.find(argument.name);
      if (argument.place == integration::ArgumentPlace::path && argument.field() == name &&
          given != nullptr) {
        value = as_text(bound_value(names, argument, *given));
      }
    }
    return value;
  });
  if (!filled) return refuse(filled.error());
  return std::move(*filled);
}

}  // namespace patchbay::gateway
