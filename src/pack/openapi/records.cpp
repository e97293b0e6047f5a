#include "pack/openapi/records.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxFields = 400;

// What is about the record rather than of it: "_info", "_links", "@odata.type".
bool is_about(std::string_view name) {
  return !is_usable_name(name) || name.starts_with('_');
}

std::string_view plain_type(const Gathered& member) {
  if (member.type == "string") {
    if (member.format == "date-time") return "date_time";
    if (member.format == "date") return "date";
    return "string";
  }
  return member.type.empty() ? std::string_view("string") : member.type;
}

std::optional<json::Array> enumerated(const Gathered& member) {
  if (!member.has_values || member.type != "string" || member.values.empty() || member.cut ||
      member.values.size() > kMaxShownValues) {
    return std::nullopt;
  }
  json::Array out;
  for (const json::Value* each : member.values) {
    if (!each->is_string() || each->if_string()->size() > 120) return std::nullopt;
    out.push_back(*each);
  }
  return out;
}

class FieldWriter {
 public:
  FieldWriter(const References& references, Gatherer& gatherer)
      : references_(references), gatherer_(gatherer) {}

  json::Value write(const Gathered& member, std::size_t depth, std::string* reference) const {
    if (const auto type = references_.type_of(member.component); !type.empty() && depth == 0) {
      *reference = std::string(type);
      return json::Value(type);
    }
    if (auto values = enumerated(member)) return std::move(*values);
    if (member.type == "object") return nested(member, "object", depth);
    if (member.type != "array") return json::Value(plain_type(member));
    if (member.items == nullptr) return json::Value("array");
    return nested(gatherer_.gather(*member.items), "array", depth);
  }

 private:
  json::Value nested(const Gathered& inner, std::string_view type, std::size_t depth) const {
    json::Object fields;
    if (depth == 0) {
      for (const auto& [name, schema] : inner.properties) {
        if (is_about(name) || fields.size() >= kMaxFields) continue;
        std::string none;
        fields.append(std::string(name), write(gatherer_.gather(*schema), depth + 1, &none));
      }
    }
    if (fields.empty()) return json::Value(type);
    json::Object out{{"type", type}};
    if (type == "array") out.append("filterable", false);
    out.append("fields", std::move(fields));
    return out;
  }

  const References& references_;
  Gatherer& gatherer_;
};

// Facts that the family's records have in a member of their own, and that conditions may use.
void add_facts(const Gathered& record, const Conventions& conventions, RecordFields& out) {
  if (!conventions.family) return;
  const json::ShapeRules& shape = conventions.family->integration->shape;
  if (shape.info_name.empty() || !record.places.contains(shape.info_name)) return;
  for (const std::string& name : shape.info_kept) {
    const integration::Field* fact = conventions.family->fact(name);
    if (fact == nullptr || out.fields.contains(name)) continue;
    const bool is_time = fact->type == integration::FieldType::date_time;
    out.fields.append(name, json::Object{{"type", is_time ? "date_time" : "string"},
                                         {"filterable", fact->filterable},
                                         {"in_info", true}});
  }
}

// Case is no difference between fields: the first stays.
class SeenNames {
 public:
  bool add(std::string_view name) { return names_.insert(to_lower(name)).second; }

 private:
  std::set<std::string> names_;
};

bool is_basic_type(std::string_view name) {
  constexpr std::array<std::string_view, 9> kBasic = {"string",    "integer",   "number",
                                                      "boolean",   "date_time", "date",
                                                      "reference", "object",    "array"};
  return std::ranges::find(kBasic, name) != kBasic.end();
}

// By schema of its records: the list without parents that gives them. Of several, the one with
// records of its own, then the shortest path.
std::unordered_map<std::string_view, const ResourceOutline*> lists_by_schema(
    const std::vector<ResourceOutline>& resources) {
  std::unordered_map<std::string_view, const ResourceOutline*> out;
  const auto rank = [](const ResourceOutline& each) {
    return std::pair(each.find("get") == nullptr, each.key.size());
  };
  for (const ResourceOutline& resource : resources) {
    const MethodOutline* list = resource.find("list");
    if (list == nullptr || list->shape->record == nullptr || resource.key.contains('{')) continue;
    const json::Value* reference = list->shape->record->find("$ref");
    const std::string* text = reference != nullptr ? reference->if_string() : nullptr;
    if (text == nullptr) continue;
    auto& best = out[std::string_view(*text).substr(text->rfind('/') + 1)];
    if (best == nullptr || rank(resource) < rank(*best)) best = &resource;
  }
  return out;
}

constexpr std::string_view kSuffix = "Reference";

}  // namespace

