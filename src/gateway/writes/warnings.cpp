#include "gateway/writes/warnings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/inherited.h"
#include "gateway/names/lookups.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "integration/model.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Resource;

namespace {

constexpr std::size_t kMostAsked = 5;
constexpr std::size_t kMostBytesTold = 300;

using Subjects = std::map<const Resource*, std::set<std::int64_t>>;

void add(const Call& call, const std::string& resource_name, const json::Value* id,
         Subjects& subjects) {
  const auto* resource = call.integration().find_resource(resource_name);
  const auto number = id != nullptr ? id->as_int64() : std::nullopt;
  if (resource == nullptr || resource->warnings.empty() || !number) return;
  subjects[resource].insert(*number);
}

bool has_warnings(const Call& call, const integration::Field& field) {
  if (!field.lookup) return false;
  const auto* resource = call.integration().find_resource(field.lookup->resource);
  return resource != nullptr && !resource->warnings.empty();
}

bool is_given(const Prepared& prepared, const std::string& field) {
  const auto* argument = prepared.arguments.of_field(field);
  return argument != nullptr && prepared.arguments.has(argument->name);
}

// The fields by which a record is of whom staff may be warned, and which an update leaves as they
// are.
std::vector<std::string> fields_that_stay(const Call& call, const Prepared& prepared) {
  std::vector<std::string> fields;
  if (call.method().kind != integration::MethodKind::update) return fields;
  for (const auto& field : call.resource().fields) {
    if (has_warnings(call, field) && !is_given(prepared, field.name)) {
      fields.push_back(field.name);
    }
  }
  return fields;
}

void add_of_record(const Call& call, const Resource& resource, const json::Value& record,
                   Subjects& subjects) {
  for (const auto& field : resource.fields) {
    const auto* value = record.find(field.name);
    if (value == nullptr || !has_warnings(call, field)) continue;
    add(call, field.lookup->resource, value->find("id"), subjects);
  }
}

// What the record has from another that the call names: a note's company is its ticket's.
io::Task<> add_inherited(Call& call, const Prepared& prepared, Subjects& subjects) {
  std::map<std::string, std::string> named;  // field → the resource of what it names
  for (const auto& rule : call.resource().inherits) {
    std::vector<std::string> parents = {rule.resource};
    for (const auto& entry : rule.resources) parents.push_back(entry.second);
    for (const auto& name : parents) {
      const auto* parent = call.integration().find_resource(name);
      const auto* field = parent != nullptr ? parent->find_field(rule.field) : nullptr;
      if (field != nullptr && has_warnings(call, *field)) {
        named.emplace(rule.field, field->lookup->resource);
      }
    }
  }
  if (named.empty()) co_return;
  // What they say beside is told by whoever needs them.
  auto arguments = prepared.arguments;
  auto names = prepared.names;
  std::set<std::string> fields;
  for (const auto& entry : named) fields.insert(entry.first);
  static_cast<void>(co_await read_inherited(call, arguments, names, std::move(fields)));
  for (const auto& [field, resource] : named) {
    const auto* value = names.inherited.find(field);
    if (value != nullptr) add(call, resource, value->find("id"), subjects);
  }
}

// Of the record that an update leaves as it is in this: read where nothing is sent that shows it.
io::Task<> add_current(Call& call, const Prepared& prepared, Subjects& subjects) {
  const auto fields = fields_that_stay(call, prepared);
  if (fields.empty()) co_return;
  auto path =
      fill_path(call.method(), prepared.arguments, prepared.names, call.method().record_path);
  if (!path) co_return;
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, call.integration().pagination.fields_parameter, join(fields, ","));
  auto answer = co_await look_up(call, call.resource(), std::move(request));
  if (!answer) co_return;
  auto record = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), record);
  if (record) add_of_record(call, call.resource(), *record, subjects);
}

// Whom the call names, and whose the records are that it touches.
Subjects subjects_of(const Call& call, const Prepared& prepared) {
  Subjects subjects;
  for (const auto& resolution : prepared.names.resolutions) {
    if (resolution.argument == nullptr || !resolution.argument->reference) continue;
    for (const auto& record : resolution.records) {
      add(call, resolution.argument->reference->resource, &record.id, subjects);
    }
  }
  for (const auto& looked : call.touches) {
    const auto* singular = looked.find("record");
    const auto* kind = singular != nullptr ? singular->if_string() : nullptr;
    if (kind == nullptr) continue;
    for (const auto& resource : call.integration().resources) {
      if (resource.singular != *kind) continue;
      add_of_record(call, resource, looked, subjects);
    }
  }
  return subjects;
}

