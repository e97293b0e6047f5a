// For tests: arguments that a tool's schema takes.
#pragma once

#include <algorithm>

#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::gateway {

// One for each argument that must be given, by its type: 5012, which is a ticket of the sandbox,
// for any number. Of an update one change more.
inline json::Object least_arguments(const catalog::Tool& tool) {
  json::Object arguments;
  const auto give = [&](const integration::Argument& argument) {
    using integration::FieldType;
    if (arguments.contains(argument.name)) return;
    const auto* choices = argument.schema.find("enum");
    json::Value value = 5012;
    if (choices != nullptr && choices->is_array()) {
      value = choices->if_array()->front();
    } else if (argument.written_as != integration::WrittenAs::text) {
      value = "jane@acme.example";
    } else if (argument.type == FieldType::string) {
      value = "Text";
    } else if (argument.type == FieldType::boolean) {
      value = true;
    } else if (argument.type == FieldType::date_time) {
      value = "2026-11-20T10:00:00Z";
    } else if (argument.type == FieldType::date) {
      value = "2026-11-20";
    } else if (argument.type == FieldType::array) {
      value = json::Array{5013};  // another than the one that is joined to
    } else if (argument.type == FieldType::object) {
      value = json::Object{{"id", 5012}};
    }
    arguments.append(argument.name, std::move(value));
  };
  const integration::Argument* change = nullptr;
  for (const auto& argument : tool.method->arguments) {
    // The first of those of which one is needed.
    const bool stands_for_others = std::ranges::any_of(
        tool.method->one_of, [&](const auto& group) { return group.front() == argument.name; });
    const bool needed =
        argument.required || stands_for_others ||
        argument.place == integration::ArgumentPlace::path ||
        std::ranges::find(tool.method->needs, argument.field()) != tool.method->needs.end();
    if (needed) give(argument);
    const bool plain = argument.place == integration::ArgumentPlace::body &&
                       (argument.type == integration::FieldType::string ||
                        argument.type == integration::FieldType::boolean ||
                        argument.type == integration::FieldType::number);
    if (change == nullptr && plain && !argument.required) change = &argument;
  }
  if (tool.method->kind == integration::MethodKind::update && change != nullptr) give(*change);
  return arguments;
}

}  // namespace patchbay::gateway
