#include "gateway/arguments/validate.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "gateway/names/said.h"

namespace patchbay::gateway {

namespace {

std::string unknown_argument(const Call& call, std::string_view name) {
  const auto& known = call.tool.argument_names;
  for (const auto& argument : call.method().arguments) {
    if (std::ranges::find(argument.mistaken_for, name) != argument.mistaken_for.end()) {
      return "unknown argument; did you mean " + argument.name + '?';
    }
  }
  const auto near = nearest(name, known, 3);
  std::string message = "unknown argument";
  if (!near.empty()) return message + "; did you mean " + join(near, " or ") + "?";
  if (known.size() <= 30) return message + "; this tool takes: " + join(known);
  return message + "; see the tool's input schema";
}

// An explicit null clears a field in an update. Elsewhere it is a model's way to say "not given".
bool null_means_something(const Call& call, const integration::Argument& argument) {
  return argument.place == integration::ArgumentPlace::body &&
         call.method().kind == integration::MethodKind::update;
}

// {"id": 7, "name": "New"}, as the API itself writes references.
void unwrap_reference(const Call& call, const integration::Argument& argument, json::Value& value) {
  if (auto* items = value.if_array()) {
    for (auto& item : *items) unwrap_reference(call, argument, item);
    return;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  auto said = said_by_object(*object, argument, call.integration());
  if (!said.is_null()) value = std::move(said);
}

const integration::Argument* find_by_alias(const Call& call, std::string_view name) {
  for (const auto& argument : call.method().arguments) {
    for (const auto& alias : argument.aliases) {
      if (alias == name) return &argument;
    }
  }
  return nullptr;
}

}  // namespace

Arguments validate(const Call& call, json::Object given) {
  Arguments arguments(call.tool);
  json::Object kept;
  for (auto& [given_name, value] : given) {
    std::string_view name = given_name;
    const auto* argument = call.find_argument(name);
    if (argument == nullptr) {
      const auto* meant = find_by_alias(call, name);
      if (meant != nullptr && given.find(meant->name) == nullptr) {
        argument = meant;
        name = meant->name;
      }
    }
    if (argument == nullptr) {
      // Reported here, so it is kept from the schema, whose own report knows no better name.
      arguments.violations.push_back(
          {std::string(cut_utf8(name, 80)), unknown_argument(call, cut_utf8(name, 80))});
      continue;
    }
    if (value.is_null() && !null_means_something(call, *argument)) continue;
    if (argument->reference || argument->type == integration::FieldType::reference) {
      unwrap_reference(call, *argument, value);
    }
    kept.append(std::string(name), std::move(value));
  }
  json::Value checked(std::move(kept));
  if (call.tool.validator) {
    schema::CoerceOptions options;
    options.mend_harmless_misfits = true;
    for (auto& violation : call.tool.validator->check(checked, options)) {
      const auto* argument = call.find_argument(violation.path);
      const bool is_time =
          argument != nullptr && (argument->type == integration::FieldType::date_time ||
                                  argument->type == integration::FieldType::date);
      // Times are read more generously than the schema's format says, by the next stage.
      if (is_time && (violation.keyword == "format" || violation.keyword == "pattern")) continue;
      arguments.violations.push_back({violation.path, std::move(violation.message)});
    }
  }
  arguments.set(std::move(*checked.if_object()));
  return arguments;
}

}  // namespace patchbay::gateway
