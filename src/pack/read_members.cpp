#include "pack/read_members.h"

#include <algorithm>
#include <utility>

namespace patchbay::pack {
namespace {

void expect_fields(const integration::Members& members, std::size_t line, Definition& definition) {
  definition.later([&definition, members, line] {
    const Resource* const resource = definition.integration.find_resource(members.resource);
    if (resource == nullptr) {
      definition.problems.error(line, "members: there is no resource '" + members.resource + "'",
                                "name the one whose records are people");
      return;
    }
    std::vector<std::string> wanted = members.name;
    wanted.push_back(members.login);
    for (const std::string& name : wanted) {
      if (resource->find_field(name) != nullptr) continue;
      definition.problems.error(line, "members: no field '" + name + "'",
                                suggest(name, field_paths(resource->fields)));
    }
  });
}

}  // namespace

void read_members(const Node& node, Definition& definition) {
  MappingReader reader(node, "members", definition.problems);
  integration::Members& members = definition.integration.members;
  members.resource = reader.required_text("resource", "members");
  members.login = reader.required_text("login", "user_name");
  members.name = reader.texts("name");
  const integration::PathTemplate whose = reader.path("whose_keys");
  members.whose_keys = whose.text();
  if (!whose.names().empty()) {
    definition.problems.error(reader.find("whose_keys")->line, "members: whose_keys names a record",
                              "write the path of what tells who signs in");
  }
  reader.required_text("one", "\"/members/{member}\"");
  members.one = reader.path("one");
  if (members.one.names().size() != 1) {
    definition.problems.error(node.line, "members: one has no place for the member",
                              "write one placeholder, as in /members/{member}");
  }
  expect_fields(members, node.line, definition);
}

void check_personal(const Node& root, Definition& definition) {
  const Integration& integration = definition.integration;
  const Node* const node = root.find("credentials");
  for (const CredentialField& field : integration.credentials) {
    if (!field.personal || node == nullptr) continue;
    if (integration.members.resource.empty()) {
      definition.problems.error(node->line, "credential '" + field.name + "' is nobody's",
                                "say who signs in, with `members:`, or leave `personal` out");
    }
    if (integration.auth.style == integration::AuthStyle::oauth2_authorization_code) {
      definition.problems.error(
          node->line, "credential '" + field.name + "' is personal, and a person signs in already",
          "leave `personal` out: whose the account is was said when it was signed in");
    }
    if (integration.base_url.contains('{' + field.name + '}')) {
      definition.problems.error(
          node->line, "credential '" + field.name + "' is personal and stands in base_url",
          "an account has one address, whoever signs in: leave `personal` out");
    }
  }
}

void read_author(MappingReader& reader, Method& method, Definition& definition) {
  method.author = reader.text("author");
  if (method.author.empty()) return;
  const auto argument = std::ranges::find(method.arguments, method.author, &Argument::name);
  const bool names_one = argument != method.arguments.end() &&
                         argument->place == ArgumentPlace::body && argument->reference &&
                         argument->type != FieldType::array;
  if (names_one && argument->reference->resource == definition.integration.members.resource) return;
  definition.problems.error(reader.find("author")->line,
                            reader.what() + ": author: '" + method.author +
                                "' is no argument of its body that names a member",
                            "name the one that says whose doing it is");
}

}  // namespace patchbay::pack
