// What tools/list shows of an argument. Token-lean, and in the narrowest JSON Schema that clients
// take: one plain type each. Gemini refuses a whole request for one type list, and clients that
// turn anyOf into type lists make it fail as well; so a reference is shown as a text, and an
// integer is accepted all the same (see accepted_schema in tool.cpp).
#include "catalog/definition.h"

namespace patchbay::catalog {
namespace {

std::string_view type_name(FieldType type, bool looked_up) {
  switch (type) {
    case FieldType::string:
    case FieldType::date_time:
    case FieldType::date:
      return "string";
    case FieldType::integer:
      return "integer";
    case FieldType::number:
      return "number";
    case FieldType::boolean:
      return "boolean";
    case FieldType::reference:
      return looked_up ? "string" : "integer";
    case FieldType::object:
      return "object";
    case FieldType::array:
      return "array";
  }
  return "string";
}

std::string default_description(FieldType type, bool looked_up) {
  if (type == FieldType::date_time) return "ISO 8601";
  if (type == FieldType::date) return "YYYY-MM-DD";
  if (type == FieldType::reference) return looked_up ? "Name or id" : "Id";
  return {};
}

}  // namespace

json::Value argument_schema(FieldType type, const std::vector<std::string>& values,
                            std::string_view description, bool looked_up) {
  json::Value schema;
  schema["type"] = json::Value(type_name(type, looked_up));
  if (!values.empty()) {
    json::Array list;
    for (const std::string& value : values) list.emplace_back(value);
    schema["enum"] = json::Value(std::move(list));
  }
  const std::string text =
      description.empty() ? default_description(type, looked_up) : std::string(description);
  if (!text.empty()) schema["description"] = json::Value(text);
  return schema;
}

json::Value field_schema(const Field& field) {
  if (field.type == FieldType::reference || field.type == FieldType::object ||
      (field.type == FieldType::array && !field.children.empty())) {
    json::Object properties;
    for (const Field& child : field.children) properties.append(child.name, field_schema(child));
    json::Value object;
    object["type"] = json::Value("object");
    object["properties"] = json::Value(std::move(properties));
    if (field.type != FieldType::array) return object;
    json::Value list;
    list["type"] = json::Value("array");
    list["items"] = std::move(object);
    return list;
  }
  return argument_schema(field.type, field.values, field.description, false);
}

}  // namespace patchbay::catalog
