#include "gateway/names/copies.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "gateway/names/dependents.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "integration/model.h"
#include "json/path.h"

namespace patchbay::gateway {

using integration::Copy;

namespace {

// What the record says of the copy; null if it says nothing.
json::Value value_in(const json::Value& record, const Copy& copy) {
  const json::Value* from = &record;
  if (!copy.list.empty()) {
    const auto* list = json::find_at(record, copy.list);
    const auto* items = list != nullptr ? list->if_array() : nullptr;
    if (items == nullptr) return nullptr;
    const auto found = std::ranges::find_if(*items, [&](const json::Value& item) {
      return std::ranges::all_of(copy.where, [&](const auto& wanted) {
        const auto* value = json::find_at(item, wanted.first);
        return value != nullptr && equal_ignoring_case(as_text(*value), wanted.second);
      });
    });
    if (found == items->end()) return nullptr;
    from = &*found;
  }
  const auto parts = split(copy.value, ' ');
  if (parts.size() == 1) {
    const auto* value = json::find_at(*from, copy.value);
    if (value == nullptr) return nullptr;
    if (const auto* id = value->find("id")) return json::Object{{"id", *id}};
    return *value;
  }
  std::string text;
  for (const auto part : parts) {
    const auto* value = json::find_at(*from, part);
    if (value == nullptr || value->is_null()) continue;
    text += (text.empty() ? "" : " ") + as_text(*value);
  }
  return text.empty() ? json::Value() : json::Value(text);
}

bool says_the_same(const json::Value& one, const json::Value& other) {
  const auto* a = one.find("id");
  const auto* b = other.find("id");
  return a != nullptr && b != nullptr ? a->as_int64() == b->as_int64() : one == other;
}

// The record that the field names now.
io::Task<Outcome<std::shared_ptr<const Collection>>> named_record(
    Call& call, const Arguments& arguments, const Names& names, const integration::Field& field,
    const std::vector<const Copy*>& copies) {
  const auto* resource = call.integration().find_resource(field.lookup->resource);
  const auto* dialect = call.filter_dialect();
  const auto* value = names.current.find(field.name);
  const auto* id = value != nullptr ? value->find("id") : nullptr;
  if (resource == nullptr || dialect == nullptr || id == nullptr) co_return nullptr;
  std::vector<std::string> fields;
  for (const auto* copy : copies) {
    if (!copy->list.empty()) {
      fields.push_back(copy->list);
    } else {
      for (const auto part : split(copy->value, ' ')) fields.emplace_back(part);
    }
  }
  auto scopes = scope_values(call, arguments, names, field.lookup->scopes);
  if (scopes.state != ScopeValues::State::complete) co_return nullptr;
  std::erase_if(scopes.values, [](const auto& scope) { return !scope.first->required; });
  auto query = lookup_query(call, *resource, scopes, fields);
  const auto by_id =
      dialect->write({{call.integration().pagination.id_field, integration::FilterOperator::equal,
                       integration::FieldType::integer, *id}});
  if (!query || !by_id) co_return nullptr;
  query->filter = dialect->both(query->filter, *by_id);
  co_return co_await call.loop.lookups.get(call, std::move(*query), Freshness::own);
}

}  // namespace

io::Task<Outcome<std::vector<std::string>>> follow_copies(Call& call, const Arguments& arguments,
                                                          Names& names,
                                                          const std::set<std::string>& changed,
                                                          const std::set<std::string>& given) {
  std::vector<std::string> told;
  for (const auto& of : changed) {
    // Only what stands there can be wrong; what is empty the API fills as it does.
    std::vector<const Copy*> copies;
    for (const auto& copy : call.resource().copies) {
      const auto* stands = names.before.find(copy.field);
      if (names_the_same(copy)) continue;  // moved before this, with what hangs on it
      if (copy.of == of && !given.contains(copy.field) && stands != nullptr && !stands->is_null()) {
        copies.push_back(&copy);
      }
    }
    const auto* field = call.resource().find_field(of);
    if (copies.empty() || field == nullptr || !field->lookup) continue;
    const json::Value* record = nullptr;
    std::shared_ptr<const Collection> found;
    std::vector<std::string> follow;
    std::vector<std::string> cleared;
    std::vector<std::string> unknown;
    if (names.current.contains(of)) {
      auto answer = co_await named_record(call, arguments, names, *field, copies);
      if (!answer && answer.error().code != ErrorCode::permission_denied) {
        co_return std::unexpected(std::move(answer.error()));
      }
      if (answer && *answer != nullptr) found = *answer;
      if (found != nullptr && !found->records.empty()) record = &found->records.front();
      if (record == nullptr) {
        for (const auto* copy : copies) unknown.push_back(copy->field);
      }
    }
    for (const auto* copy : copies) {
      if (!unknown.empty()) break;
      auto value = record != nullptr ? value_in(*record, *copy) : json::Value();
      if (says_the_same(*names.before.find(copy->field), value)) continue;
      (value.is_null() ? cleared : follow).push_back(copy->field);
      names.followed[copy->field] = std::move(value);
    }
    if (!follow.empty()) told.push_back(join(follow) + " become those of the new " + of);
    if (!cleared.empty()) {
      told.push_back(join(cleared) + (cleared.size() == 1 ? " is" : " are") + " cleared with the " +
                     of);
    }
    if (!unknown.empty()) {
      told.push_back(join(unknown) + " may still be those of the old " + of +
                     ", since the new one could not be read");
    }
  }
  co_return told;
}

}  // namespace patchbay::gateway
