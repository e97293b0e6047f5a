// Methods that bring JSON Schemas of their own, as an import from OpenAPI makes them.
#include "pack/raw_schema.h"

#include <algorithm>

#include "catalog/argument_schema.h"
#include "schema/validator.h"

namespace patchbay::pack {
namespace {

FieldType type_of(const json::Value& schema) {
  const std::string_view type = schema.string_or("type", "string");
  const std::string_view format = schema.string_or("format", "");
  if (type == "integer") return FieldType::integer;
  if (type == "number") return FieldType::number;
  if (type == "boolean") return FieldType::boolean;
  if (type == "object") return FieldType::object;
  if (type == "array") return FieldType::array;
  if (format == "date-time") return FieldType::date_time;
  if (format == "date") return FieldType::date;
  return FieldType::string;
}

bool has_reference(const json::Value& value) {
  if (const json::Object* object = value.if_object()) {
    return object->contains("$ref") || std::ranges::any_of(*object, [](const auto& member) {
             return has_reference(member.second);
           });
  }
  const json::Array* list = value.if_array();
  return list != nullptr && std::ranges::any_of(*list, has_reference);
}

void add_arguments(const json::Value& schema, ArgumentPlace place, const Node& node, Method& method,
                   Definition& definition) {
  const json::Value* properties = schema.find("properties");
  if (properties == nullptr || !properties->is_object()) {
    definition.problems.error(node.line,
                              "method '" + method.name + "': the schema has no properties",
                              "describe an object with `properties:`");
    return;
  }
  std::vector<std::string> required;
  if (const json::Value* names = schema.find("required"); names != nullptr && names->is_array()) {
    for (const json::Value& name : *names->if_array()) {
      if (const std::string* text = name.if_string()) required.push_back(*text);
    }
  }
  constexpr std::size_t kOfOurOwn = 10;  // platform arguments, which come on top
  method.arguments.reserve(method.arguments.size() + properties->if_object()->size() + kOfOurOwn);
  for (const auto& [name, property] : *properties->if_object()) {
    Argument argument;
    argument.name = argument.target = name;
    argument.place = place;
    if (method.path.has(name)) argument.place = ArgumentPlace::path;
    argument.type = type_of(property);
    argument.schema = property;
    // A time may be given without an offset, or as a date alone: the gateway completes it.
    if (argument.type == FieldType::date_time) argument.schema.if_object()->erase("format");
    // A schema says itself that "" or 0 is meant.
    argument.empty_is_value = property.int64_or("minLength", 1) == 0;
    argument.zero_is_value = property.int64_or("minimum", 1) <= 0;
    argument.required = argument.place == ArgumentPlace::path ||
                        std::ranges::find(required, name) != required.end();
    method.arguments.push_back(std::move(argument));
  }
}

void read_schema(MappingReader& reader, std::string_view key, ArgumentPlace place,
                 json::Value& schema, Method& method, Definition& definition) {
  const Node* node = reader.find(key);
  if (node == nullptr) return;
  schema = yaml::to_json(*node);
  const std::string what = "method '" + method.name + "': " + std::string(key);
  if (has_reference(schema)) {
    definition.problems.error(node->line, what + " has a $ref; clients do not follow them",
                              "write the referenced schema out in its place");
    return;
  }
  // Either way it is compiled again when the tool is called first.
  if (!definition.is_known_sound) {
    if (auto compiled = schema::Validator::compile(schema); !compiled) {
      definition.problems.error(node->line, what + ": " + compiled.error().message,
                                "correct the schema at that place");
      return;
    }
  }
  method.is_looked_at = true;
  if (key != "response_schema") add_arguments(schema, place, *node, method, definition);
}

void read_binding(MappingReader& reader, Method& method, Definition& definition) {
  const Node* node = reader.find("binding");
  if (node == nullptr) return;
  MappingReader shape(*node, "binding", definition.problems);
  shape.has_own_names();
  for (const auto& entry : node->entries) {
    MappingReader each(entry.value, "binding '" + entry.key + "'", definition.problems);
    const bool has_place = entry.value.find("place") != nullptr;
    const ArgumentPlace place = each.word("place", kPlaces, ArgumentPlace::query);
    const std::string target = each.text("target", entry.key);
    bool found = false;
    for (Argument& argument : method.arguments) {
      if (argument.name != entry.key) continue;
      found = true;
      argument.target = target;
      if (has_place) argument.place = place;
    }
    if (!found) {
      definition.problems.error(entry.line, "binding '" + entry.key + "': no such argument",
                                "name a property of query_schema or body_schema");
    }
    // Bound to one place, it is one argument.
    bool first = true;
    std::erase_if(method.arguments, [&](const Argument& argument) {
      return argument.name == entry.key && !std::exchange(first, false) && has_place;
    });
  }
}

void read_argument_references(MappingReader& reader, Method& method, Definition& definition) {
  for (const auto& [name, type] : reader.text_map("references")) {
    const std::size_t line = reader.find("references")->line;
    const TypeUse use = definition.resolve_type(type, line, "reference '" + name + "'");
    const auto found = std::ranges::find(method.arguments, name, &Argument::name);
    if (found == method.arguments.end() || use.reference == nullptr ||
        use.reference->reference.resource.empty()) {
      definition.problems.error(line,
                                "reference '" + name +
                                    "' must join an argument with a type of "
                                    "integration.yaml's references",
                                "write argument: type");
      continue;
    }
    found->type = FieldType::reference;
    found->reference = use.reference->reference;
    found->schema = catalog::argument_schema(FieldType::reference, {},
                                             found->schema.string_or("description", ""), true);
  }
}

}  // namespace

void read_raw_schemas(MappingReader& reader, Method& method, Definition& definition) {
  read_schema(reader, "query_schema", ArgumentPlace::query, method.query_schema, method,
              definition);
  read_schema(reader, "body_schema", ArgumentPlace::body, method.body_schema, method, definition);
  read_schema(reader, "response_schema", ArgumentPlace::body, method.response_schema, method,
              definition);
  read_binding(reader, method, definition);
  read_argument_references(reader, method, definition);
}

}  // namespace patchbay::pack
