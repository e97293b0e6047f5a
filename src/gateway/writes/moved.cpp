#include "gateway/writes/moved.h"

#include <set>
#include <string>
#include <vector>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/dependents.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kLeastTelling = 2;  // members

bool is_nothing(const json::Value* value) {
  if (value == nullptr || value->is_null()) return true;
  const auto* text = value->if_string();
  return text != nullptr && trim_blanks(*text).empty();
}

bool same(const json::Value* one, const json::Value* other) {
  if (is_nothing(one) || is_nothing(other)) return is_nothing(one) == is_nothing(other);
  const auto* a = one->find("id");
  const auto* b = other->find("id");
  if (a != nullptr && b != nullptr) return a->as_int64() == b->as_int64();
  if (one->is_number() && other->is_number()) return one->as_double() == other->as_double();
  return one->kind() != other->kind() || *one == *other;
}

std::string shown(const Call& call, const json::Value* value) {
  if (is_nothing(value)) return "nothing";
  const auto* text = value->if_string();
  const auto name =
      text != nullptr ? std::string_view(*text) : label_in(call.integration(), *value);
  if (!name.empty()) return '\'' + std::string(cut_utf8(trim_blanks(name), 60)) + '\'';
  const auto* id = value->find("id");
  return json::to_string(id != nullptr ? *id : *value);
}

// What was to follow and did not.
void tell_not_followed(Call& call, const Prepared& prepared, const json::Value& record) {
  std::vector<std::string> told;
  for (const auto& [field, value] : prepared.names.followed) {
    const auto* known = call.resource().find_field(field);
    const auto* has = record.find(field);
    if (known == nullptr || !known->returned || same(&value, has)) continue;
    told.push_back(field + " is " + shown(call, has) +
                   (value.is_null() ? ", was to be cleared" : ", was to be another"));
  }
  if (told.empty()) return;
  call.add_notice("Not all that hangs on the change was changed by the API: " + join(told, "; ") +
                  '.');
}

// What the API did by itself.
void tell_dropped(Call& call, const Prepared& prepared, const json::Value& record,
                  const std::set<std::string>& given) {
  const auto& names = prepared.names;
  // Some versions of an API send more than they were asked for.
  const auto hanging = fields_that_move(call, prepared.arguments);
  std::vector<std::string> told;
  for (const auto& [field, was] : names.before) {
    if (!hanging.contains(field) || given.contains(field) || names.followed.contains(field))
      continue;
    const auto* has = record.find(field);
    if (same(&was, has)) continue;
    told.push_back(field + ' ' + shown(call, &was) + " → " + shown(call, has));
  }
  if (told.empty()) return;
  call.add_notice("The API itself changed with it: " + join(told, "; ") + '.');
}

// A field that the API derives from what was given has changed, and what hangs on it has not.
void tell_left_behind(Call& call, const Prepared& prepared, const json::Value& record,
                      const std::set<std::string>& given) {
  const auto& before = prepared.names.before;
  for (const auto& derived : derived_fields(call, given)) {
    if (same(before.find(derived), record.find(derived))) continue;
    std::vector<std::string> left;
    for (const auto* field : dependents_of(call, {derived})) {
      const auto* was = before.find(field->name);
      if (given.contains(field->name) || is_nothing(was)) continue;
      if (same(was, record.find(field->name))) {
        left.push_back(field->name + ' ' + shown(call, was));
      }
    }
    if (left.empty()) continue;
    call.add_notice(derived + " is now " + shown(call, record.find(derived)) + ", but " +
                    join(left, " and ") + " stayed as under " + shown(call, before.find(derived)) +
                    ": check it, and set it if it is wrong.");
  }
}

}  // namespace

void tell_what_came_along(Call& call, const Prepared& prepared, const json::Value& record) {
  if (prepared.names.before.empty()) return;
  // An answer of little more than an id tells nothing of what it leaves out.
  const auto* members = record.if_object();
  if (members == nullptr || members->size() <= kLeastTelling) return;
  const auto given = given_fields(call, prepared.arguments);
  tell_not_followed(call, prepared, record);
  tell_dropped(call, prepared, record, given);
  tell_left_behind(call, prepared, record, given);
}

}  // namespace patchbay::gateway
