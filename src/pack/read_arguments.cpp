// Arguments from what a definition says of them: parameters, filters and body fields.
#include "pack/read_arguments.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/argument_schema.h"

namespace patchbay::pack {
namespace {

// A reference is looked up only if it says where.
void set_reference(Argument& argument, const ReferenceType* type) {
  if (type != nullptr && !type->reference.resource.empty()) argument.reference = type->reference;
}

// `names: member/identifier`: what a filter of a text compares is what such records have there.
void set_named(Argument& argument, const Node& names, const std::string& what,
               Definition& definition) {
  const std::string_view text = names.text;
  const auto slash = text.find('/');
  const std::string kind(text.substr(0, slash));
  const auto type = definition.references.find(kind);
  const auto refuse = [&](const std::string& why, const std::string& fix) {
    definition.problems.error(names.line, what + ": names: " + why, fix);
  };
  if (type == definition.references.end() || type->second.reference.resource.empty()) {
    std::vector<std::string> known;
    for (const auto& [name, each] : definition.references) {
      if (!each.reference.resource.empty()) known.push_back(name);
    }
    return refuse('\'' + kind + "' is no reference whose records can be listed",
                  suggest(kind, known));
  }
  const bool compares = argument.filter_operator == FilterOperator::equal ||
                        argument.filter_operator == FilterOperator::contains;
  if (argument.type != FieldType::string || !compares) {
    return refuse("says something of a filter that compares a text by = or contains",
                  "leave it out");
  }
  // A look-up asks for what it matches by, and for no more.
  const auto& match = type->second.reference.match;
  const std::string field(slash == std::string_view::npos ? match.front() : text.substr(slash + 1));
  if (std::ranges::find(match, field) == match.end() || field.contains(' ')) {
    return refuse('\'' + kind + "' is not matched by '" + field + "' alone", suggest(field, match));
  }
  argument.reference = type->second.reference;
  argument.compares = field;
}

// `names: client` of a body's argument: the record whose id the field holds, by itself.
const ReferenceType* read_named_record(MappingReader& reader, Definition& definition) {
  const Node* names = reader.find("names");
  if (names == nullptr) return nullptr;
  const auto type = definition.references.find(names->text);
  if (type != definition.references.end() && !type->second.reference.resource.empty()) {
    return &type->second;
  }
  std::vector<std::string> known;
  for (const auto& [name, each] : definition.references) {
    if (!each.reference.resource.empty()) known.push_back(name);
  }
  definition.problems.error(
      names->line,
      reader.what() + ": names: '" + names->text + "' is no reference whose records can be listed",
      suggest(names->text, known));
  return nullptr;
}

// A server's instructions say once that records are named by name or id, and that times are ISO
// 8601. It is said again only of arguments whose names leave it open: "board" and "createdAfter" do
// not, "boardId" and "dateStart" do.
bool is_told_by_name(const Argument& argument) {
  const std::string_view name = argument.name;
  if (argument.reference) return !name.ends_with("Id");
  return argument.place == ArgumentPlace::filter && argument.type == FieldType::date_time &&
         (name.ends_with("After") || name.ends_with("Before"));
}

void make_schema(Argument& argument, const std::vector<std::string>& values,
                 std::string description) {
  const bool told = is_told_by_name(argument);
  const bool untold = description.empty();
  if (argument.reference && !told && !untold && !contains_ignoring_case(description, " id")) {
    description += " (name or id)";
  }
  argument.schema =
      catalog::argument_schema(argument.type, values, description, argument.reference.has_value());
  if (told && untold) argument.schema.if_object()->erase("description");
}

// What a filter says of itself where its definition says nothing.
std::string filter_description(const Argument& argument, const FilterText& filter,
                               const Field& field) {
  if (filter.op == FilterOperator::equal) {
    if (!field.description.empty()) return field.description;
    if (filter.field.ends_with("/id") && !argument.name.ends_with("Id")) return "Id";
    if (filter.field.ends_with("/name")) return "Name";
  }
  return {};
}

std::map<std::string, json::Value> read_also(MappingReader& reader, const FieldSet& fields,
                                             Definition& definition) {
  std::map<std::string, json::Value> also;
  const Node* node = reader.find("also");
  if (node == nullptr) return also;
  for (const auto& entry : node->entries) {
    if (find_field_in(fields.fields, entry.key) == nullptr) {
      definition.problems.error(entry.line, reader.what() + ": '" + entry.key + "' is no field",
                                suggest(entry.key, field_paths(fields.fields)));
    }
    also.emplace(entry.key, yaml::to_json(entry.value));
  }
  return also;
}

// The lookups of a body or path argument must be possible; a filter falls back to comparing names,
// and what was imported to ids.
void check_scopes_later(const Argument& argument, std::size_t line, const std::string& what,
                        const Resource& resource, const Method& method, Definition& definition) {
  if (!argument.reference || argument.reference->scopes.empty()) return;
  definition.later([&definition, scopes = argument.reference->scopes,
                    named = argument.reference->resource, place = argument.place, line, what,
                    name = resource.name, of = method.name] {
    const Resource* own = definition.integration.find_resource(name);
    const Resource* target = definition.integration.find_resource(named);
    if (own == nullptr || target == nullptr) return;
    const Method* method_of = own->find_method(of);
    const Method* list = target->find_method("list");
    if (method_of == nullptr || list == nullptr) return;
    for (const Scope& scope : scopes) {
      std::vector<std::string> parameters;
      for (const Argument& each : list->arguments) parameters.push_back(each.name);
      if (std::ranges::find(parameters, scope.parameter) == parameters.end()) {
        definition.problems.error(
            line,
            what + ": the list of '" + target->name + "' has no argument '" + scope.parameter + "'",
            suggest(scope.parameter, parameters));
      }
      std::vector<std::string> given;
      for (const Argument& each : method_of->arguments) given.push_back(each.name);
      for (const auto& each : own->inherits) given.push_back(each.field);
      if (scope.required && place != ArgumentPlace::filter && !method_of->is_imported &&
          std::ranges::find(given, scope.argument) == given.end()) {
        definition.problems.error(
            line,
            what + ": its scope '" + scope.argument + "' is no argument of method '" + of + "'",
            suggest(scope.argument, given));
      }
    }
  });
}

}  // namespace

FilterText read_filter_text(std::string_view text, std::size_t line, const std::string& what,
                            Definition& definition) {
  text = trim(text);
  const auto space = text.find(' ');
  FilterText out;
  out.field = std::string(text.substr(0, space));
  const std::string_view op =
      space == std::string_view::npos ? std::string_view{} : trim(text.substr(space));
  if (op.empty()) return out;
  const auto found = std::ranges::find(kFilterOperators, op, &Word<FilterOperator>::text);
  if (found == kFilterOperators.end()) {
    definition.problems.error(line, what + ": unknown operator '" + std::string(op) + "'",
                              "use one of " + join(texts_of(kFilterOperators)));
  } else {
    out.op = found->means;
  }
  return out;
}

void read_parameters(const Node& node, const std::string& what, Method& method,
                     Definition& definition, ArgumentPlace place) {
  MappingReader shape(node, what, definition.problems);
  shape.has_own_names();
  for (const auto& entry : node.entries) {
    Argument argument;
    argument.name = argument.target = entry.key;
    std::string description;
    TypeUse use;
    const std::string name = "parameter '" + entry.key + "'";
    std::vector<std::string> values;
    if (entry.value.is_scalar()) {
      use = definition.resolve_type(entry.value.text, entry.value.line, name);
      argument.required = method.path.has(argument.target);
    } else {
      MappingReader reader(entry.value, name, definition.problems);
      use = definition.resolve_type(reader.text("type", "string"), entry.line, name);
      description = reader.text("description");
      argument.target = reader.text("target", argument.target);
      argument.required = reader.flag("required", method.path.has(argument.target));
      values = reader.texts("values");
      argument.aliases = reader.texts("aliases");
      if (const Node* also = reader.find("also")) {
        for (const auto& each : also->entries)
          argument.also.emplace(each.key, yaml::to_json(each.value));
      }
    }
    argument.place = method.path.has(argument.target) ? ArgumentPlace::path : place;
    argument.type = use.type;
    set_reference(argument, use.reference);
    make_schema(argument, values.empty() ? use.values : values, std::move(description));
    method.arguments.push_back(std::move(argument));
  }
}

void read_filters(const Node& node, const std::string& what, const Resource& resource,
                  const FieldSet& fields, Method& method, Definition& definition) {
  MappingReader shape(node, what + ": filters", definition.problems);
  shape.has_own_names();
  for (const auto& entry : node.entries) {
    const std::string name = what + ": filter '" + entry.key + "'";
    Argument argument;
    argument.name = entry.key;
    argument.place = ArgumentPlace::filter;
    std::string text = entry.value.text;
    std::string description;
    const Node* names = nullptr;
    if (!entry.value.is_scalar()) {
      MappingReader reader(entry.value, name, definition.problems);
      text = reader.required_text("filter", "summary contains");
      description = reader.text("description");
      argument.also = read_also(reader, fields, definition);
      argument.aliases = reader.texts("aliases");
      argument.mistaken_for = reader.texts("mistaken_for");
      argument.hours_ahead = reader.flag("hours_ahead", false);
      names = reader.find("names");
    }
    const FilterText filter = read_filter_text(text, entry.line, name, definition);
    const Field* field = find_field_in(fields.fields, filter.field);
    if (field == nullptr || !field->filterable) {
      definition.problems.error(
          entry.line, name + ": '" + filter.field + "' is no field that can be filtered by",
          suggest(filter.field, field_paths(fields.fields)));
      continue;
    }
    if (description.empty()) description = filter_description(argument, filter, *field);
    argument.empty_is_value = field->empty_is_value;
    argument.zero_is_value = field->zero_is_value;
    argument.target = filter.field;
    argument.filter_operator = filter.op;
    argument.type = filter.op == FilterOperator::is_null ? FieldType::boolean : field->type;
    if (argument.type == FieldType::reference) {
      const auto type = fields.references.find(filter.field);
      set_reference(argument, type == fields.references.end() ? nullptr : &type->second);
    }
    if (names != nullptr) set_named(argument, *names, name, definition);
    if (argument.hours_ahead) {
      if (field->type != FieldType::date_time) {
        definition.problems.error(entry.line, name + ": hours_ahead says something of times only",
                                  "leave it out, or name a field that is a date_time");
      }
      argument.type = FieldType::integer;
      argument.zero_is_value = true;
    }
    make_schema(argument, field->values, std::move(description));
    if (argument.hours_ahead) {
      argument.schema["minimum"] = json::Value(0);
    }
    if (filter.op == FilterOperator::in) {
      json::Value list;
      list["type"] = json::Value("array");
      list["items"] = std::move(argument.schema);
      argument.schema = std::move(list);
    }
    check_scopes_later(argument, entry.line, name, resource, method, definition);
    method.arguments.push_back(std::move(argument));
  }
}

void read_body(const Node& node, const std::string& what, const Resource& resource,
               const FieldSet& fields, Method& method, Definition& definition) {
  if (!node.is_sequence()) {
    definition.problems.error(node.line, what + ": 'body' must be a list of fields",
                              "write [summary, company]");
    return;
  }
  for (const Node& item : node.items) {
    // `summary`, or `ticketId: {field: chargeToId, …}` where the argument differs from the field.
    const Node* details = nullptr;
    Argument argument;
    argument.place = ArgumentPlace::body;
    argument.name = argument.target = item.text;
    if (item.is_mapping() && item.entries.size() == 1) {
      argument.name = argument.target = item.entries[0].key;
      details = &item.entries[0].value;
    } else if (!item.is_scalar()) {
      definition.problems.error(item.line, what + ": a body entry is a field or `argument: {…}`",
                                "write one field per entry");
      continue;
    }
    const std::string name = what + ": argument '" + argument.name + "'";
    std::string description;
    const ReferenceType* named = nullptr;
    if (details != nullptr) {
      MappingReader reader(*details, name, definition.problems);
      named = read_named_record(reader, definition);
      argument.target = reader.text("field", argument.name);
      description = reader.text("description");
      argument.also = read_also(reader, fields, definition);
      argument.needs = reader.texts("needs");
      argument.aliases = reader.texts("aliases");
      argument.mistaken_for = reader.texts("mistaken_for");
    }
    const Field* field = find_field_in(fields.fields, argument.target);
    if (field == nullptr) {
      definition.problems.error(item.line, name + ": '" + argument.target + "' is no field",
                                suggest(argument.target, field_paths(fields.fields)));
      continue;
    }
    argument.type = field->type;
    argument.empty_is_value = field->empty_is_value;
    argument.zero_is_value = field->zero_is_value;
    argument.written_as = field->written_as;
    argument.outbound = field->outbound;
    if (field->type == FieldType::reference) {
      const auto type = fields.references.find(field->name);
      set_reference(argument, type == fields.references.end() ? nullptr : &type->second);
    }
    if (named != nullptr) {
      argument.type = FieldType::reference;
      argument.id_alone = true;
      set_reference(argument, named);
      if (field->type != FieldType::integer) {
        definition.problems.error(item.line, name + ": names says something of an integer only",
                                  "leave it out, or make the field an integer");
      }
    }
    if (field->type == FieldType::object || field->type == FieldType::array) {
      argument.schema = catalog::field_schema(*field);
    } else {
      make_schema(argument, field->values, description.empty() ? field->description : description);
    }
    if (field->max_length > 0) argument.schema["maxLength"] = json::Value(field->max_length);
    check_scopes_later(argument, item.line, name, resource, method, definition);
    method.arguments.push_back(std::move(argument));
  }
}

}  // namespace patchbay::pack
