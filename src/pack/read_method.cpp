// One method of a resource: its request, and what is special about it.
#include "pack/read_method.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/argument_schema.h"
#include "integration/naming.h"
#include "pack/platform_arguments.h"
#include "pack/raw_schema.h"
#include "pack/read_arguments.h"
#include "pack/read_composite.h"
#include "pack/read_extras.h"
#include "pack/read_files.h"
#include "pack/read_guards.h"
#include "pack/read_members.h"
#include "pack/read_rules.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kMaxDescription = 1023;

bool concerns_one_record(MethodKind kind) {
  return kind == MethodKind::get || kind == MethodKind::update || kind == MethodKind::delete_;
}

// What clients are told when a definition says nothing. An update overwrites what was there, so it
// counts as destructive; running it twice changes nothing more.
Annotations default_annotations(MethodKind kind, Verb verb) {
  switch (kind) {
    case MethodKind::list:
    case MethodKind::get:
      return {true, false, true, true};
    case MethodKind::create:
      return {false, false, false, true};
    case MethodKind::update:
    case MethodKind::delete_:
      return {false, true, true, true};
    case MethodKind::custom:
      break;
  }
  if (verb == Verb::get) return {true, false, true, true};
  return {false, true, false, true};
}

Verb default_verb(MethodKind kind) {
  switch (kind) {
    case MethodKind::create:
      return Verb::post;
    case MethodKind::update:
      return Verb::patch;
    case MethodKind::delete_:
      return Verb::delete_;
    default:
      return Verb::get;
  }
}

void read_request(MappingReader& reader, const Resource& resource, Method& method) {
  method.verb = reader.word("verb", kVerbs, default_verb(method.kind));
  if (auto given = reader.optional_path("path")) {
    method.path = std::move(*given);
  } else {
    method.path = concerns_one_record(method.kind) ? resource.path.below("/{id}") : resource.path;
  }
}

void read_annotations(MappingReader& reader, Method& method, Definition& definition) {
  method.annotations = default_annotations(method.kind, method.verb);
  const Node* node = reader.find("annotations");
  if (node == nullptr) return;
  MappingReader hints(*node, "annotations", definition.problems);
  Annotations& to = method.annotations;
  to.read_only = hints.flag("read_only", to.read_only);
  to.destructive = hints.flag("destructive", to.destructive);
  to.idempotent = hints.flag("idempotent", to.idempotent);
  to.open_world = hints.flag("open_world", to.open_world);
}

// `id` need not be described; every other placeholder must be an argument, and the other way round.
// What only the record's own path has, the body says.
void link_placeholders(const FieldSet& fields, std::size_t line, Method& method,
                       Definition& definition) {
  std::vector<std::string> names = method.path.names();
  for (const std::string& name : method.record_path.names()) {
    if (!method.path.has(name)) names.push_back(name);
  }
  for (const std::string& name : names) {
    const bool known = std::ranges::any_of(method.arguments, [&](const Argument& argument) {
      return argument.place == ArgumentPlace::path && argument.target == name;
    });
    if (known) continue;
    if (name != "id") {
      definition.problems.error(
          line, "method '" + method.name + "': the path's {" + name + "} has no argument",
          "add it to `parameters:`");
      continue;
    }
    const Field* id = find_field_in(fields.fields, "id");
    Argument argument;
    argument.name = argument.target = "id";
    argument.place = ArgumentPlace::path;
    argument.type = id != nullptr ? id->type : FieldType::integer;
    argument.required = true;
    argument.schema = catalog::argument_schema(argument.type, {}, "", false);
    method.arguments.insert(method.arguments.begin(), std::move(argument));
  }
}

void read_parameter_sections(MappingReader& reader, const Node* shared, Method& method,
                             Definition& definition) {
  if (shared != nullptr) {
    // Of the resource's shared parameters, a method takes those that its path holds.
    Node own = *shared;
    std::erase_if(own.entries,
                  [&](const Node::Entry& entry) { return !method.path.has(entry.key); });
    read_parameters(own, "parameters", method, definition);
  }
  if (const Node* own = reader.find("parameters")) {
    read_parameters(*own, "parameters", method, definition);
  }
}

