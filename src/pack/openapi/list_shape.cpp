#include "pack/openapi/list_shape.h"

#include <algorithm>
#include <array>
#include <vector>

#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

bool is_usual_list_name(std::string_view plain) {
  constexpr std::array<std::string_view, 8> kNames = {"items",  "data",    "results", "records",
                                                      "values", "content", "entries", "list"};
  return std::ranges::find(kNames, plain) != kNames.end();
}

// What stands beside the records of a page, and not in a record that happens to have a list.
bool tells_of_pages(std::string_view plain) {
  constexpr std::array<std::string_view, 11> kWords = {
      "total",  "count",   "next",       "page",   "limit",    "offset",
      "cursor", "hasmore", "incomplete", "paging", "nexttoken"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return plain.contains(word); });
}

}  // namespace

ListShape shape_of(const Operation& operation, std::string_view noun, Gatherer& gatherer) {
  ListShape shape;
  shape.record = operation.answer.schema;
  if (operation.answer.schema == nullptr) return shape;
  const Gathered answer = gatherer.gather(*operation.answer.schema, true);
  if (answer.type == "array") {
    shape.is_list = true;
    shape.record = answer.items;
    return shape;
  }
  if (answer.type != "object" || answer.properties.size() > 20) return shape;
  const Gathered::Property* best = nullptr;
  const json::Value* items = nullptr;
  bool tells = false;
  std::size_t arrays = 0;
  for (const auto& property : answer.properties) {
    const std::string plain = plain_name(property.name);
    const Gathered member = gatherer.gather(*property.schema);
    if (member.type != "array") {
      tells = tells || tells_of_pages(plain);
      continue;
    }
    ++arrays;
    const bool usual = is_usual_list_name(plain) || plain == plain_name(noun);
    if (best == nullptr || usual) {
      best = &property;
      items = member.items;
    }
  }
  if (best == nullptr || !is_usable_name(best->name)) return shape;
  const std::string plain = plain_name(best->name);
  const bool usual = is_usual_list_name(plain) || plain == plain_name(noun);
  if (!usual && (arrays > 1 || !tells)) return shape;
  if (usual && !tells && answer.properties.size() > 2) return shape;
  shape.is_list = true;
  shape.records_path = "/" + std::string(best->name);
  shape.record = items;
  return shape;
}

}  // namespace patchbay::openapi
