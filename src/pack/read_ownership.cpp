#include "pack/read_ownership.h"

#include <utility>

namespace patchbay::pack {

using integration::Ownership;
using integration::PointsTo;

namespace {

void expect_resource(std::string what, std::string name, std::size_t line, Definition& definition) {
  definition.later([&definition, what = std::move(what), name = std::move(name), line] {
    if (definition.integration.find_resource(name) != nullptr) return;
    std::vector<std::string> known;
    for (const auto& each : definition.integration.resources) known.push_back(each.name);
    definition.problems.error(line, what + ": there is no resource '" + name + "'",
                              suggest(name, known));
  });
}

// The field must be there, and be read.
void expect_field(const Resource& resource, const std::string& path, std::size_t line,
                  Definition& definition) {
  const Field* field = resource.find_field(path);
  if (field != nullptr && field->returned) return;
  definition.problems.error(line, "owned_by: no field '" + path + "' is read",
                            suggest(path, field_paths(resource.fields)));
}

Ownership read_words(const Node& node, const Resource& resource, Definition& definition) {
  using enum Ownership::Kind;
  if (node.is_scalar()) {
    if (node.text == "nobody") return {.kind = nobody};
    if (node.text == "parent") return {.kind = parent};
    expect_field(resource, node.text, node.line, definition);
    return {.kind = field, .field = node.text};
  }
  MappingReader reader(node, "owned_by", definition.problems);
  if (reader.find("several") != nullptr) {
    return {.kind = several, .reason = reader.text("several")};
  }
  const auto repeated = reader.required_text("parent", "contract_id");
  if (!repeated.empty()) expect_field(resource, repeated, node.line, definition);
  return {.kind = parent, .field = repeated};
}

PointsTo read_pointer(const std::string& name, const Node& node, Definition& definition) {
  if (node.is_scalar()) {
    // What all owners share, and the definition has no resource of.
    if (node.text != "nobody") {
      expect_resource("points_to '" + name + "'", node.text, node.line, definition);
    }
    return {.resource = node.text};
  }
  MappingReader reader(node, "points_to '" + name + "'", definition.problems);
  PointsTo pointer{.by = reader.required_text("by", "kind")};
  for (auto& [value, resource] : reader.text_map("resources")) {
    expect_resource("points_to '" + name + "'", resource, node.line, definition);
    pointer.resources.emplace(value, resource);
  }
  return pointer;
}

}  // namespace

void read_owners(const Node& node, Definition& definition) {
  MappingReader reader(node, "owners", definition.problems);
  auto& owners = definition.integration.owners;
  owners.argument = reader.required_text("argument", "ownerId");
  owners.resource = reader.required_text("resource", "owners");
  expect_resource("owners", owners.resource, node.line, definition);
}

void read_ownership(MappingReader& reader, Resource& resource, Definition& definition) {
  if (const Node* node = reader.find("owned_by")) {
    resource.owned_by = read_words(*node, resource, definition);
  }
  if (const Node* node = reader.find("points_to")) {
    MappingReader pointers(*node, "points_to", definition.problems);
    for (const auto& entry : node->entries) {
      pointers.find(entry.key);
      resource.points_to.emplace(entry.key, read_pointer(entry.key, entry.value, definition));
    }
  }
}

}  // namespace patchbay::pack