// The record with that id. Null: it cannot be told.
io::Task<json::Value> record_of(Call& call, const Resource& resource, json::Value id,
                                std::vector<std::string> fields, Freshness freshness) {
  const auto* list = resource.find_method("list");
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr || !list->path.names().empty()) {
    co_return json::Value();
  }
  const auto filter =
      dialect->write({{call.integration().pagination.id_field, integration::FilterOperator::equal,
                       integration::FieldType::integer, std::move(id)}});
  if (!filter) co_return json::Value();
  LookupQuery query;
  query.resource = &resource;
  query.path = list->path.text();
  query.filter = *filter;
  query.fields = std::move(fields);
  const auto found = co_await call.loop.lookups.get(call, std::move(query), freshness);
  if (!found || (*found)->records.empty()) co_return json::Value();
  co_return (*found)->records.front();
}

// One that the record's field names, if staff is warned of it.
io::Task<> tell_of(Call& call, const Resource& resource, const json::Value& record,
                   const integration::Warning& warning, json::Value state) {
  const auto* id = state.find("id");
  const auto* said_by = call.integration().find_resource(warning.resource);
  if (id == nullptr || said_by == nullptr) co_return;
  // What a status means is set up once, for all who have it.
  const auto said =
      co_await record_of(call, *said_by, *id, {warning.flag, warning.text}, Freshness::remembered);
  if (!said.bool_or(warning.flag, false)) co_return;
  const std::string text(cut_utf8(trim_blanks(said.string_or(warning.text, "")), kMostBytesTold));
  call.add_notice("Warning: " + resource.singular + " '" +
                  std::string(cut_utf8(label_in(call.integration(), record), 60)) + "' has the " +
                  warning.field + " '" + std::string(label_in(call.integration(), state)) + '\'' +
                  (text.empty() ? "." : ": " + text + (text.ends_with('.') ? "" : ".")));
}

io::Task<> tell_of_all(Call& call, Subjects subjects) {
  for (const auto& [resource, ids] : subjects) {
    std::size_t asked = 0;
    for (const auto id : ids) {
      if (++asked > kMostAsked) break;
      std::vector<std::string> fields = single_label_fields(call.integration());
      std::erase_if(fields,
                    [&](const auto& each) { return resource->find_field(each) == nullptr; });
      for (const auto& warning : resource->warnings) fields.push_back(warning.field);
      // As it is now: a hold may have been put on it a moment ago.
      const auto record = co_await record_of(call, *resource, id, fields, Freshness::own);
      for (const auto& warning : resource->warnings) {
        const auto* value = record.find(warning.field);
        if (value == nullptr) continue;
        if (const auto* items = value->if_array()) {
          for (const auto& item : *items) {
            co_await tell_of(call, *resource, record, warning, json::Value(item));
          }
        } else {
          co_await tell_of(call, *resource, record, warning, json::Value(*value));
        }
      }
    }
  }
}

}  // namespace

io::Task<> tell_warnings(Call& call, const Prepared& prepared) {
  auto subjects = subjects_of(call, prepared);
  co_await add_inherited(call, prepared, subjects);
  // Of what is sent the answer shows it, without a read.
  if (prepared.arguments.flag("dry_run")) co_await add_current(call, prepared, subjects);
  co_await tell_of_all(call, std::move(subjects));
}

io::Task<> tell_warnings(Call& call, const Prepared& prepared, json::Value record) {
  const auto told = subjects_of(call, prepared);
  Subjects subjects;
  for (const auto& name : fields_that_stay(call, prepared)) {
    const auto* value = record.find(name);
    if (value == nullptr) continue;
    add(call, call.resource().find_field(name)->lookup->resource, value->find("id"), subjects);
  }
  for (auto& [resource, ids] : subjects) {
    const auto before = told.find(resource);
    if (before == told.end()) continue;
    std::erase_if(ids, [&](std::int64_t id) { return before->second.contains(id); });
  }
  co_await tell_of_all(call, std::move(subjects));
}

}  // namespace patchbay::gateway