References References::find(const Document& document, const Conventions& conventions,
                            const std::vector<ResourceOutline>& resources, Gatherer& gatherer) {
  References out;
  const auto* components = document.object_at("components", "schemas");
  if (document.is_swagger()) components = document.object_at("definitions");
  if (components == nullptr || !conventions.family) return out;
  const auto lists = lists_by_schema(resources);
  std::set<std::string> taken;
  for (const auto& [name, schema] : *components) {
    if (!std::string_view(name).ends_with(kSuffix) || name.size() == kSuffix.size()) continue;
    const Gathered members = gatherer.gather(schema);
    if (members.type != "object" || !members.places.contains("id")) continue;
    const std::string_view base(name.data(), name.size() - kSuffix.size());
    std::string type = snake_name(base.substr(0, 60));
    if (type.empty()) continue;
    if (is_basic_type(type)) type += "_record";
    if (!taken.insert(type).second) continue;
    json::Object definition;
    if (const auto list = lists.find(base); list != lists.end()) {
      const Gathered record = gatherer.gather(*list->second->find("list")->shape->record);
      json::Array match;
      for (const std::string& field : conventions.family->integration->label_fields) {
        if (record.places.contains(field) && members.places.contains(field))
          match.emplace_back(field);
      }
      if (!match.empty()) {
        definition.append("resource", list->second->name);
        definition.append("match", std::move(match));
      }
    }
    json::Object fields;
    for (const auto& [member, inner] : members.properties) {
      const Gathered child = gatherer.gather(*inner);
      if (is_about(member) || child.type == "object" || child.type == "array") continue;
      fields.append(std::string(member), json::Value(plain_type(child)));
    }
    definition.append("fields", std::move(fields));
    out.kinds_.emplace(name, Kind{std::move(type), std::move(definition)});
  }
  return out;
}

std::string_view References::type_of(std::string_view component) const {
  const auto found = kinds_.find(component);
  if (found == kinds_.end()) return {};
  found->second.used = true;
  return found->second.type;
}

json::Object References::section() const {
  std::map<std::string, json::Value> sorted;
  for (const auto& [component, kind] : kinds_) {
    if (kind.used) sorted.emplace(kind.type, kind.definition);
  }
  json::Object out;
  for (auto& [type, definition] : sorted) out.append(type, std::move(definition));
  return out;
}

const json::Value* record_schema(const ResourceOutline& resource) {
  for (const std::string_view name : {"get", "list", "update", "create", "replace"}) {
    const MethodOutline* method = resource.find(name);
    if (method != nullptr && method->shape->record != nullptr) return method->shape->record;
  }
  return written_schema(resource);
}

const json::Value* written_schema(const ResourceOutline& resource) {
  for (const std::string_view name : {"replace", "update", "create"}) {
    const MethodOutline* method = resource.find(name);
    if (method == nullptr || method->operation->body.form != BodyForm::json) continue;
    if (method->operation->body.schema != nullptr) return method->operation->body.schema;
  }
  for (const std::string_view name : {"get", "list"}) {
    const MethodOutline* method = resource.find(name);
    if (method != nullptr && method->shape->record != nullptr) return method->shape->record;
  }
  return nullptr;
}

RecordFields fields_of(const ResourceOutline& resource, const Conventions& conventions,
                       const References& references, Gatherer& gatherer) {
  RecordFields out;
  const json::Value* schema = record_schema(resource);
  if (schema == nullptr) return out;
  const FieldWriter writer(references, gatherer);
  SeenNames seen;
  const auto add_all = [&](const Gathered& record, bool returned) {
    for (const auto& [name, inner] : record.properties) {
      if (is_about(name) || out.fields.size() >= kMaxFields || !seen.add(name)) continue;
      const Gathered member = gatherer.gather(*inner);
      if (returned && member.write_only) continue;
      std::string reference;
      json::Value field = writer.write(member, 0, &reference);
      // What is written alone matters where it names a record: else its schema says it all.
      if (!returned) {
        if (reference.empty()) continue;
        field = json::Object{{"type", reference}, {"returned", false}};
      }
      const std::string key(name);
      if (returned && member.type != "array" && (member.type != "object" || !reference.empty())) {
        out.plain.push_back(key);
      }
      if (!reference.empty()) out.references.emplace(key, reference);
      out.fields.append(key, std::move(field));
    }
  };
  const Gathered record = gatherer.gather(*schema, true);
  add_all(record, true);
  add_facts(record, conventions, out);
  if (const json::Value* written = written_schema(resource)) {
    const Gathered body = gatherer.gather(*written, true);
    add_all(body, false);
    for (const auto& property : body.properties) {
      if (body.required.contains(property.name)) out.required.emplace_back(property.name);
    }
  }
  return out;
}

}  // namespace patchbay::openapi
