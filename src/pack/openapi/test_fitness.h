// What must hold of every import, whatever the document: for tests and fuzzing.
#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "integration/naming.h"
#include "pack/openapi/import.h"

namespace patchbay::openapi::testing {

// As every client takes it: one type each, nothing combined, nothing referred to.
inline bool is_plain(const json::Value& schema) {
  constexpr std::array<std::string_view, 6> kTypes = {"string",  "integer", "number",
                                                      "boolean", "object",  "array"};
  if (std::ranges::find(kTypes, schema.string_or("type", "")) == kTypes.end()) return false;
  for (const char* refused : {"$ref", "$defs", "anyOf", "oneOf", "allOf", "not", "nullable"}) {
    if (schema.find(refused) != nullptr) return false;
  }
  if (schema.string_or("type", "") == "array") {
    const auto* items = schema.find("items");
    if (items == nullptr || !is_plain(*items)) return false;
  }
  const auto* properties = schema.find("properties");
  if (properties == nullptr) return true;
  return std::ranges::all_of(*properties->if_object(), [](const auto& property) {
    return integration::is_property_name(property.first) && is_plain(property.second);
  });
}

// "" or what is wrong. `file`: what the document was called.
inline std::string unfit(const ImportOutcome& outcome, std::string_view file) {
  bool faulty = false;
  for (const auto& problem : outcome.problems) {
    if (problem.message.empty() || problem.fix.empty()) return "a problem without words";
    // What this room wrote has no fault of its own: a problem is the document's.
    if (problem.file != file) return problem.file + ": " + problem.message;
    faulty = faulty || !problem.warning;
  }
  if (faulty != (outcome.integration == nullptr)) return "neither a pack nor an error";
  if (faulty != outcome.files.empty()) return "files of a faulty document";
  if (faulty) return {};
  const auto tools = catalog::ToolCatalog::generate(outcome.integration);
  if (!tools) return tools.error().message;
  if ((*tools)->tools().size() + outcome.left_out.size() != outcome.operations) {
    return "an operation is neither a tool nor on the list";
  }
  std::set<std::string_view> names;
  for (const auto& tool : (*tools)->tools()) {
    const bool named = integration::is_snake_name(tool->name) &&
                       tool->name.size() <= integration::kMaxToolName &&
                       names.insert(tool->name).second;
    if (!named) return "the name " + tool->name;
    if (tool->description.size() < 40 || tool->description.size() > 1'023) {
      return tool->name + ": its description";
    }
    if (!is_plain(tool->input_schema())) return tool->name + ": its schema";
  }
  return {};
}

}  // namespace patchbay::openapi::testing
