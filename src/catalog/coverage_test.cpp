// The shipped pack against the vendor's API, as far as it is known: every path, verb and field that
// it names must exist there. The document is test data beside the checkout and is not shipped.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "base/text.h"
#include "catalog/loader.h"
#include "catalog/naming.h"
#include "json/parse.h"

namespace patchbay::catalog {
namespace {

constexpr std::string_view kDocument =
    PATCHBAY_SOURCE_DIR "/../shared/data/connectwise/openapi-2026.4.json";

const json::Value& document() {
  static const json::Value kLoaded = [] {
    std::ifstream stream{std::string(kDocument), std::ios::binary};
    REQUIRE_MESSAGE(stream.is_open(), "The OpenAPI document is missing: " << kDocument);
    const std::string text((std::istreambuf_iterator<char>(stream)),
                           std::istreambuf_iterator<char>());
    auto parsed = json::parse(text, {.max_depth = 64, .allow_duplicate_keys = true});
    REQUIRE_MESSAGE(parsed.has_value(), (parsed ? "" : parsed.error().message));
    return std::move(*parsed);
  }();
  return kLoaded;
}

// "/service/boards/{boardId}/statuses" and "/service/boards/{parentId}/statuses" are the same.
std::string without_names(std::string_view path) {
  std::string out;
  bool inside = false;
  for (const char c : path) {
    if (c == '{') inside = true;
    if (!inside || c == '{') out += c;
    if (c == '}') {
      inside = false;
      out += c;
    }
  }
  return out;
}

// The operations of the document by path without names, with their path as it is written there.
const std::map<std::string, std::string>& paths() {
  static const std::map<std::string, std::string> kPaths = [] {
    std::map<std::string, std::string> out;
    for (const auto& entry : *document().find("paths")->if_object()) {
      out.emplace(without_names(entry.first), entry.first);
    }
    return out;
  }();
  return kPaths;
}

constexpr std::string_view verb_name(Verb verb) {
  constexpr std::string_view kNames[] = {"get", "post", "put", "patch", "delete"};
  return kNames[static_cast<std::size_t>(verb)];
}

const json::Value* find_operation(std::string_view path, Verb verb) {
  const auto found = paths().find(without_names(path));
  if (found == paths().end()) return nullptr;
  return document().find("paths")->find(found->second)->find(verb_name(verb));
}

// Follows one $ref. What comes in is a part of the document, as is what goes out.
// NOLINTBEGIN(bugprone-return-const-ref-from-parameter)
const json::Value& resolved(const json::Value& schema) {
  const std::string_view reference = schema.string_or("$ref", "");
  if (reference.empty()) return schema;
  const json::Value* target = document()
                                  .find("components")
                                  ->find("schemas")
                                  ->find(reference.substr(reference.rfind('/') + 1));
  REQUIRE(target != nullptr);
  return *target;
}
// NOLINTEND(bugprone-return-const-ref-from-parameter)

// The schema of a record in a 200 or 201 answer; null if the document has none.
const json::Value* record_of(const json::Value& operation) {
  for (const std::string_view status : {"200", "201"}) {
    const json::Value* answer = operation.find("responses")->find(status);
    const json::Value* content = answer != nullptr ? answer->find("content") : nullptr;
    if (content == nullptr || content->if_object()->empty()) continue;
    const json::Value* schema = content->if_object()->begin()->second.find("schema");
    if (schema == nullptr) continue;
    const json::Value& whole = resolved(*schema);
    if (whole.string_or("type", "") == "array") return &resolved(*whole.find("items"));
    return &whole;
  }
  return nullptr;
}

const json::Value* property(const json::Value& record, std::string_view name) {
  const json::Value* properties = record.find("properties");
  return properties != nullptr ? properties->find(name) : nullptr;
}

// What the document calls the type of a field, in our words.
bool has_type(const Field& field, const json::Value& schema) {
  const std::string_view type = schema.string_or("type", "object");
  switch (field.type) {
    case FieldType::string:
      return type == "string";
    // Some times have no format there.
    case FieldType::date_time:
    case FieldType::date:
      return type == "string";
    case FieldType::integer:
      return type == "integer";
    case FieldType::number:
      return type == "number" || type == "integer";
    case FieldType::boolean:
      return type == "boolean";
    case FieldType::reference:
    case FieldType::object:
      return type == "object";
    case FieldType::array:
      return type == "array";
  }
  return false;
}

void check_values(const Field& field, const json::Value& schema) {
  const json::Value* values = schema.find("enum");
  if (values == nullptr || !values->is_array()) {
    CHECK_MESSAGE(field.values.empty(), field.name << " is no enumeration there");
    return;
  }
  std::set<std::string> theirs;
  for (const json::Value& value : *values->if_array()) {
    if (value.is_string()) theirs.insert(*value.if_string());
  }
  CHECK_MESSAGE(theirs == std::set<std::string>(field.values.begin(), field.values.end()),
                field.name << " has other values there");
}

// What reference types say of their children is shared by many fields: a child must exist in each.
void check_field(const Field& field, const json::Value& schema) {
  CAPTURE(field.name);
  const json::Value& target = resolved(schema);
  CHECK_MESSAGE(has_type(field, target),
                field.name << " has another type there: " << target.string_or("type", "object"));
  if (field.type == FieldType::string) check_values(field, target);
  const json::Value& inner =
      target.string_or("type", "") == "array" ? resolved(*target.find("items")) : target;
  for (const Field& child : field.children) {
    CHECK_MESSAGE(property(inner, child.name) != nullptr,
                  field.name << "/" << child.name << " does not exist");
  }
}

std::shared_ptr<const Integration> shipped() {
  return load_pack(embedded_pack("connectwise_psa")).integration;
}

}  // namespace

TEST_CASE("every request of the pack exists in the vendor's API") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  for (const Resource& resource : integration->resources) {
    for (const Method& method : resource.methods) {
      CAPTURE(resource.name);
      CAPTURE(method.name);
      CHECK_MESSAGE(find_operation(method.path, method.verb) != nullptr, verb_name(method.verb)
                                                                             << " " << method.path);
      if (!method.total_path.empty()) {
        CHECK_MESSAGE(find_operation(method.total_path, Verb::get) != nullptr, method.total_path);
      }
      for (const Expansion& expansion : method.expansions) {
        const json::Value* operation = find_operation(expansion.path, Verb::get);
        REQUIRE_MESSAGE(operation != nullptr, expansion.path);
        const json::Value* record = record_of(*operation);
        REQUIRE(record != nullptr);
        CHECK(property(*record, expansion.source.substr(1)) != nullptr);
      }
    }
  }
  CHECK(find_operation(integration->probe.path, Verb::get) != nullptr);
}

