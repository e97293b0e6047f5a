// Fields of records: `fields` one by one, `more_fields` by type.
#include "pack/read_fields.h"

#include <algorithm>

namespace patchbay::pack {
namespace {

std::vector<Field> plain_reference_children() {
  Field id;
  id.name = "id";
  id.type = FieldType::integer;
  Field name;
  name.name = "name";
  return {id, name};
}

void apply_type(Field& field, const TypeUse& use, FieldSet* set) {
  field.type = use.type;
  field.values = use.values;
  if (use.type != FieldType::reference) return;
  if (use.reference == nullptr) {
    field.children = plain_reference_children();
    return;
  }
  field.children = use.reference->children;
  field.reference = use.reference->reference.resource;
  if (set != nullptr) set->references[field.name] = *use.reference;
}

// `boardId: board` under scope or narrow.
void read_scope_map(MappingReader& reader, std::string_view key, bool required,
                    std::vector<Scope>& out) {
  for (auto& [parameter, argument] : reader.text_map(key)) {
    out.push_back({std::move(parameter), std::move(argument), required});
  }
}

void read_long_form(const Node& node, Definition& definition, FieldSet* set, Field& field) {
  MappingReader reader(node, "field '" + field.name + "'", definition.problems);
  const Node* type = reader.find("type");
  field.values = reader.texts("values");
  const std::vector<std::string> values = field.values;
  if (type != nullptr) {
    apply_type(field, definition.resolve_type(type->text, type->line, reader.what()), set);
    if (!values.empty()) field.values = values;
  }
  field.description = reader.text("description");
  field.max_length = reader.integer("max_length", 0);
  field.empty_is_value = reader.flag("empty", false);
  field.zero_is_value = reader.flag("zero", false);
  if (field.empty_is_value && field.type != FieldType::string) {
    reader.refuse("empty", "says something of a text only", "leave it out");
  }
  if (field.zero_is_value && field.type != FieldType::number && field.type != FieldType::integer) {
    reader.refuse("zero", "says something of a number only", "leave it out");
  }
  field.written_as = reader.word("written_as", kWrittenAs, WrittenAs::text);
  if (field.written_as != WrittenAs::text && field.type != FieldType::string) {
    reader.refuse("written_as", "says something of a text only", "leave it out");
  }
  field.outbound = reader.flag("outbound", false);
  field.personal = reader.optional_flag("personal");
  field.returned = reader.flag("returned", true);
  field.filterable = reader.flag("filterable", field.returned);
  field.sortable = reader.flag("sortable", field.filterable);
  field.in_info = reader.flag("in_info", false);
  field.written = reader.flag("written", true);
  field.clearable = reader.flag("clearable", true);
  field.follows = reader.texts("follows");
  if (const Node* children = reader.find("fields"); children != nullptr && children->is_mapping()) {
    field.children.clear();
    for (const auto& entry : children->entries) {
      field.children.push_back(read_field(entry.key, entry.value, definition, nullptr));
    }
  }
  const std::vector<Scope> scopes = read_scopes(reader);
  if (!scopes.empty() && set != nullptr) {
    set->references[field.name].reference.scopes = scopes;
  }
}

}  // namespace

std::vector<Scope> read_scopes(MappingReader& reader) {
  std::vector<Scope> scopes;
  read_scope_map(reader, "scope", true, scopes);
  read_scope_map(reader, "narrow", false, scopes);
  return scopes;
}

Field read_field(const std::string& name, const Node& node, Definition& definition, FieldSet* set) {
  Field field;
  field.name = name;
  if (node.is_scalar()) {
    apply_type(field, definition.resolve_type(node.text, node.line, "field '" + name + "'"), set);
  } else if (node.is_sequence()) {
    field.values = scalar_texts(node, "field '" + name + "'", definition.problems);
  } else {
    read_long_form(node, definition, set, field);
  }
  // Lists and objects have no order, and a condition on them needs one of their children.
  if (field.type == FieldType::array || field.type == FieldType::object) field.sortable = false;
  return field;
}

FieldSet read_fields(MappingReader& resource, Definition& definition) {
  FieldSet set;
  const auto add = [&](const std::string& name, const Node& node, std::size_t line) {
    if (find_field_in(set.fields, name) != nullptr) {
      definition.problems.error(line, "field '" + name + "' is described twice",
                                "keep one of them");
      return;
    }
    set.fields.push_back(read_field(name, node, definition, &set));
  };
  const Node* const fields = resource.find("fields");
  const Node* const more = resource.find("more_fields");
  std::size_t count = fields != nullptr ? fields->entries.size() : 0;
  if (more != nullptr) {
    for (const auto& group : more->entries) count += group.value.items.size();
  }
  set.fields.reserve(count);
  if (fields != nullptr) {
    MappingReader shape(*fields, "fields", definition.problems);
    shape.has_own_names();
    for (const auto& entry : fields->entries) {
      add(entry.key, entry.value, entry.line);
    }
  }
  if (more != nullptr) {
    MappingReader shape(*more, "more_fields", definition.problems);
    shape.has_own_names();
    for (const auto& group : more->entries) {
      Node type;
      type.text = group.key;
      type.line = group.line;
      for (const std::string& name :
           scalar_texts(group.value, "more_fields", definition.problems)) {
        add(name, type, group.line);
      }
    }
  }
  for (Field& field : set.fields) {
    const auto known = set.references.find(field.name);
    if (known == set.references.end() || known->second.reference.resource.empty()) continue;
    field.lookup = known->second.reference;
  }
  return set;
}

}  // namespace patchbay::pack
