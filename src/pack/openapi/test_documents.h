// Documents for tests, and what an import makes of them.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "json/write.h"
#include "pack/openapi/import.h"

namespace patchbay::openapi::testing {

// An OpenAPI document of these paths and schemas, as JSON puts them.
inline std::string document(std::string_view paths, std::string_view schemas = "{}",
                            std::string_view more = "") {
  return R"({"openapi":"3.0.3","info":{"title":"Acme","version":"7"},)" +
         (more.empty() ? std::string() : std::string(more) + ",") + R"("paths":)" +
         std::string(paths) + R"(,"components":{"schemas":)" + std::string(schemas) + "}}";
}

inline std::string told(const std::vector<pack::Problem>& problems) {
  std::string out;
  for (const auto& each : problems) {
    out +=
        each.file + ":" + std::to_string(each.line) + ": " + each.message + " (" + each.fix + ")\n";
  }
  return out;
}

inline ImportOutcome imported(std::string_view text) {
  return import_document(text, {.name = "acme", .file = "api.json", .progress = {}});
}

// The tools of a document that has no fault.
class Tools {
 public:
  explicit Tools(std::string_view text) : outcome(imported(text)) {
    REQUIRE_MESSAGE(outcome.integration != nullptr, told(outcome.problems));
    auto generated = catalog::ToolCatalog::generate(outcome.integration);
    REQUIRE(generated.has_value());
    catalog = *generated;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& each : catalog->tools()) out.push_back(each->name);
    std::ranges::sort(out);
    return out;
  }
  const catalog::Tool& tool(std::string_view name) const {
    const auto* found = catalog->find(name);
    REQUIRE_MESSAGE(found != nullptr, std::string(name));
    return *found;
  }
  // An argument's schema as JSON; "" if there is no such argument.
  std::string argument(std::string_view tool_name, std::string_view name) const {
    const json::Value listed = tool(tool_name).input_schema();
    const auto* schema = listed.find("properties")->find(name);
    return schema != nullptr ? json::to_string(*schema) : std::string();
  }
  std::string required(std::string_view tool_name) const {
    const json::Value listed = tool(tool_name).input_schema();
    const auto* names = listed.find("required");
    return names != nullptr ? json::to_string(*names) : "[]";
  }

  ImportOutcome outcome;
  std::shared_ptr<const catalog::ToolCatalog> catalog;
};

}  // namespace patchbay::openapi::testing
