#include "gateway/answers/brief.h"

#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "gateway/arguments/fields.h"
#include "gateway/call/labels.h"
#include "gateway/names/dependents.h"
#include "integration/whole_body.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

using integration::MethodKind;

std::string head_of(std::string_view path) {
  return std::string(path.substr(0, path.find('/')));
}

bool is_brief(const Call& call) {
  const auto kind = call.method().kind;
  const auto& body_list = call.method().body_list;
  // What is given as an element of a list is answered with all that has the list.
  const bool is_record = body_list.empty() || body_list == integration::kWholeBody;
  return (kind == MethodKind::create || kind == MethodKind::update) && is_record &&
         !call.resource().fields.empty();
}

// Those that are asked for, by the names of the record's own members; empty: none are.
Outcome<std::set<std::string>> asked_for(const Call& call, const Arguments& arguments) {
  auto chosen = choose_fields(call, arguments, {}, {});
  if (!chosen) return std::unexpected(std::move(chosen.error()));
  std::set<std::string> heads;
  for (const auto path : split(*chosen, ',')) {
    if (!path.empty()) heads.insert(head_of(path));
  }
  return heads;
}

std::set<std::string> told_of(const Call& call, const Arguments& arguments) {
  std::set<std::string> names = given_fields(call, arguments);
  names.insert(call.integration().pagination.id_field);
  for (const auto& label : single_label_fields(call.integration())) names.insert(label);
  // What stands for the names in records that have none: a ticket's summary.
  for (const auto& argument : call.method().arguments) {
    const bool writes = argument.place == integration::ArgumentPlace::body ||
                        argument.place == integration::ArgumentPlace::platform;
    if (!writes || !arguments.has(argument.name)) continue;
    names.insert(head_of(argument.field()));
    // A form's parts have names of their own, and the record those of its fields.
    names.insert(argument.name);
  }
  // By these it is told whether it came as one would take it for.
  for (const auto& remark : call.method().remarks) {
    for (const auto& [field, value] : remark.when) names.insert(head_of(field));
  }
  if (call.method().kind != MethodKind::create) return names;
  const auto* list = call.resource().find_method("list");
  if (list == nullptr) return names;
  for (const auto& field : list->default_fields) names.insert(head_of(field));
  return names;
}

}  // namespace

Outcome<> check_fields_asked(const Call& call, const Arguments& arguments) {
  if (!is_brief(call)) return {};
  auto asked = asked_for(call, arguments);
  if (!asked) return std::unexpected(std::move(asked.error()));
  return {};
}

std::string briefly(const Call& call, const Arguments& arguments, std::string record) {
  if (!is_brief(call)) return record;
  auto names = asked_for(call, arguments);
  if (!names) return record;
  if (names->empty()) {
    if (arguments.verbose()) return record;
    *names = told_of(call, arguments);
  }
  auto whole = json::parse(record);
  const auto* members = whole ? whole->if_object() : nullptr;
  if (members == nullptr) return record;
  json::Object kept;
  for (const auto& [name, value] : *members) {
    if (names->contains(name)) kept.append(name, value);
  }
  return json::to_string(json::Value(std::move(kept)));
}

}  // namespace patchbay::gateway