void refuse_duplicates(std::size_t line, const Method& method, Definition& definition) {
  const auto refuse = [&](const Argument& argument, const char* why, const char* fix) {
    definition.problems.error(
        line, "method '" + method.name + "': argument '" + argument.name + "' " + why, fix);
  };
  for (std::size_t i = 0; i < method.arguments.size(); ++i) {
    const Argument& argument = method.arguments[i];
    if (!integration::is_property_name(argument.name)) {
      refuse(argument, "is no name that clients accept", "use letters, digits, _ . -, at most 64");
    }
    for (std::size_t j = 0; j < i; ++j) {
      // A raw schema may send one name to query and body (DESIGN 5).
      if (method.arguments[j].name == argument.name &&
          !(method.arguments[j].place == ArgumentPlace::query &&
            argument.place == ArgumentPlace::body)) {
        refuse(argument, "stands there twice",
               "rename one: a filter may have any name (`name: field`)");
      }
    }
  }
}

void read_examples(MappingReader& reader, Method& method) {
  const Node* examples = reader.find("examples");
  if (examples == nullptr) return;
  for (const Node& example : examples->items) method.examples.push_back(yaml::to_json(example));
}

json::Value schema_of(const Method& method, bool body) {
  json::Object properties;
  for (const Argument& argument : method.arguments) {
    if ((argument.place == ArgumentPlace::body) == body)
      properties.append(argument.name, argument.schema);
  }
  if (properties.empty()) return nullptr;
  json::Value schema;
  schema["type"] = json::Value("object");
  schema["properties"] = json::Value(std::move(properties));
  return schema;
}

void check_name(const std::string& name, std::size_t line, Definition& definition) {
  const std::string what = "method '" + name + "'";
  if (!integration::is_snake_name(name)) {
    definition.problems.error(line, what + " is no snake_case name", "use a-z, 0-9 and _");
  }
  if (name == "read" || name == "write" || name == "custom") {
    definition.problems.error(line, what + " is what servers call a group of methods",
                              "give it another name");
  }
}

// Its tool's name, where it is not made by the rules, and those that it had.
void read_tool_names(MappingReader& reader, Method& method, Definition& definition) {
  method.tool_name = reader.text("tool_name");
  method.former_tool_names = reader.texts("former_tool_names");
  const auto check = [&](const char* key, const std::string& name) {
    if (integration::is_snake_name(name) && name.size() <= integration::kMaxToolName) return;
    definition.problems.error(reader.find(key)->line,
                              reader.what() + ": " + key + " '" + name + "' is no tool's name",
                              "use a-z, 0-9 and _, at most 64 of them");
  };
  if (!method.tool_name.empty()) check("tool_name", method.tool_name);
  for (const std::string& name : method.former_tool_names) check("former_tool_names", name);
}

// A list whose records are known by name in other tools, and which nobody reads for itself.
void read_whether_tool(MappingReader& reader, Method& method) {
  method.only_looks_up = !reader.flag("tool", true);
  if (!method.only_looks_up) return;
  if (method.kind != MethodKind::list) {
    reader.refuse("tool", "only a list is of use without one", "leave it out");
  }
  reader.refuse("description", "no tool shows it with tool: false", "make it a comment");
}

// Whether a call may be of several records; what says so is no argument of any of them.
void read_many(MappingReader& reader, Method& method) {
  method.many = reader.flag("many", false);
  if (!method.many) return;
  if (method.kind != MethodKind::create && method.kind != MethodKind::update) {
    reader.refuse("many", "only a create or an update is one of a record", "leave it out");
  } else if (!method.file_part.empty()) {
    reader.refuse("many", "a call brings one file along", "leave it out");
  }
  for (const std::string_view name : integration::kManyArguments) {
    if (std::ranges::find(method.arguments, name, &Argument::name) == method.arguments.end()) {
      continue;
    }
    reader.refuse("many", "its argument '" + std::string(name) + "' says of which records it is",
                  "give that argument another name");
  }
}

// Records that are made along with that of a create.
void read_nested(MappingReader& reader, Method& method, Definition& definition) {
  const Node* const node = reader.find("nested");
  if (node == nullptr) return;
  if (method.kind != MethodKind::create) {
    reader.refuse("nested", "only what is created has others that belong to it", "leave it out");
    return;
  }
  for (const Node::Entry& entry : node->entries) {
    MappingReader own(entry.value, "nested " + entry.key, definition.problems);
    integration::Nested nested{
        .argument = entry.key, .resource = own.text("create"), .as = own.text("as"), .with = {}};
    if (const Node* const with = own.find("with")) {
      for (const Node::Entry& one : with->entries) nested.with[one.key] = one.value.text;
    }
    if (nested.resource.empty() || nested.as.empty()) {
      definition.problems.error(
          entry.line, reader.what() + ": nested '" + entry.key + "' does not say what makes it",
          "write {create: <resource>, as: <the argument that names what they belong to>}");
    }
    if (std::ranges::find(method.arguments, entry.key, &Argument::name) != method.arguments.end()) {
      definition.problems.error(entry.line,
                                reader.what() + ": nested '" + entry.key + "' is an argument too",
                                "call one of them otherwise");
    }
    method.nested.push_back(std::move(nested));
  }
}

