// The shipped pack against the vendor's API, as far as it is known: every path, verb and field that
// it names must exist there. The document is test data beside the checkout and is not shipped.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "base/text.h"
#include "integration/naming.h"
#include "json/parse.h"
#include "pack/loader.h"

namespace patchbay::pack {
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
  // A slash ends some paths there, and means nothing.
  if (out.ends_with('/')) out.pop_back();
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

constexpr std::string_view verb_name(integration::Verb verb) {
  constexpr std::string_view kNames[] = {"get", "post", "put", "patch", "delete"};
  return kNames[static_cast<std::size_t>(verb)];
}

const json::Value* find_operation(std::string_view path, integration::Verb verb) {
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

// "member/name": each part a property of the one before.
bool has_path(const json::Value& record, std::string_view path) {
  const json::Value* at = &record;
  for (const std::string_view part : split(path, '/')) {
    const json::Value* next = property(*at, part);
    if (next == nullptr) return false;
    at = &resolved(*next);
  }
  return true;
}

// The schema of what a request carries; null if it carries nothing, or a patch.
const json::Value* body_of(const json::Value& operation) {
  const json::Value* body = operation.find("requestBody");
  const json::Value* content = body != nullptr ? body->find("content") : nullptr;
  if (content == nullptr || content->if_object()->empty()) return nullptr;
  const json::Value* schema = content->if_object()->begin()->second.find("schema");
  if (schema == nullptr) return nullptr;
  const json::Value& whole = resolved(*schema);
  return whole.string_or("type", "object") == "array" ? nullptr : &whole;
}

bool takes_parameter(const json::Value& operation, std::string_view name) {
  const json::Value* parameters = operation.find("parameters");
  return parameters != nullptr &&
         std::ranges::any_of(*parameters->if_array(), [&](const json::Value& each) {
           return resolved(each).string_or("name", "") == name;
         });
}

// What the document calls the type of a field, in our words.
bool has_type(const integration::Field& field, const json::Value& schema) {
  const std::string_view type = schema.string_or("type", "object");
  switch (field.type) {
    case integration::FieldType::string:
      return type == "string";
    // Some times have no format there.
    case integration::FieldType::date_time:
    case integration::FieldType::date:
      return type == "string";
    case integration::FieldType::integer:
      return type == "integer";
    case integration::FieldType::number:
      return type == "number" || type == "integer";
    case integration::FieldType::boolean:
      return type == "boolean";
    case integration::FieldType::reference:
    case integration::FieldType::object:
      return type == "object";
    case integration::FieldType::array:
      return type == "array";
  }
  return false;
}

void check_values(const integration::Field& field, const json::Value& schema) {
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
void check_field(const integration::Field& field, const json::Value& schema) {
  CAPTURE(field.name);
  const json::Value& target = resolved(schema);
  CHECK_MESSAGE(has_type(field, target),
                field.name << " has another type there: " << target.string_or("type", "object"));
  if (field.type == integration::FieldType::string) check_values(field, target);
  const json::Value& inner =
      target.string_or("type", "") == "array" ? resolved(*target.find("items")) : target;
  for (const integration::Field& child : field.children) {
    CHECK_MESSAGE(property(inner, child.name) != nullptr,
                  field.name << "/" << child.name << " does not exist");
  }
}

std::shared_ptr<const integration::Integration> shipped() {
  return load_pack(embedded_pack("connectwise_psa")).integration;
}

}  // namespace

TEST_CASE("every request of the pack exists in the vendor's API") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  for (const integration::Resource& resource : integration->resources) {
    for (const integration::Method& method : resource.methods) {
      if (method.composite) continue;  // of other methods, which are checked
      CAPTURE(resource.name);
      CAPTURE(method.name);
      CHECK_MESSAGE(find_operation(method.path.text(), method.verb) != nullptr,
                    verb_name(method.verb) << " " << method.path.text());
      if (!method.count_path.empty()) {
        CHECK_MESSAGE(find_operation(method.count_path.text(), integration::Verb::get) != nullptr,
                      method.count_path.text());
      }
      for (const integration::Expansion& expansion : method.expansions) {
        const json::Value* operation =
            find_operation(expansion.path.text(), integration::Verb::get);
        REQUIRE_MESSAGE(operation != nullptr, expansion.path.text());
        const json::Value* record = record_of(*operation);
        REQUIRE(record != nullptr);
        if (!expansion.source.empty()) {
          CHECK(property(*record, expansion.source.substr(1)) != nullptr);
        }
        for (const std::string& name : expansion.fields) {
          CHECK_MESSAGE(has_path(*record, name), name);
        }
      }
    }
  }
  CHECK(find_operation(integration->probe.path, integration::Verb::get) != nullptr);
}

TEST_CASE("every field of the pack exists in the vendor's records, with its type and values") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  // The document has no schema of _info; these are facts of live answers.
  const std::set<std::string> info = {"lastUpdated", "updatedBy", "dateEntered", "enteredBy"};
  std::size_t named = 0;
  std::size_t known = 0;
  for (const integration::Resource& resource : integration->resources) {
    CAPTURE(resource.name);
    const json::Value* operation = find_operation(resource.path.text(), integration::Verb::get);
    REQUIRE(operation != nullptr);
    const json::Value* record = record_of(*operation);
    REQUIRE(record != nullptr);
    for (const integration::Field& field : resource.fields) {
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
  for (const integration::Resource& resource : integration->resources) {
    for (const integration::Method& method : resource.methods) {
      if (method.composite) continue;  // of other methods, which are checked
      CAPTURE(resource.name);
      CAPTURE(method.name);
      const json::Value* operation = find_operation(method.path.text(), method.verb);
      REQUIRE(operation != nullptr);
      // A patch changes what the record has.
      const json::Value* taken = body_of(*operation);
      if (method.verb == integration::Verb::patch)
        taken = record_of(*find_operation(method.path.text(), integration::Verb::get));
      if (!method.body_list.empty()) {
        const json::Value* list = property(*taken, method.body_list);
        REQUIRE(list != nullptr);
        taken = &resolved(*list->find("items"));
      }
      std::set<std::string> sent;
      for (const auto& repeated : method.repeats) {
        CHECK_MESSAGE(has_path(*taken, repeated.first), repeated.first);
        sent.insert(repeated.first);
      }
      for (const integration::Argument& argument : method.arguments) {
        if (argument.place != integration::ArgumentPlace::body) continue;
        REQUIRE_MESSAGE(taken != nullptr, argument.target);
        CHECK_MESSAGE(has_path(*taken, argument.target), argument.target);
        for (const auto& beside : argument.also) CHECK(has_path(*taken, beside.first));
        if (argument.required) sent.insert(std::string(split(argument.target, '/')[0]));
      }
      const json::Value* required = taken != nullptr ? taken->find("required") : nullptr;
      if (required == nullptr || method.verb != integration::Verb::post) continue;
      for (const json::Value& name : *required->if_array()) {
        CHECK_MESSAGE(sent.contains(*name.if_string()), *name.if_string() << " is required there");
      }
    }
  }
}

TEST_CASE("query parameters, lists' orders and filters are what the vendor's lists take") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  for (const integration::Resource& resource : integration->resources) {
    for (const integration::Method& method : resource.methods) {
      if (method.composite) continue;  // of other methods, which are checked
      CAPTURE(resource.name);
      CAPTURE(method.name);
      const json::Value* operation = find_operation(method.path.text(), method.verb);
      REQUIRE(operation != nullptr);
      for (const integration::Argument& argument : method.arguments) {
        if (argument.place != integration::ArgumentPlace::query) continue;
        CHECK_MESSAGE(takes_parameter(*operation, argument.target), argument.target);
      }
      if (method.kind != integration::MethodKind::list) continue;
      for (const std::string_view name : {"conditions", "orderBy", "fields", "page", "pageSize"}) {
        CHECK_MESSAGE(takes_parameter(*operation, name), name);
      }
      // Few fields, so that 25 records stay below 3,000 tokens.
      CHECK(method.default_fields.size() <= 14);
    }
  }
}

TEST_CASE("where the vendor's records have custom fields, ours take, give and find them") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  const std::string& custom = integration->custom_fields.field;
  std::size_t resources = 0;
  for (const integration::Resource& resource : integration->resources) {
    CAPTURE(resource.name);
    const json::Value* record =
        record_of(*find_operation(resource.path.text(), integration::Verb::get));
    REQUIRE(record != nullptr);
    if (property(*record, custom) == nullptr) continue;
    ++resources;
    CHECK(resource.find_field(custom) != nullptr);
    for (const integration::Method& method : resource.methods) {
      if (method.composite) continue;  // of other methods, which are checked
      CAPTURE(method.name);
      const auto has = [&](std::string_view name) {
        return std::ranges::find(method.arguments, name, &integration::Argument::name) !=
               method.arguments.end();
      };
      if (method.kind == integration::MethodKind::create ||
          method.kind == integration::MethodKind::update) {
        CHECK(has(custom));
      }
      if (method.kind == integration::MethodKind::list) {
        CHECK(has(integration::kCustomFieldFilter));
        CHECK(takes_parameter(*find_operation(method.path.text(), integration::Verb::get),
                              integration->custom_fields.filter_parameter));
      }
    }
  }
  CHECK(resources >= 20);
}

TEST_CASE("coverage of the vendor's API by module") {
  const auto integration = shipped();
  REQUIRE(integration != nullptr);
  std::map<std::string, std::pair<std::size_t, std::size_t>> modules;  // ours, theirs
  std::map<std::string, std::size_t> resources;
  for (const auto& [path, operations] : *document().find("paths")->if_object()) {
    const std::string module(split(path, '/')[1]);
    for (const auto& entry : *operations.if_object()) {
      if (entry.first != "parameters") ++modules[module].second;
    }
  }
  for (const integration::Resource& resource : integration->resources) {
    const std::string module(split(resource.path.text(), '/')[1]);
    modules[module].first += static_cast<std::size_t>(std::ranges::count_if(
        resource.methods, [](const integration::Method& method) { return !method.composite; }));
    ++resources[module];
  }
  for (const auto& [module, counts] : modules) {
    MESSAGE(module << ": " << resources[module] << " resources, " << counts.first << " of "
                   << counts.second << " operations");
    CHECK(counts.first <= counts.second);
  }
}

}  // namespace patchbay::pack