TEST_CASE("every field of the pack exists in the vendor's records, with its type and values") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  // The document has no schema of _info; these are facts of live answers.
  const std::set<std::string> info = {"lastUpdated", "updatedBy", "dateEntered", "enteredBy"};
  std::size_t named = 0;
  std::size_t known = 0;
  for (const Resource& resource : integration->resources) {
    CAPTURE(resource.name);
    const json::Value* operation = find_operation(resource.path, Verb::get);
    REQUIRE(operation != nullptr);
    const json::Value* record = record_of(*operation);
    REQUIRE(record != nullptr);
    for (const Field& field : resource.fields) {
      if (field.in_info) {
        CHECK(info.contains(field.name));
        continue;
      }
      const json::Value* schema = property(*record, field.name);
      REQUIRE_MESSAGE(schema != nullptr, resource.name << "." << field.name << " does not exist");
      check_field(field, *schema);
      ++named;
    }
    std::vector<std::string> unnamed;
    for (const auto& entry : *record->find("properties")->if_object()) {
      if (entry.first == "_info") continue;
      ++known;
      if (resource.find_field(entry.first) == nullptr) unnamed.push_back(entry.first);
    }
    MESSAGE(resource.name << ": " << resource.fields.size() << " fields"
                          << (unnamed.empty() ? "" : ", without " + join(unnamed)));
  }
  MESSAGE("fields named " << named << " of " << known);
}

TEST_CASE("body fields are taken by the vendor's requests, and required ones are required") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  for (const Resource& resource : integration->resources) {
    const Method* create = resource.find_method("create");
    if (create == nullptr) continue;
    CAPTURE(resource.name);
    const json::Value* operation = find_operation(create->path, create->verb);
    REQUIRE(operation != nullptr);
    const json::Value* body = operation->find("requestBody");
    REQUIRE(body != nullptr);
    const json::Value& record =
        resolved(*body->find("content")->if_object()->begin()->second.find("schema"));
    std::set<std::string> sent;
    for (const Argument& argument : create->arguments) {
      if (argument.place != Place::body) continue;
      CHECK_MESSAGE(property(record, argument.target) != nullptr, argument.target);
      if (argument.required) sent.insert(argument.target);
    }
    const json::Value* required = record.find("required");
    if (required == nullptr) continue;
    for (const json::Value& name : *required->if_array()) {
      CHECK_MESSAGE(sent.contains(*name.if_string()), *name.if_string() << " is required there");
    }
  }
}

TEST_CASE("coverage of the vendor's API by module") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  std::map<std::string, std::pair<std::size_t, std::size_t>> modules;  // ours, theirs
  for (const auto& [path, operations] : *document().find("paths")->if_object()) {
    const std::string module(split(path, '/')[1]);
    for (const auto& entry : *operations.if_object()) {
      if (entry.first != "parameters") ++modules[module].second;
    }
  }
  for (const Resource& resource : integration->resources) {
    const std::string module(split(resource.path, '/')[1]);
    modules[module].first += resource.methods.size();
  }
  for (const auto& [module, counts] : modules) {
    MESSAGE(module << ": " << counts.first << " of " << counts.second << " operations");
    CHECK(counts.first <= counts.second);
  }
}

}  // namespace patchbay::catalog
