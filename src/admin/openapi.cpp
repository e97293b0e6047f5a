#include "admin/openapi.h"

#include <utility>

#include "admin/operation.h"
#include "base/embedded_file.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::admin {

// openapi.json, as the build lays it down.
std::span<const EmbeddedFile> embedded_files();

namespace {

json::Value reference(std::string_view schema) {
  return json::Object{{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::Object json_content(std::string_view schema) {
  return json::Object{
      {"application/json", json::Object{{"schema", reference(schema)}}},
  };
}

// "/integrated-account/:id" as "/integrated-account/{id}".
std::string templated(std::string_view pattern) {
  std::string path;
  for (const std::string_view segment : split(pattern.substr(1), '/')) {
    path += '/';
    path += segment.starts_with(':') ? "{" + std::string(segment.substr(1)) + "}"
                                     : std::string(segment);
  }
  return path;
}

json::Array parameters_of(const Operation& operation) {
  json::Array parameters;
  for (const std::string_view segment : split(operation.route.pattern, '/')) {
    if (!segment.starts_with(':')) continue;
    parameters.push_back(json::Object{{"name", segment.substr(1)},
                                      {"in", "path"},
                                      {"required", true},
                                      {"schema", json::Object{{"type", "string"}}}});
  }
  for (const QueryParameter& parameter : operation.query) {
    json::Object schema{{"type", "string"}};
    if (parameter.chooses) schema["minLength"] = 1;
    parameters.push_back(json::Object{{"name", parameter.name},
                                      {"in", "query"},
                                      {"description", parameter.description},
                                      {"schema", std::move(schema)}});
  }
  return parameters;
}

// "For API tokens of the scopes admin, read."
std::string scopes_of(const Operation& operation) {
  using enum control::Scope;
  if (operation.access == Access::anybody) return "Asks for no token beside the body.";
  std::string text = "For API tokens of scope ";
  bool first = true;
  for (const control::Scope scope : {admin, read, mint, mcp}) {
    if (!allows(operation.access, scope)) continue;
    if (!std::exchange(first, false)) text += ", ";
    text += control::to_string(scope);
  }
  return text + ".";
}

json::Value path_item(const Operation& operation) {
  json::Object shown{{"operationId", operation.words.id},
                     {"tags", json::Array{operation.words.tag}},
                     {"summary", operation.words.summary},
                     {"description", scopes_of(operation)}};
  if (operation.access == Access::anybody) shown["security"] = json::Array();
  if (auto parameters = parameters_of(operation); !parameters.empty()) {
    shown["parameters"] = std::move(parameters);
  }
  if (!operation.body.empty()) {
    shown["requestBody"] = json::Object{{"required", !operation.body_may_be_absent},
                                        {"content", json_content(operation.body)}};
  }
  if (operation.takes_document) {
    const json::Object any{{"schema", json::Object{{"type", "object"}}}};
    shown["requestBody"] = json::Object{
        {"required", true},
        {"content", json::Object{{"application/json", any}, {"application/yaml", any}}}};
  }
  const Success& success = operation.success;
  json::Object content = json_content(success.schema);
  if (operation.gives_file()) {
    content =
        json::Object{{"application/x-ndjson", json::Object{{"schema", reference(success.schema)}}},
                     {"text/csv", json::Object{{"schema", json::Object{{"type", "string"}}}}}};
  }
  shown["responses"] =
      json::Object{{std::to_string(success.status),
                    json::Object{{"description", "Success"}, {"content", std::move(content)}}},
                   {"default", json::Object{{"description", "What went wrong, and what to do"},
                                            {"content", json_content("Error")}}}};
  return shown;
}

// As the method stands in a path item.
std::string key_of(http::Method method) {
  return to_lower(http::to_string(method));
}

// As lists.h writes them.
json::Value list_schema(std::string_view records) {
  return json::Object{
      {"type", "object"},
      {"required", json::Array{"result", "next_cursor"}},
      {"properties",
       json::Object{{"result", json::Object{{"type", "array"}, {"items", reference(records)}}},
                    {"next_cursor", reference("Cursor")}}},
      {"additionalProperties", false}};
}

// The schema that a reference names, or `schema` itself.
const json::Value& follow(const json::Object& schemas, const json::Value& schema) {
  const std::string_view target = schema.string_or("$ref", "");
  const json::Value* const found = schemas.find(target.substr(target.rfind('/') + 1));
  return found != nullptr ? *found : schema;
}

// Takes the members of the schemas that it names in allOf into the schema itself: beside allOf,
// `additionalProperties: false` would refuse them.
json::Value flattened(const json::Object& schemas, const json::Value& schema) {
  const json::Value* const bases = schema.find("allOf");
  if (bases == nullptr) return schema;
  json::Value flat = json::Object{};
  const auto add = [&](const json::Value& part) {
    for (const auto& [name, value] : *part.if_object()) {
      if (name == "required") {
        for (const json::Value& one : *value.if_array()) flat[name].push_back(one);
      } else if (name == "properties") {
        for (const auto& [member, its] : *value.if_object()) flat[name][member] = its;
      } else if (name != "allOf") {
        flat[name] = value;
      }
    }
  };
  for (const json::Value& base : *bases->if_array()) add(follow(schemas, base));
  add(schema);
  return flat;
}

json::Object make_document() {
  // A file of this program, which the tests read as well.
  json::Value document = json::parse(embedded_files().front().bytes).value_or(json::Value());
  json::Object& schemas = *document["components"]["schemas"].if_object();
  for (auto& [name, schema] : schemas) schema = flattened(schemas, schema);
  json::Object paths;
  for (const Operation& operation : operations()) {
    paths[templated(operation.route.pattern)][key_of(operation.route.method)] =
        path_item(operation);
    const Success& success = operation.success;
    if (!success.records.empty()) schemas[success.schema] = list_schema(success.records);
  }
  document["paths"] = std::move(paths);
  return std::move(*document.if_object());
}

const json::Object& document() {
  static const json::Object made = make_document();
  return made;
}

const json::Object& schemas() {
  return *document().find("components")->find("schemas")->if_object();
}

// Null: it has none, or there is no such schema.
const json::Object* properties_of(const json::Value* schema) {
  const json::Value* const properties = schema != nullptr ? schema->find("properties") : nullptr;
  return properties != nullptr ? properties->if_object() : nullptr;
}

}  // namespace

std::string openapi_document() {
  return json::to_string(document());
}

std::vector<std::string_view> members_of(std::string_view schema) {
  std::vector<std::string_view> names;
  const json::Object* const properties = properties_of(schemas().find(schema));
  if (properties == nullptr) return names;
  for (const auto& [name, value] : *properties) names.emplace_back(name);
  return names;
}

std::string_view owner_of(std::string_view member, std::string_view schema) {
  const json::Object* const properties = properties_of(schemas().find(schema));
  if (properties == nullptr) return {};
  for (const auto& [name, value] : *properties) {
    const json::Object* const inner = properties_of(&follow(schemas(), value));
    if (inner != nullptr && inner->contains(member)) return name;
  }
  return {};
}

}  // namespace patchbay::admin
