#include "gateway/names/dependents.h"

#include <algorithm>

#include "gateway/names/current_record.h"

namespace patchbay::gateway {

namespace {

std::string head_of(std::string_view field) {
  return std::string(field.substr(0, field.find('/')));
}

}  // namespace

std::set<std::string> given_fields(const Call& call, const Arguments& arguments) {
  std::set<std::string> given;
  for (const auto& argument : call.method().arguments) {
    if (argument.place != integration::ArgumentPlace::body || !arguments.has(argument.name)) {
      continue;
    }
    given.insert(head_of(argument.field()));
    for (const auto& [field, value] : argument.also) given.insert(head_of(field));
  }
  return given;
}

std::string scope_field(const Call& call, const integration::Scope& scope) {
  return std::string(field_head(call, scope.argument));
}

std::vector<const integration::Field*> dependents_of(const Call& call,
                                                     const std::set<std::string>& changed) {
  std::vector<const integration::Field*> out;
  for (const auto& field : call.resource().fields) {
    if (!field.lookup || !field.returned) continue;
    const bool hangs = std::ranges::any_of(field.lookup->scopes, [&](const auto& scope) {
      const auto on = scope_field(call, scope);
      return on != field.name && changed.contains(on);
    });
    if (hangs) out.push_back(&field);
  }
  return out;
}

std::set<std::string> derived_fields(const Call& call, const std::set<std::string>& given) {
  std::set<std::string> out;
  for (const auto& field : call.resource().fields) {
    const bool derived = std::ranges::any_of(
        field.follows, [&](const auto& source) { return given.contains(source); });
    if (derived && !given.contains(field.name)) out.insert(field.name);
  }
  // A project ticket's company is that of the project it goes to.
  for (const auto& rule : call.resource().inherits) {
    const bool stands = call.resource().find_field(rule.field) != nullptr;
    if (stands && given.contains(rule.from) && !given.contains(rule.field)) out.insert(rule.field);
  }
  return out;
}

bool names_the_same(const integration::Copy& copy) {
  return copy.list.empty() && copy.value == "id";
}

std::set<std::string> fields_that_move(const Call& call, const Arguments& arguments) {
  std::set<std::string> needed;
  if (call.method().kind != integration::MethodKind::update) return needed;
  const auto given = given_fields(call, arguments);
  std::set<std::string> changed = given;
  changed.merge(derived_fields(call, given));
  for (std::size_t before = 0; before != changed.size();) {
    before = changed.size();
    for (const auto* field : dependents_of(call, changed)) {
      if (given.contains(field->name)) continue;
      changed.insert(field->name);
      needed.insert(field->name);
      for (const auto& scope : field->lookup->scopes) needed.insert(scope_field(call, scope));
    }
    for (const auto& copy : call.resource().copies) {
      if (!changed.contains(copy.of) || given.contains(copy.field)) continue;
      changed.insert(copy.field);
      needed.insert(copy.field);
      needed.insert(copy.of);
    }
  }
  // What says the same of it: the ticket that an activity is about.
  for (const auto& rule : call.resource().inherits) {
    if (!given.contains(rule.field) || given.contains(rule.from) ||
        call.resource().find_field(rule.from) == nullptr) {
      continue;
    }
    needed.insert({rule.from, rule.field});
    if (!rule.by.empty()) needed.insert(rule.by);
  }
  if (needed.empty()) return needed;
  // What combines with them is judged with them.
  for (const auto& combination : call.method().combinations) {
    for (const auto& [argument, field] : combination.fields) {
      needed.emplace(field_head(call, argument));
    }
  }
  return needed;
}

}  // namespace patchbay::gateway
