#include "gateway/writes/looked_at.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/distinct.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/writes/totals.h"
#include "integration/model.h"
#include "json/path.h"
#include "json/write.h"
#include "upstream/own_words.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::LookedAt;
using integration::Resource;

namespace {

constexpr std::size_t kMostShown = 20;
constexpr std::size_t kMostReadAlone = 5;
constexpr std::size_t kMostAddedUp = 10;  // each costs a request
constexpr std::size_t kMostBytesShown = 200;

// Null: the argument chooses none that is known.
const Resource* resource_of(const Call& call, const Prepared& prepared, const LookedAt& looked) {
  if (looked.by.empty()) return call.integration().find_resource(looked.resource);
  const auto* chosen = prepared.arguments.text(looked.by);
  const auto found = chosen != nullptr ? looked.resources.find(*chosen) : looked.resources.end();
  return found != looked.resources.end() ? call.integration().find_resource(found->second)
                                         : nullptr;
}

// Each by its get: where there is no list, or one that needs more than ids.
io::Task<Outcome<std::vector<json::Value>>> read_each(Call& call, const Prepared& prepared,
                                                      const Resource& resource,
                                                      std::vector<std::int64_t> ids) {
  std::vector<json::Value> records;
  const auto* get = resource.find_method("get");
  if (get == nullptr) co_return records;
  const std::string own = get->path.names().back();
  if (ids.size() > kMostReadAlone) ids.resize(kMostReadAlone);
  for (const auto id : ids) {
    auto path = get->path.fill([&](const std::string& name) -> std::optional<std::string> {
      if (name == own) return std::to_string(id);
      const auto* argument = call.find_argument(name);
      const auto* given = prepared.arguments.find(name);
      if (argument == nullptr || given == nullptr) return std::nullopt;
      return as_text(bound_value(prepared.names, *argument, *given));
    });
    if (!path) co_return records;
    upstream::Request request;
    request.path = std::move(*path);
    auto answer = co_await look_up(call, resource, std::move(request));
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    auto record = co_await parse_answer(call, *answer);
    const LetGo ending(call, answer->body.size(), record);
    if (record && record->is_object() && !is_another(call, std::to_string(id), *record)) {
      records.push_back(std::move(*record));
    }
  }
  co_return records;
}

// "id in (…)" of its list.
io::Task<Outcome<std::vector<json::Value>>> read(Call& call, const Prepared& prepared,
                                                 const Resource& resource,
                                                 const std::vector<std::int64_t>& ids,
                                                 const std::vector<std::string>& fields) {
  const auto* list = resource.find_method("list");
  const auto* dialect = call.filter_dialect();
  if (ids.empty()) co_return std::vector<json::Value>();
  if (list == nullptr || dialect == nullptr || !list->needs.empty()) {
    co_return co_await read_each(call, prepared, resource, ids);
  }
  const auto& pagination = call.integration().pagination;
  json::Array wanted;
  for (const auto id : ids) wanted.push_back(id);
  const auto filter = dialect->write({{pagination.id_field, integration::FilterOperator::in,
                                       FieldType::integer, std::move(wanted)}});
  auto path = fill_path(call.method(), prepared.arguments, prepared.names, list->path);
  if (!filter || !path) co_return std::vector<json::Value>();
  std::vector<std::string> asked = {pagination.id_field};
  for (const auto& field : fields) {
    if (resource.find_field(field) != nullptr) asked.push_back(field);
  }
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, join(asked, ","));
  add_parameter(request.query, pagination.size_parameter,
                std::to_string(std::min<std::int64_t>(std::ssize(ids), pagination.max_size)));
  auto answer = co_await look_up(call, resource, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto found = co_await read_records(call, *list, *answer);
  if (!found) co_return std::unexpected(std::move(found.error()));
  // Others, of an API that does not heed the condition, tell nothing of these.
  co_await off_loop(call, found->bytes, [&] {
    std::set<std::int64_t> left(ids.begin(), ids.end());
    std::erase_if(found->records, [&](const json::Value& record) {
      return left.erase(record.int64_or(pagination.id_field, 0)) == 0;
    });
  });
  co_return std::move(found->records);
}

json::Value shown(const Call& call, const json::Value& value) {
  if (const auto* id = value.find("id")) {
    return json::Object{{"id", *id}, {"name", label_in(call.integration(), value)}};
  }
  if (const auto* text = value.if_string()) return cut_utf8(trim(*text), kMostBytesShown);
  return value;
}

io::Task<> show(Call& call, const Prepared& prepared, const Resource& resource,
                const LookedAt& looked, std::vector<json::Value> records) {
  std::size_t added_up = 0;
  for (const auto& record : records) {
    if (call.touches.size() == kMostShown) co_return;
    json::Object told;
    told.append("record", resource.singular);
    const auto& id_field = call.integration().pagination.id_field;
    if (const auto* id = record.find(id_field)) told.append(id_field, *id);
    // Beside an update's answer, which has it as it is by then.
    const bool is_own = call.method().kind == integration::MethodKind::update &&
                        &resource == &call.resource() && !looked.again;
    if (is_own) told.append("state", "before");
    for (const auto& field : looked.show) {
      const auto* value = json::find_at(record, field);
      if (value != nullptr && !value->is_null()) told.append(field, shown(call, *value));
    }
    for (const auto& [name, total] : looked.totals) {
      if (!total.of.empty() && total.of != resource.name) continue;
      if (++added_up > kMostAddedUp) break;
      auto found = co_await total_of(call, prepared, total, record);
      if (!found) {
        call.add_notice("What it comes to (" + name + ") could not be looked up.");
      } else if (!found->is_null()) {
        told.append(name, std::move(*found));
      }
    }
    call.touches.push_back(std::move(told));
  }
}

std::string named(const Call& call, const json::Value& value) {
  const auto name = label_in(call.integration(), value);
  const auto* id = value.find("id");
  return name.empty() ? (id != nullptr ? json::to_string(*id) : "nothing")
                      : '\'' + std::string(cut_utf8(name, 60)) + '\'';
}

std::string told_as(const Resource& resource, const std::string& id) {
  return resource.singular + ' ' + id;
}

// Those whose owner nobody sees: a field that the account may not read, a record that is not shown.
// A null says that there is none.
std::vector<std::string> of_unknown_owner(const Call& call, const Resource& resource,
                                          const std::string& field,
                                          const std::vector<std::int64_t>& ids,
                                          const std::vector<json::Value>& records) {
  const auto& integration = call.integration();
  std::map<std::int64_t, const json::Value*> by_id;
  for (const auto& record : records) {
    by_id.emplace(record.int64_or(integration.pagination.id_field, 0), &record);
  }
  std::vector<std::string> unknown;
  for (const auto id : ids) {
    const auto found = by_id.find(id);
    const auto* record = found != by_id.end() ? found->second : nullptr;
    const auto* owner = record != nullptr ? record->find(field) : nullptr;
    const bool known =
        owner != nullptr && (owner->is_null() || upstream::has_id(integration, *owner));
    if (!known) unknown.push_back(told_as(resource, std::to_string(id)));
  }
  return unknown;
}

// By the owner's id (0: none): its name, and what is its own.
using Owners = std::map<std::int64_t, std::pair<std::string, std::vector<std::string>>>;

// Whose the records are, but for those of an unknown owner, what the call says of it, and what that
// hangs on.
Owners owners_of(const Call& call, const Prepared& prepared, const Resource& resource,
                 const std::string& field, const std::vector<json::Value>& records,
                 const std::vector<std::string>& unknown) {
  Owners owners;
  const std::set<std::string_view> of_unknown(unknown.begin(), unknown.end());
  const auto add = [&](const json::Value* owner, std::string who) {
    const auto* id = owner != nullptr ? owner->find("id") : nullptr;
    const auto number = id != nullptr ? id->as_int64() : std::nullopt;
    auto& entry = owners[number.value_or(0)];
    entry.first = number ? named(call, *owner) : "no " + field;
    entry.second.push_back(std::move(who));
  };
  for (const auto& record : records) {
    const auto* id = record.find(call.integration().pagination.id_field);
    auto who = told_as(resource, id != nullptr ? json::to_string(*id) : std::string());
    if (!of_unknown.contains(who)) add(record.find(field), std::move(who));
  }
  // What the call itself says of it.
  if (const auto* argument = prepared.arguments.of_field(field)) {
    const auto* resolution = prepared.names.find(*argument);
    if (resolution != nullptr && resolution->records.size() == 1) {
      const auto& given = resolution->records.front();
      const json::Value value =
          json::Object{{"id", given.id}, {name_field(call.integration()), given.name}};
      add(&value, "this call");
    }
  }
  // And what it hangs on.
  const auto* inherited = prepared.names.inherited.find(field);
  if (inherited != nullptr && !inherited->is_null()) add(inherited, "what it belongs to,");
  return owners;
}

// "Not all of these are of the same company: ticket 7 of 'Acme'; this call of 'Other'".
std::string told_apart(const std::string& field, const Owners& owners) {
  std::vector<std::string> told;
  for (const auto& [id, owner] : owners) {
    told.push_back(join(owner.second) + " of " + owner.first);
  }
  return "Not all of these are of the same " + field + ": " + join(told, "; ");
}

// Records of two owners are brought together only where the call says so.
Outcome<> check_agreement(const Call& call, const Prepared& prepared, const Resource& resource,
                          const LookedAt& looked, const std::vector<std::int64_t>& ids,
                          const std::vector<json::Value>& records) {
  for (const auto& field : looked.agree) {
    const std::string insists = "allow_other_" + field;
    if (prepared.arguments.flag(insists)) continue;
    const auto unknown = of_unknown_owner(call, resource, field, ids, records);
    const auto owners = owners_of(call, prepared, resource, field, records, unknown);
    if (!unknown.empty() && owners.size() + unknown.size() >= 2) {
      return refuse(ErrorCode::conflict,
                    "Whether these are of the same " + field +
                        " cannot be seen: the API shows no " + field + " of " +
                        join(unknown, " and ") + ". Nothing was sent.",
                    "Have the account's security role checked, or set " + insists +
                        ": true if they are known to belong together.");
    }
    if (owners.size() < 2) continue;
    return refuse(ErrorCode::conflict, told_apart(field, owners) + ". Nothing was sent.",
                  "Leave the odd one out, or set " + insists + ": true if it is meant.");
  }
  return {};
}

void tell_what_differs(Call& call, const Prepared& prepared, const Resource& resource,
                       const LookedAt& looked, const std::vector<json::Value>& records) {
  if (records.empty()) return;
  for (const auto& field : looked.told) {
    const auto owners = owners_of(call, prepared, resource, field, records, {});
    if (owners.size() > 1) call.add_notice(told_apart(field, owners) + '.');
  }
}

// A field that says that it was done already: a ticket that was merged into another.
Outcome<> check_empty(const Call& call, const Resource& resource, const integration::Holds& holds,
                      const std::vector<json::Value>& records) {
  for (const auto& record : records) {
    const auto* value = record.find(holds.field);
    if (value == nullptr || value->is_null()) continue;
    const auto* own = record.find(call.integration().pagination.id_field);
    const auto* id = value->find("id");
    const auto name = label_in(call.integration(), *value);
    return refuse(
        ErrorCode::conflict,
        resource.singular + ' ' + (own != nullptr ? json::to_string(*own) : "") + " has the " +
            holds.field + ' ' + json::to_string(id != nullptr ? *id : *value) +
            (name.empty() ? std::string() : " '" + std::string(cut_utf8(name, 60)) + '\'') +
            " already. Nothing was sent.",
        "Leave it out, or give " + holds.unless + ": true if it is meant.");
  }
  return {};
}

// A flag of what a record's field names: an opportunity's status must be a won one.
io::Task<Outcome<>> check_holds(Call& call, const Prepared& prepared, const Resource& resource,
                                const LookedAt& looked, const std::vector<json::Value>& records) {
  for (const auto& holds : looked.holds) {
    if (prepared.arguments.flag(holds.unless)) continue;
    if (holds.empty) {
      if (auto empty = check_empty(call, resource, holds, records); !empty) co_return empty;
      continue;
    }
    const auto* named_by = call.integration().find_resource(holds.resource);
    if (named_by == nullptr) continue;
    for (const auto& record : records) {
      const auto* value = record.find(holds.field);
      const auto* id = value != nullptr ? value->find("id") : nullptr;
      const auto number = id != nullptr ? id->as_int64() : std::nullopt;
      bool holding = false;
      if (number) {
        const auto found = co_await read(call, prepared, *named_by, {*number}, {holds.flag});
        if (!found) co_return std::unexpected(found.error());
        // One that is not listed says nothing.
        if (found->empty()) continue;
        holding = found->front().bool_or(holds.flag, false);
      }
      if (holding) continue;
      const auto* own = record.find(call.integration().pagination.id_field);
      co_return refuse(
          ErrorCode::conflict,
          resource.singular + ' ' + (own != nullptr ? json::to_string(*own) : std::string()) +
              " has the " + holds.field + ' ' +
              (value != nullptr ? named(call, *value) : "nothing") + ", which does not count as " +
              std::string(trim(holds.flag.substr(0, holds.flag.find("Flag")))) +
              ". Nothing was sent.",
          "Set its " + holds.field + " first, or give " + holds.unless + ": true if it is meant.");
    }
  }
  co_return Outcome<>();
}

io::Task<Outcome<>> look_at(Call& call, const Prepared& prepared, const LookedAt& looked,
                            bool judges) {
  const auto* resource = resource_of(call, prepared, looked);
  if (resource == nullptr) co_return Outcome<>();
  std::vector<std::int64_t> ids;
  for (const auto& name : looked.ids) {
    for (const auto id : ids_given(call, prepared.arguments, prepared.names, name)) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
  }
  auto fields = looked.show;
  fields.insert(fields.end(), looked.agree.begin(), looked.agree.end());
  fields.insert(fields.end(), looked.told.begin(), looked.told.end());
  for (const auto& holds : looked.holds) fields.push_back(holds.field);
  for (const auto& [name, total] : looked.totals) {
    for (const auto& entry : total.where) fields.push_back(entry.second);
  }
  auto records = co_await read(call, prepared, *resource, ids, fields);
  if (!records) {
    auto& error = records.error();
    const bool guards = judges && (!looked.agree.empty() || !looked.holds.empty());
    if (!guards &&
        (error.code == ErrorCode::permission_denied || error.code == ErrorCode::not_found)) {
      call.add_notice("What it touches could not be read.");
      co_return Outcome<>();
    }
    error.message = "Looking at what it touches failed: " + error.message;
    co_return std::unexpected(std::move(error));
  }
  if (judges) {
    if (auto agreed = check_agreement(call, prepared, *resource, looked, ids, *records); !agreed) {
      co_return agreed;
    }
    if (auto held = co_await check_holds(call, prepared, *resource, looked, *records); !held) {
      co_return held;
    }
    tell_what_differs(call, prepared, *resource, looked, *records);
  }
  co_await show(call, prepared, *resource, looked, std::move(*records));
  co_return Outcome<>();
}

}  // namespace

io::Task<Outcome<>> look_at_touched(Call& call, const Prepared& prepared) {
  if (auto distinct = check_distinct(call, prepared.arguments, prepared.names); !distinct)
    co_return distinct;
  call.touches.clear();
  for (const auto& looked : call.method().looks_at) {
    auto done = co_await look_at(call, prepared, looked, true);
    if (!done) co_return done;
  }
  co_return Outcome<>();
}

io::Task<bool> look_again(Call& call, const Prepared& prepared) {
  const auto& all = call.method().looks_at;
  if (std::ranges::none_of(all, &LookedAt::again)) co_return false;
  auto before = std::exchange(call.touches, {});
  for (const auto& looked : all) {
    if (co_await look_at(call, prepared, looked, false)) continue;
    call.touches = std::move(before);
    call.add_notice("What it touched could not be read again: touches is as it stood before.");
    co_return false;
  }
  co_return true;
}

}  // namespace patchbay::gateway
