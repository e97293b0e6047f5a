#include "sandbox/records/custom_fields.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

const json::Value* stored_value(const Cell& values, std::int64_t definition) {
  const AnyJson* object = std::get_if<AnyJson>(&values);
  if (object == nullptr) return nullptr;
  return object->value().find(std::to_string(definition));
}

}  // namespace

Cell custom_value(const Table& table, const Record& record, std::int64_t definition) {
  const auto column = table.find_column("customFields");
  if (!column) return {};
  const json::Value* value = stored_value(record.cells[*column], definition);
  if (value == nullptr) return {};
  if (const std::string* text = value->if_string()) return *text;
  if (const bool* flag = value->if_bool()) return *flag;
  if (const auto whole = value->as_int64()) return *whole;
  if (const auto fraction = value->as_double()) return *fraction;
  return {};
}

json::Value show_custom_fields(const Table& table, const Cell& values) {
  json::Array shown;
  for (const CustomFieldDefinition& definition : table.resource().custom_fields) {
    json::Object one{
        {"id", definition.id},
        {"caption", definition.caption},
        {"type", definition.type},
        {"entryMethod", definition.entry_method},
        {"numberOfDecimals", definition.decimals},
        {"connectWiseId", fmt::format("c0f1e1d0-0000-4000-8000-{:012x}", definition.id)}};
    if (const json::Value* value = stored_value(values, definition.id)) {
      one.append("value", *value);
    }
    shown.emplace_back(std::move(one));
  }
  return json::Value(std::move(shown));
}

ApiResult<Cell> read_custom_fields(const Table& table, const json::Value& array) {
  const json::Array* given = array.if_array();
  if (given == nullptr) {
    return std::unexpected(unreadable(
        "Cannot deserialize the current JSON object into type "
        "'System.Collections.Generic.List`1[CustomFieldValue]'. Path 'customFields', line 1, "
        "position 1."));
  }
  const auto& definitions = table.resource().custom_fields;
  json::Object values;
  for (const json::Value& entry : *given) {
    const std::int64_t id = entry.int64_or("id", 0);
    const bool known =
        std::ranges::any_of(definitions, [&](const auto& one) { return one.id == id; });
    if (!known) {
      return std::unexpected(invalid_object(
          object_name(table.resource()), {{"NotFound", fmt::format("Custom field {} not found", id),
                                           object_name(table.resource()), "customFields"}}));
    }
    const json::Value* value = entry.find("value");
    if (value != nullptr && !value->is_null()) values[std::to_string(id)] = *value;
  }
  if (values.empty()) return Cell();
  return Cell(AnyJson(std::move(values)));
}

}  // namespace patchbay::sandbox
