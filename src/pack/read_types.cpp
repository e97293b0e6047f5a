#include "pack/read_types.h"

#include "base/text.h"
#include "pack/read_arguments.h"
#include "pack/read_fields.h"

namespace patchbay::pack {
namespace {

bool is_mark(FilterOperator op) {
  return op == FilterOperator::as_email || op == FilterOperator::as_phone ||
         op == FilterOperator::as_domain;
}

// "primaryEmail as email": what records are known by beside their names.
void read_known_by(MappingReader& reader, const std::string& what, Reference& reference,
                   Definition& definition) {
  const Node* node = reader.find("known_by");
  if (node == nullptr) return;
  for (const std::string& text : reader.texts("known_by")) {
    const FilterText filter = read_filter_text(text, node->line, what + ": known_by", definition);
    if (!is_mark(filter.op)) {
      definition.problems.error(node->line, what + ": known_by: '" + text + "' says not as what",
                                "write it as in `primaryEmail as email`, or as phone, as domain");
      continue;
    }
    reference.known_by.push_back({filter.field, filter.op});
    definition.later([&definition, resource = reference.resource, filter, what, line = node->line] {
      const Resource* target = definition.integration.find_resource(resource);
      if (target == nullptr) return;
      const Field* field = target->find_field(filter.field);
      if (field != nullptr && field->filterable) return;
      definition.problems.error(line,
                                what + ": known_by: '" + resource + "' has no field '" +
                                    filter.field + "' that can be filtered by",
                                suggest(filter.field, field_paths(target->fields)));
    });
  }
}

void read_reference_type(const std::string& name, const Node& node, Definition& definition) {
  ReferenceType type;
  Field id;
  id.name = "id";
  id.type = FieldType::integer;
  Field label;
  label.name = "name";
  type.children = {id, label};
  if (node.is_scalar() && !node.is_null()) {
    type.reference.resource = node.text;
    type.reference.match = {"name"};
  } else {
    MappingReader reader(node, "reference '" + name + "'", definition.problems);
    type.reference.resource = reader.text("resource");
    type.reference.match = reader.texts("match");
    if (type.reference.match.empty()) type.reference.match = {"name"};
    read_known_by(reader, "reference '" + name + "'", type.reference, definition);
    type.reference.called_by_number = reader.flag("called_by_number", false);
    type.reference.scopes = read_scopes(reader);
    type.reference.search = reader.text("search");
    if (const Node* fields = reader.find("fields"); fields != nullptr && fields->is_mapping()) {
      type.children.clear();
      for (const auto& entry : fields->entries) {
        type.children.push_back(read_field(entry.key, entry.value, definition, nullptr));
      }
    }
  }
  if (!type.reference.resource.empty()) {
    definition.later([&definition, resource = type.reference.resource, match = type.reference.match,
                      name, line = node.line] {
      const Resource* target = definition.integration.find_resource(resource);
      if (target == nullptr || target->find_method("list") == nullptr) {
        std::vector<std::string> known;
        for (const Resource& each : definition.integration.resources) known.push_back(each.name);
        definition.problems.error(
            line,
            "reference '" + name + "': there is no resource '" + resource + "' with a list method",
            suggest(resource, known));
        return;
      }
      for (const std::string& entry : match) {
        for (const std::string_view part : split(entry, ' ')) {
          if (target->find_field(part) != nullptr) continue;
          definition.problems.error(line,
                                    "reference '" + name + "': '" + resource + "' has no field '" +
                                        std::string(part) + "' to match",
                                    suggest(part, field_paths(target->fields)));
        }
      }
    });
  }
  definition.references.emplace(name, std::move(type));
}

}  // namespace

void read_types(MappingReader& reader, Definition& definition) {
  if (const Node* enums = reader.find("enums")) {
    MappingReader shape(*enums, "enums", definition.problems);
    shape.has_own_names();
    for (const auto& entry : enums->entries) {
      definition.enums.emplace(
          entry.key, scalar_texts(entry.value, "enum '" + entry.key + "'", definition.problems));
    }
  }
  if (const Node* references = reader.find("references")) {
    MappingReader shape(*references, "references", definition.problems);
    shape.has_own_names();
    for (const auto& entry : references->entries) {
      read_reference_type(entry.key, entry.value, definition);
    }
  }
}

}  // namespace patchbay::pack
