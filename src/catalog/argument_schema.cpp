#include "catalog/argument_schema.h"

#include "integration/report.h"

namespace patchbay::catalog {
namespace {

std::string_view type_name(integration::FieldType type, bool looked_up) {
  switch (type) {
    case integration::FieldType::string:
    case integration::FieldType::date_time:
    case integration::FieldType::date:
      return "string";
    case integration::FieldType::integer:
      return "integer";
    case integration::FieldType::number:
      return "number";
    case integration::FieldType::boolean:
      return "boolean";
    case integration::FieldType::reference:
      return looked_up ? "string" : "integer";
    case integration::FieldType::object:
      return "object";
    case integration::FieldType::array:
      return "array";
  }
  return "string";
}

// Of times the instructions say that they are ISO 8601, once for all.
std::string default_description(integration::FieldType type, bool looked_up) {
  if (type == integration::FieldType::date) return "YYYY-MM-DD";
  if (type == integration::FieldType::reference) return looked_up ? "Name or id" : "Id";
  return {};
}

}  // namespace

json::Value argument_schema(integration::FieldType type, const std::vector<std::string>& values,
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

json::Value field_schema(const integration::Field& field) {
  if (field.type == integration::FieldType::reference ||
      field.type == integration::FieldType::object ||
      (field.type == integration::FieldType::array && !field.children.empty())) {
    json::Object properties;
    for (const integration::Field& child : field.children)
      properties.append(child.name, field_schema(child));
    json::Value object;
    object["type"] = json::Value("object");
    object["properties"] = json::Value(std::move(properties));
    if (field.type != integration::FieldType::array) return object;
    json::Value list;
    list["type"] = json::Value("array");
    list["items"] = std::move(object);
    return list;
  }
  return argument_schema(field.type, field.values, field.description, false);
}

json::Value object_schema(json::Object properties, const std::vector<std::string>& required) {
  json::Value schema;
  schema["type"] = json::Value("object");
  schema["properties"] = json::Value(std::move(properties));
  if (!required.empty()) {
    json::Array names;
    for (const std::string& name : required) names.emplace_back(name);
    schema["required"] = json::Value(std::move(names));
  }
  schema["additionalProperties"] = json::Value(false);
  return schema;
}

json::Value accepted_schema(const integration::Argument& argument) {
  json::Value schema = argument.schema;
  const json::Value* type = schema.find("type");
  if (type == nullptr || !type->is_string()) return schema;
  if (argument.type == integration::FieldType::array && *type->if_string() == "string") {
    schema["type"] = json::Value(json::Array{"string", "array"});
    schema.if_object()->erase(integration::kReportKeyword);
    return schema;
  }
  // Listed as texts, and one object by the time that this is asked (gateway/arguments/captions.h).
  if (argument.type == integration::FieldType::object && *type->if_string() == "array") {
    schema["type"] = "object";
    schema.if_object()->erase("items");
    return schema;
  }
  // What must be given must say something.
  if (argument.required && argument.place == integration::ArgumentPlace::body &&
      *type->if_string() == "string" && schema.find("minLength") == nullptr) {
    schema["minLength"] = json::Value(1);
    type = schema.find("type");
  }
  if (argument.reference && *type->if_string() == "string") {
    schema["type"] = json::Value(json::Array{"string", "integer"});
  }
  return schema;
}

}  // namespace patchbay::catalog