// With what is added to it: which arguments belong together.
void check_description(MappingReader& reader, const Method& method, Definition& definition) {
  if (method.description.size() <= kMaxDescription) return;
  definition.problems.error(reader.find("description")->line,
                            reader.what() + ": the description has " +
                                std::to_string(method.description.size()) +
                                " bytes; clients cut at 1,024",
                            "keep what is most important, below 1,024 bytes");
}

void read_required(MappingReader& reader, Method& method, Definition& definition) {
  const Node* required = reader.find("required");
  for (const std::string& wanted : reader.texts("required")) {
    const auto found = std::ranges::find(method.arguments, wanted, &Argument::name);
    if (found != method.arguments.end()) {
      found->required = true;
      continue;
    }
    std::vector<std::string> known;
    for (const Argument& argument : method.arguments) known.push_back(argument.name);
    definition.problems.error(required->line,
                              reader.what() + ": required '" + wanted + "' is no argument",
                              suggest(wanted, known));
  }
}

// Fields of a body that are taken, and that no list shows.
void read_unlisted_body(MappingReader& reader, const Resource& resource, const FieldSet& fields,
                        Method& method, Definition& definition) {
  const Node* const body = reader.find("unlisted_body");
  if (body == nullptr) return;
  const std::size_t listed = method.arguments.size();
  read_body(*body, reader.what(), resource, fields, method, definition);
  for (std::size_t at = listed; at < method.arguments.size(); ++at) {
    method.arguments[at].listed = false;
  }
}

}  // namespace

Method read_method(const std::string& name, const Node& node, const Resource& resource,
                   const FieldSet& fields, const Node* shared_parameters, Definition& definition) {
  Method method;
  method.name = name;
  method.kind = integration::method_kind(name);
  method.is_looked_at = definition.is_known_sound;
  const std::string what = "method '" + name + "'";
  check_name(name, node.line, definition);
  // A description alone is enough where everything else is as usual.
  Node only_description;
  if (node.is_scalar() && !node.is_null()) {
    only_description.kind = Node::Kind::mapping;
    only_description.line = node.line;
    only_description.entries.push_back({"description", node.line, node});
  }
  MappingReader reader(node.is_scalar() ? only_description : node, what, definition.problems);
  method.description = std::string(trim(reader.text("description")));
  method.title = reader.text("title");
  read_tool_names(reader, method, definition);
  read_whether_tool(reader, method);
  method.is_imported = reader.flag("imported", false);
  method.tags = reader.texts("tags");
  if (const Node* composite = reader.find("composite")) {
    // It has no request; keys that describe one are told as unknown.
    read_composite(*composite, what, method, definition);
    if (method.writes()) add_platform_arguments(resource, {}, node.line, method, definition);
    read_examples(reader, method);
    refuse_duplicates(node.line, method, definition);
    read_instead_of(reader, resource.name, name, definition);
    check_description(reader, method, definition);
    return method;
  }
  read_request(reader, resource, method);
  read_annotations(reader, method, definition);

  read_parameter_sections(reader, shared_parameters, method, definition);
  read_files(reader, method, definition);
  read_raw_schemas(reader, method, definition);
  if (const Node* filters = reader.find("filters")) {
    read_filters(*filters, what, resource, fields, method, definition);
  }
  if (const Node* body = reader.find("body")) {
    read_body(*body, what, resource, fields, method, definition);
  }
  read_unlisted_body(reader, resource, fields, method, definition);
  read_record_path(reader, method);
  link_placeholders(fields, node.line, method, definition);
  read_needs(reader, method, definition);
  read_body_form(reader, fields, method, definition);
  read_required(reader, method, definition);
  read_clearable(reader, method, definition);
  read_author(reader, method, definition);
  read_one_of(reader, method, definition);
  read_instead_of(reader, resource.name, name, definition);
  if (method.query_schema.is_null()) method.query_schema = schema_of(method, false);
  if (method.body_schema.is_null()) method.body_schema = schema_of(method, true);

  read_expansions(reader, method, definition);
  read_list_extras(reader, resource, fields, method, definition);
  read_combinations(reader, method, definition);
  read_guards(reader, resource, method, definition);
  add_platform_arguments(resource, reader.texts("expressions"), node.line, method, definition);
  read_many(reader, method);
  read_nested(reader, method, definition);
  read_examples(reader, method);
  refuse_duplicates(node.line, method, definition);
  check_description(reader, method, definition);
  return method;
}

}  // namespace patchbay::pack
