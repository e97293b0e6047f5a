#include "gateway/writes/warnings.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/lookups.h"
#include "integration/model.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Resource;

namespace {

constexpr std::size_t kMostAsked = 5;
constexpr std::size_t kMostTextBytes = 300;

using Subjects = std::map<const Resource*, std::set<std::int64_t>>;

void add(const Call& call, const std::string& resource_name, const json::Value* id,
         Subjects& subjects) {
  const auto* resource = call.integration().find_resource(resource_name);
  const auto number = id != nullptr ? id->as_int64() : std::nullopt;
  if (resource == nullptr || resource->warnings.empty() || !number) return;
  subjects[resource].insert(*number);
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
      for (const auto& field : resource.fields) {
        const auto* value = looked.find(field.name);
        if (value != nullptr && field.lookup) {
          add(call, field.lookup->resource, value->find("id"), subjects);
        }
      }
    }
  }
  return subjects;
}

// The record with that id, as it is remembered or read. Null: it cannot be told.
io::Task<json::Value> record_of(Call& call, const Resource& resource, json::Value id,
                                std::vector<std::string> fields) {
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
  const auto found = co_await call.loop.lookups.get(call, std::move(query));
  if (!found || (*found)->records.empty()) co_return json::Value();
  co_return (*found)->records.front();
}

// One that the record's field names, if staff is warned of it.
io::Task<> tell_of(Call& call, const Resource& resource, const json::Value& record,
                   const integration::Warning& warning, json::Value state) {
  const auto* id = state.find("id");
  const auto* said_by = call.integration().find_resource(warning.resource);
  if (id == nullptr || said_by == nullptr) co_return;
  const auto said = co_await record_of(call, *said_by, *id, {warning.flag, warning.text});
  if (!said.bool_or(warning.flag, false)) co_return;
  const std::string text(cut_utf8(trim(said.string_or(warning.text, "")), kMostTextBytes));
  call.add_notice("Warning: " + resource.singular + " '" +
                  std::string(cut_utf8(label_in(call.integration(), record), 60)) + "' has the " +
                  warning.field + " '" + std::string(label_in(call.integration(), state)) + '\'' +
                  (text.empty() ? "." : ": " + text + (text.ends_with('.') ? "" : ".")));
}

}  // namespace

io::Task<> tell_warnings(Call& call, const Prepared& prepared) {
  for (const auto& [resource, ids] : subjects_of(call, prepared)) {
    std::size_t asked = 0;
    for (const auto id : ids) {
      if (++asked > kMostAsked) break;
      std::vector<std::string> fields = single_label_fields(call.integration());
      std::erase_if(fields,
                    [&](const auto& each) { return resource->find_field(each) == nullptr; });
      for (const auto& warning : resource->warnings) fields.push_back(warning.field);
      const auto record = co_await record_of(call, *resource, id, fields);
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

}  // namespace patchbay::gateway
