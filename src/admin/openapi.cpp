#include "admin/openapi.h"

#include "admin/endpoint.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

json::Value reference(std::string_view schema) {
  return json::Object{{"$ref", "#/components/schemas/" + std::string(schema)}};
}

json::Value json_content(std::string_view schema) {
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

json::Array parameters_of(const Endpoint& endpoint) {
  json::Array parameters;
  for (const std::string_view segment : split(endpoint.pattern, '/')) {
    if (!segment.starts_with(':')) continue;
    parameters.push_back(json::Object{{"name", segment.substr(1)},
                                      {"in", "path"},
                                      {"required", true},
                                      {"schema", json::Object{{"type", "string"}}}});
  }
  for (const QueryParameter& parameter : endpoint.query) {
    parameters.push_back(json::Object{{"name", parameter.name},
                                      {"in", "query"},
                                      {"description", parameter.description},
                                      {"schema", json::Object{{"type", "string"}}}});
  }
  return parameters;
}

json::Value operation(const Endpoint& endpoint) {
  json::Object shown{{"operationId", endpoint.operation_id},
                     {"tags", json::Array{endpoint.tag}},
                     {"summary", endpoint.summary}};
  if (auto parameters = parameters_of(endpoint); !parameters.empty()) {
    shown["parameters"] = std::move(parameters);
  }
  if (!endpoint.request.empty()) {
    shown["requestBody"] =
        json::Object{{"required", true}, {"content", json_content(endpoint.request)}};
  }
  shown["responses"] = json::Object{
      {std::to_string(endpoint.status),
       json::Object{{"description", "Success"}, {"content", json_content(endpoint.response)}}},
      {"default", json::Object{{"description", "What went wrong, and what to do"},
                               {"content", json_content("Error")}}}};
  return shown;
}

// As the method stands in a path item.
std::string key_of(http::Method method) {
  return to_lower(http::to_string(method));
}

}  // namespace

std::string openapi_document() {
  json::Object paths;
  for (const Endpoint& endpoint : endpoints()) {
    paths[templated(endpoint.pattern)][key_of(endpoint.method)] = operation(endpoint);
  }
  const json::Object document{
      {"openapi", "3.1.0"},
      {"info", json::Object{{"title", "Patchbay admin API"},
                            {"version", "1"},
                            {"description",
                             "Connect accounts of SaaS APIs and mint MCP servers from them."}}},
      {"security", json::Array{json::Object{{"apiToken", json::Array{}}}}},
      {"paths", std::move(paths)},
      {"components",
       json::Object{
           {"securitySchemes",
            json::Object{{"apiToken", json::Object{{"type", "http"}, {"scheme", "bearer"}}}}},
           // A literal of this program; a test parses it.
           {"schemas", json::parse(openapi_schemas()).value_or(json::Value())}}}};
  return json::to_string(document);
}

}  // namespace patchbay::admin
