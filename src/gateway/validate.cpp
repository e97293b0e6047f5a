#include "base/text.h"
#include "gateway/stages.h"

namespace patchbay::gateway {

namespace {

std::string unknown_argument(const Call& call, std::string_view name) {
  const auto& known = call.tool.argument_names;
  const auto near = nearest(name, known, 3);
  std::string message = "unknown argument";
  if (!near.empty()) return message + "; did you mean " + join(near, " or ") + "?";
  if (known.size() <= 30) return message + "; this tool takes: " + join(known);
  return message + "; see the tool's input schema";
}

// An explicit null clears a field in an update. Elsewhere it is a model's way to say "not given".
bool null_means_something(const Call& call, const catalog::Argument& argument) {
  return argument.place == catalog::Place::body &&
         call.method().kind == catalog::MethodKind::update;
}

}  // namespace

void validate(Call& call) {
  json::Object kept;
  for (auto& [name, value] : call.arguments) {
    const auto* argument = call.find_argument(name);
    if (argument == nullptr) {
      // What is told here is not told again by the schema's additionalProperties.
      call.violations.push_back(
          {std::string(cut_utf8(name, 80)), unknown_argument(call, cut_utf8(name, 80))});
      continue;
    }
    if (value.is_null() && !null_means_something(call, *argument)) continue;
    kept.append(name, std::move(value));
  }
  json::Value checked(std::move(kept));
  if (call.tool.validator) {
    schema::CoerceOptions options;
    options.mend_harmless_misfits = true;
    for (auto& violation : call.tool.validator->check(checked, options)) {
      const auto* argument = call.find_argument(violation.path);
      const bool is_time =
          argument != nullptr && (argument->type == catalog::FieldType::date_time ||
                                  argument->type == catalog::FieldType::date);
      // Times are read more generously than the schema's format says, by the next stage.
      if (is_time && (violation.keyword == "format" || violation.keyword == "pattern")) continue;
      call.violations.push_back({violation.path, std::move(violation.message)});
    }
  }
  call.arguments = std::move(*checked.if_object());
}

}  // namespace patchbay::gateway
