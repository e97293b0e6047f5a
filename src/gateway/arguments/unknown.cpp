#include "gateway/arguments/unknown.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "dialect/field_path.h"

namespace patchbay::gateway {

namespace {

// A program for code writes `task_progress` beside the arguments of every tool; a workflow tool
// hands the four others of its own node on.
constexpr auto kClientsOwn = std::to_array<std::string_view>(
    {"task_progress", "toolCallId", "sessionId", "action", "chatInput"});

constexpr std::size_t kMostNamesTold = 30;
constexpr std::size_t kMostFieldsTold = 4;

bool takes(const Call& call, std::string_view name) {
  return std::ranges::find(call.tool.argument_names, name) != call.tool.argument_names.end();
}

// Those that set or compare the field of that name: `closedFlag` is `closed` of a list.
std::vector<std::string> arguments_of_field(const Call& call, std::string_view field) {
  std::vector<std::string> names;
  for (const auto& argument : call.method().arguments) {
    const bool has_field = argument.place == integration::ArgumentPlace::filter ||
                           argument.place == integration::ArgumentPlace::body;
    if (has_field && equal_ignoring_case(argument.field(), field)) names.push_back(argument.name);
  }
  return names;
}

// A value that stands for any other of its kind.
std::string sample_of(const integration::Field& field) {
  switch (field.type) {
    case integration::FieldType::integer:
    case integration::FieldType::number:
      return "= 1";
    case integration::FieldType::boolean:
      return "= true";
    case integration::FieldType::date_time:
    case integration::FieldType::date:
      return "> [2026-01-31T00:00:00Z]";
    case integration::FieldType::reference:
      return "= 1";
    default:
      return field.values.empty() ? "contains 'text'" : "= '" + field.values.front() + '\'';
  }
}

// `conditions: "isInSla = false"`; "": there is no such field, or nothing to compare it by.
std::string condition_for(const Call& call, std::string_view name) {
  const auto* field = call.resource().find_field(name);
  if (field == nullptr || !takes(call, "conditions") || !field->filterable) return {};
  std::string path = field->name;
  const auto slash = name.rfind('/');
  if (slash != std::string_view::npos) path = std::string(name.substr(0, slash + 1)) + field->name;
  if (field->type == integration::FieldType::reference) path += "/id";
  return "conditions: \"" + path + ' ' + sample_of(*field) + '"';
}

}  // namespace

bool is_clients_own(std::string_view name) {
  return std::ranges::find(kClientsOwn, name) != kClientsOwn.end();
}

std::string unknown_argument(const Call& call, std::string_view name) {
  const auto& known = call.tool.argument_names;
  for (const auto& argument : call.method().arguments) {
    if (std::ranges::find(argument.mistaken_for, name) != argument.mistaken_for.end()) {
      return "unknown argument; did you mean " + argument.name + '?';
    }
  }
  for (const auto& [instead_of, text] : call.method().instead_of) {
    if (!equal_ignoring_case(instead_of, name)) continue;
    const auto* const toolset = call.context.toolset;
    return "unknown argument; " + (toolset == nullptr ? text : toolset->in_shown_names(text));
  }
  std::string message = "unknown argument";
  if (const auto same = arguments_of_field(call, name); !same.empty()) {
    return message + "; did you mean " + join(same, " or ") + "?";
  }
  const auto near = nearest(name, known, 3);
  if (!near.empty()) return message + "; did you mean " + join(near, " or ") + "?";
  // What a list has no filter for can still be compared.
  if (const auto condition = condition_for(call, name); !condition.empty()) {
    return message + "; compare the field " + std::string(name) + " by " + condition;
  }
  if (takes(call, "conditions")) {
    const auto fields = dialect::nearest_paths(call.resource().fields, name,
                                               dialect::FieldUse::filter, kMostFieldsTold);
    for (const auto& field : fields) {
      const auto condition = condition_for(call, field);
      if (condition.empty()) continue;
      return message + "; the nearest fields are " + join(fields) + ", compared as in " + condition;
    }
  }
  if (known.empty()) return message + "; this tool takes none";
  if (known.size() <= kMostNamesTold) return message + "; this tool takes: " + join(known);
  return message + "; see the tool's input schema";
}

}  // namespace patchbay::gateway
