// resources/<name>.yaml: one resource with its fields and methods.
#include "pack/read_resource.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/read_fields.h"
#include "pack/read_guards.h"
#include "pack/read_method.h"
#include "pack/read_ownership.h"
#include "pack/read_rules.h"

namespace patchbay::pack {
namespace {

void check_name(const Resource& resource, const Node& root, const std::string& file_name,
                Definition& definition) {
  if (resource.name.empty()) return;
  if (!integration::is_snake_name(resource.name)) {
    definition.problems.error(root.line, "resource '" + resource.name + "' is no snake_case name",
                              "use a-z, 0-9 and single _");
  }
  if (resource.name != file_name) {
    definition.problems.error(root.line,
                              "resource '" + resource.name + "' stands in " + file_name + ".yaml",
                              "name the file " + resource.name + ".yaml");
  }
}

void read_sibling(MappingReader& reader, Resource& resource, Definition& definition) {
  resource.sibling = reader.text("sibling");
  if (resource.sibling.empty()) return;
  const std::size_t line = reader.find("sibling")->line;
  definition.later([&definition, line, name = resource.sibling] {
    if (definition.integration.find_resource(name) != nullptr) return;
    std::vector<std::string> known;
    for (const auto& each : definition.integration.resources) known.push_back(each.name);
    definition.problems.error(line, "sibling: there is no resource '" + name + "'",
                              suggest(name, known));
  });
}

// "cancelledFlag", "not activeFlag", "endDate": the field's type says how it tells.
std::optional<OutOfUse> read_sign(std::string_view text, const Resource& resource) {
  const bool inverted = text.starts_with(kNot) && text.substr(kNot.size()).starts_with(' ');
  if (inverted) text = trim(text.substr(kNot.size()));
  const auto found = std::ranges::find(resource.fields, text, &Field::name);
  if (found == resource.fields.end() || !found->returned) return std::nullopt;
  using enum OutOfUse::Sign;
  if (found->type == FieldType::boolean) {
    return OutOfUse{found->name, inverted ? is_false : is_true};
  }
  if (inverted) return std::nullopt;
  if (found->type == FieldType::date) return OutOfUse{found->name, day_is_over};
  if (found->type == FieldType::date_time) return OutOfUse{found->name, is_past};
  return std::nullopt;
}

// What says that a record is out of use: the resource's own words, else the integration's.
void read_out_of_use(MappingReader& reader, Resource& resource, Definition& definition) {
  const Node* own = reader.find("out_of_use");
  for (const auto& text : own != nullptr ? reader.texts("out_of_use") : definition.out_of_use) {
    if (auto sign = read_sign(text, resource)) {
      resource.out_of_use.push_back(std::move(*sign));
    } else if (own != nullptr) {
      definition.problems.error(own->line,
                                "out_of_use: '" + text + "' is no boolean or time that is read",
                                suggest(text, field_paths(resource.fields)));
    }
  }
}

// Standard methods come in the order that a reader expects, custom ones by name.
void sort_methods(std::vector<Method>& methods) {
  const auto goes_before = [](const Method& a, const Method& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.name < b.name;
  };
  // Mostly they do. A method is large, and sorting moves some that stand right.
  if (!std::ranges::is_sorted(methods, goes_before)) std::ranges::sort(methods, goes_before);
}

}  // namespace

void read_resource(const Node& root, const std::string& file_name, Definition& definition) {
  MappingReader reader(root, "resource", definition.problems);
  Resource resource;
  resource.name = reader.required_text("resource", file_name);
  resource.singular = reader.text("singular", integration::singular(resource.name));
  resource.label = reader.text("label", integration::label_of(resource.name));
  resource.description = reader.text("description");
  resource.tags = reader.texts("tags");
  reader.required_text("path", "/module/" + file_name);
  resource.path = reader.path("path");
  read_sibling(reader, resource, definition);
  check_name(resource, root, file_name, definition);
  for (const std::string& tag : resource.tags) {
    if (!integration::is_snake_name(tag)) {
      definition.problems.error(root.line, "tag '" + tag + "' is no snake_case name",
                                "use a-z, 0-9 and _");
    }
  }

  read_instead_of(reader, resource.name, "", definition);
  FieldSet fields = read_fields(reader, definition);
  resource.fields = fields.fields;
  read_out_of_use(reader, resource, definition);
  read_dependents(reader, resource, definition);
  read_ownership(reader, resource, definition);
  const Node* parameters = reader.find("parameters");
  const Node* methods = reader.find("methods");
  if (methods == nullptr || methods->entries.empty()) {
    definition.problems.error(root.line, "resource '" + resource.name + "' has no methods",
                              "add `methods:` with list, get, create, update or delete");
  } else {
    resource.methods.reserve(methods->entries.size());
    for (const auto& entry : methods->entries) {
      definition.method_lines[resource.name + "." + entry.key] = entry.line;
      resource.methods.push_back(
          read_method(entry.key, entry.value, resource, fields, parameters, definition));
    }
  }
  sort_methods(resource.methods);

  if (definition.integration.find_resource(resource.name) != nullptr) {
    definition.problems.error(root.line,
                              "resource '" + resource.name + "' is described in two files",
                              "keep one of them");
    return;
  }
  definition.integration.resources.push_back(std::move(resource));
}

}  // namespace patchbay::pack
