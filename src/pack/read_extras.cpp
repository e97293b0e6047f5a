// What a method has beyond its request: defaults of lists, expansions and combinations.
#include "pack/read_extras.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/argument_schema.h"
#include "pack/read_fields.h"

namespace patchbay::pack {

namespace {

// What says nothing to this method, or needs what the integration has not: nothing of it is dropped
// in silence.
void refuse_unheard(MappingReader& reader, const Method& method, const Definition& definition) {
  const Pagination& pagination = definition.integration.pagination;
  if (method.writes()) {
    for (const char* key : {"default_fields", "filters", "expansions"}) {
      reader.refuse(key, "says nothing to a method that writes", "leave it out");
    }
  }
  if (method.kind != MethodKind::list) {
    for (const char* key :
         {"default_order", "only", "count", "records_path", "whole", "expressions"}) {
      reader.refuse(key, "says something to a list only", "leave it out");
    }
  } else {
    reader.refuse("own_columns", "says nothing to a list, whose fields are known", "leave it out");
  }
  if (pagination.fields_parameter.empty()) {
    reader.refuse("default_fields", "cannot be asked for",
                  "add `fields_parameter` under `pagination`, or leave it out");
  }
  if (!definition.names_filter_dialect) {
    for (const char* key : {"filters", "only", "expressions", "duplicate_guard", "overlap",
                            "looks_at", "own_columns"}) {
      reader.refuse(key, "cannot be sent: the integration has no filter dialect",
                    "write them as `parameters:`, if the API has some for it");
    }
  }
  if (pagination.order_parameter.empty()) {
    reader.refuse("default_order", "cannot be asked for",
                  "add `order_parameter` under `pagination`, or leave it out");
  }
  if (method.verb == Verb::get || method.verb == Verb::delete_) {
    for (const char* key : {"body", "body_in", "repeats", "body_schema"}) {
      reader.refuse(key, "is never sent with this verb", "use post, put or patch");
    }
  }
}

}  // namespace

void read_list_extras(MappingReader& reader, const Resource& resource, const FieldSet& fields,
                      Method& method, Definition& definition) {
  refuse_unheard(reader, method, definition);
  method.own_columns = reader.flag("own_columns", false);
  const std::string what = "method '" + method.name + "'";
  const Node* defaults = reader.find("default_fields");
  method.default_fields = reader.texts("default_fields");
  for (const std::string& name : method.default_fields) {
    const Field* field = find_field_in(fields.fields, name);
    if (field == nullptr || !field->returned) {
      definition.problems.error(defaults->line, what + ": default field '" + name + "' is no field",
                                suggest(name, field_paths(fields.fields)));
    }
  }
  if (const Node* only = reader.find("only")) {
    for (const auto& entry : only->entries) {
      const Field* field = find_field_in(fields.fields, entry.key);
      if (field == nullptr || !field->filterable) {
        definition.problems.error(
            entry.line, what + ": only: '" + entry.key + "' is no field that can be filtered by",
            suggest(entry.key, field_paths(fields.fields)));
      }
      method.only.emplace(entry.key, yaml::to_json(entry.value));
    }
  }
  method.default_order = reader.text("default_order");
  for (const std::string_view part : split(method.default_order, ',')) {
    const std::string_view name = trim(trim(part).substr(0, trim(part).find(' ')));
    const Field* field = name.empty() ? nullptr : find_field_in(fields.fields, name);
    if (!name.empty() && (field == nullptr || !field->sortable)) {
      definition.problems.error(reader.find("default_order")->line,
                                what + ": cannot be ordered by '" + std::string(name) + "'",
                                suggest(name, field_paths(fields.fields)));
    }
  }
  if (method.kind == MethodKind::list) {
    method.records_path =
        reader.pointer("records_path", definition.integration.pagination.records_path);
    method.is_whole = reader.flag("whole", false);
  }
  if (const Node* count = reader.find("count")) {
    if (count->text == "true") {
      method.count_path = resource.path.below("/count");
    } else if (count->text != "false") {
      method.count_path = reader.path("count");
    }
  }
}

void read_record_path(MappingReader& reader, Method& method) {
  method.record_path = reader.path(
      "record", method.kind == MethodKind::update ? method.path : integration::PathTemplate());
}

void read_body_form(MappingReader& reader, const FieldSet& fields, Method& method,
                    Definition& definition) {
  method.body_list = reader.text("body_in");
  for (auto& [name, value] : reader.text_map("query")) method.constants.emplace(name, value);
  for (const auto& [field, argument] : reader.text_map("repeats")) {
    const std::size_t line = reader.find("repeats")->line;
    const bool known_argument =
        std::ranges::find(method.arguments, argument, &Argument::name) != method.arguments.end();
    if (!known_argument || find_field_in(fields.fields, field) == nullptr) {
      definition.problems.error(line,
                                "method '" + method.name + "': repeats: '" + field + ": " +
                                    argument + "' must join a field with an argument",
                                "write field: argument");
    }
    method.repeats.emplace(field, argument);
  }
}

void read_expansions(MappingReader& reader, Method& method, Definition& definition) {
  const Node* node = reader.find("expansions");
  if (node == nullptr) return;
  MappingReader shape(*node, "expansions", definition.problems);
  shape.has_own_names();
  for (const auto& entry : node->entries) {
    MappingReader each(entry.value, "expansion '" + entry.key + "'", definition.problems);
    Expansion expansion;
    expansion.argument = entry.key;
    each.required_text("path", "/module/things/{id}/more");
    expansion.path = each.path("path");
    expansion.source = each.text("source");
    expansion.fields = each.texts("fields");
    if (definition.integration.pagination.fields_parameter.empty()) {
      each.refuse("fields", "cannot be asked for",
                  "add `fields_parameter` under `pagination`, or leave it out");
    }
    expansion.target = each.required_text("target", "more");
    expansion.by_default = each.flag("default", false);
    Argument argument;
    argument.name = argument.target = entry.key;
    argument.place = ArgumentPlace::expansion;
    argument.type = FieldType::boolean;
    argument.schema =
        catalog::argument_schema(FieldType::boolean, {}, each.text("description"), false);
    if (expansion.by_default) argument.schema["default"] = json::Value(true);
    method.arguments.push_back(std::move(argument));
    method.expansions.push_back(std::move(expansion));
  }
}

namespace {

// The associations must be a list whose records have the fields.
void check_combination_later(const Combination& combination, std::size_t line,
                             Definition& definition) {
  definition.later([&definition, combination, line] {
    const Resource* target = definition.integration.find_resource(combination.resource);
    if (target == nullptr || target->find_method("list") == nullptr) {
      definition.problems.error(line,
                                "combination: there is no list of '" + combination.resource + "'",
                                "name a resource with a list method");
      return;
    }
    for (const auto& entry : combination.fields) {
      if (target->find_field(entry.second) != nullptr) continue;
      definition.problems.error(
          line, "combination: '" + target->name + "' has no field '" + entry.second + "'",
          suggest(entry.second, field_paths(target->fields)));
    }
  });
}

}  // namespace

void read_combinations(MappingReader& reader, Method& method, Definition& definition) {
  const Node* node = reader.find("combinations");
  if (node == nullptr) return;
  for (const Node& item : node->items) {
    MappingReader each(item, "combination", definition.problems);
    Combination combination;
    combination.resource = each.required_text("resource", "board_associations");
    combination.scopes = read_scopes(each);
    for (auto& [argument, field] : each.text_map("fields")) {
      combination.fields.emplace(std::move(argument), std::move(field));
    }
    for (const auto& entry : combination.fields) {
      const bool known = std::ranges::find(method.arguments, entry.first, &Argument::name) !=
                         method.arguments.end();
      if (!known) {
        definition.problems.error(item.line, "combination: '" + entry.first + "' is no argument",
                                  "name an argument of the method");
      }
    }
    check_combination_later(combination, item.line, definition);
    method.combinations.push_back(std::move(combination));
  }
}

}  // namespace patchbay::pack
