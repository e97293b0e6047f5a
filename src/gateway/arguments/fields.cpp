#include "gateway/arguments/fields.h"

#include <algorithm>

#include "base/blanks.h"
#include "base/text.h"
#include "catalog/field_guide.h"
#include "dialect/field_path.h"
#include "gateway/arguments/unknown.h"

namespace patchbay::gateway {

namespace {

// Near names are looked for as often as anybody reads them.
constexpr std::size_t kMostGroups = 20;  // told to whoever names a field that there is not

// As a list, or as one text with commas, which is how many models write it. "board.name" is taken
// for "board/name".
std::vector<std::string> names_of(const json::Value& value) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view text) {
    for (const auto part : split(text, ',')) {
      if (trim_blanks(part).empty()) continue;
      std::string name(trim_blanks(part));
      std::ranges::replace(name, '.', '/');
      names.push_back(std::move(name));
    }
  };
  if (const auto* text = value.if_string()) add(*text);
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) {
      if (const auto* text = item.if_string()) add(*text);
    }
  }
  return names;
}

// How the upstream must be asked for a field: what lies in _info comes with all of _info.
std::string asked_as(const Call& call, const dialect::FoundField& found) {
  const auto head = std::string_view(found.path).substr(0, found.path.find('/'));
  for (const auto& field : call.resource().fields) {
    if (field.name == head && field.in_info) return call.integration().shape.info_name;
  }
  return found.path;
}

// Whether records have a fact of that name in _info. Definitions that have it among the fields are
// not to be relied on: the API's documents say so of some resources, and its answers differ.
bool may_be_info(const Call& call, const std::string& path) {
  return std::ranges::find(call.integration().shape.info_kept, path) !=
         call.integration().shape.info_kept.end();
}

// What has members that can be asked for one by one ("owner/name").
std::string groups_of(const Call& call) {
  std::vector<std::string> groups;
  for (const auto& field : call.resource().fields) {
    if (!field.returned || field.children.empty()) continue;
    if (groups.size() == kMostGroups) {
      groups.emplace_back("…");
      break;
    }
    groups.push_back(field.name);
  }
  return join(groups, ", ");
}

std::string where_fields_stand(const Call& call) {
  std::string hint = "Leave fields out to get the usual ones.";
  if (const auto groups = groups_of(call); !groups.empty()) {
    hint += " With members of their own (x/name, x/id): " + groups + '.';
  }
  // Where no server stands behind the call, nobody could read it.
  if (call.context.toolset != nullptr) {
    const auto uri = catalog::field_guide_uri(call.integration(), call.resource());
    if (catalog::find_field_guide(*call.context.toolset, uri) != nullptr) {
      hint += " The MCP resource " + uri + " names all.";
    }
  }
  return hint;
}

void add(std::vector<std::string>& list, std::string name) {
  // "board" brings "board/name" along.
  if (std::ranges::find(list, name.substr(0, name.find('/'))) != list.end()) return;
  if (std::ranges::find(list, name) == list.end()) list.push_back(std::move(name));
}

}  // namespace

Outcome<std::string> choose_fields(const Call& call, const Arguments& arguments,
                                   const std::vector<std::string>& otherwise,
                                   const std::vector<std::string>& also) {
  const auto& pagination = call.integration().pagination;
  const auto* given = arguments.find("fields");
  auto wanted = given != nullptr && call.find_argument("fields") != nullptr
                    ? names_of(*given)
                    : std::vector<std::string>();
  // An empty list of fields is a model's way to say that it has no wish.
  const bool asked = !wanted.empty();
  if (!asked) wanted = otherwise;
  // `verbose` without `fields` means everything there is.
  if (pagination.fields_parameter.empty() || wanted.empty() || (!asked && arguments.verbose())) {
    return std::string();
  }
  std::vector<std::string> list;
  std::vector<FieldError> unknown;
  add(list, pagination.id_field);
  for (const auto& name : wanted) {
    if (equal_ignoring_case(name, call.integration().shape.info_name)) {
      add(list, call.integration().shape.info_name);
      continue;
    }
    const auto found = dialect::find_path(call.resource().fields, name);
    if (found && usable(*found, dialect::FieldUse::response)) {
      add(list, asked_as(call, *found));
      if (asked && may_be_info(call, found->path)) add(list, call.integration().shape.info_name);
    } else if (asked) {
      std::vector<std::string> near;
      if (unknown.size() < kMostNearNames) {
        near = dialect::nearest_paths(call.resource().fields, name, dialect::FieldUse::response, 3);
      }
      std::string message = "'" + std::string(cut_utf8(name, 80)) + "' is no field of " +
                            to_lower(call.resource().label) + '.';
      if (!near.empty()) message += ' ' + dialect::did_you_mean(near);
      unknown.push_back({"fields", std::move(message)});
    }
  }
  if (!unknown.empty()) {
    ToolError error;
    error.code = ErrorCode::invalid_argument;
    error.message = "fields: " + (unknown.size() == 1
                                      ? unknown.front().message
                                      : std::to_string(unknown.size()) + " of them are unknown.");
    error.field_errors = std::move(unknown);
    error.hint = where_fields_stand(call);
    return std::unexpected(std::move(error));
  }
  for (const auto& name : also) {
    if (const auto found = dialect::find_path(call.resource().fields, name)) {
      // Without the order's values there is no saying where the next page begins.
      add(list, asked_as(call, *found));
      if (may_be_info(call, found->path)) add(list, call.integration().shape.info_name);
    }
  }
  return join(list, ",");
}

std::string fields_for(const Call& call, const std::vector<std::string>& paths) {
  const auto& pagination = call.integration().pagination;
  if (pagination.fields_parameter.empty()) return {};
  std::vector<std::string> list;
  add(list, pagination.id_field);
  for (const auto& path : paths) {
    const auto found = dialect::find_path(call.resource().fields, path);
    if (!found) continue;
    add(list, asked_as(call, *found));
    if (may_be_info(call, found->path)) add(list, call.integration().shape.info_name);
  }
  return join(list, ",");
}

}  // namespace patchbay::gateway
