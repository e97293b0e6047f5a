// Which writes take many records, and which bring others along, is checked where it is said.
#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

LoadOutcome loaded(const std::string& create, const std::string& get = "") {
  return load_pack({{"acme/integration.yaml", "name: acme\nbase_url: \"https://acme.example\"\n"},
                    {"acme/resources/tasks.yaml",
                     "resource: tasks\npath: /tasks\n"
                     "fields: {id: integer, name: string, parent: integer}\n"
                     "methods:\n"
                     "  get:\n    description: A task of one of our people.\n" +
                         get +
                         "  create:\n    description: Adds a task for one of our people.\n"
                         "    body: [name, parent]\n" +
                         create}});
}

std::string problems_of(const std::string& create, const std::string& get = "") {
  std::string told;
  for (const Problem& problem : loaded(create, get).problems) told += problem.message + '\n';
  return told;
}

}  // namespace

TEST_CASE("many: what says of which records a call is may be no argument") {
  CHECK(problems_of("    many: true\n") == "");
  CHECK(problems_of("    many: true\n    parameters: {filter: string}\n")
            .contains("says of which records"));
  CHECK(problems_of("", "    many: true\n").contains("only a create or an update"));
}

TEST_CASE("nested: each list says what makes it, and is nobody else's argument") {
  CHECK(problems_of("    nested: {parts: {create: tasks, as: parent}}\n") == "");
  CHECK(
      problems_of("    nested: {parts: {create: tasks}}\n").contains("does not say what makes it"));
  CHECK(problems_of("    nested: {name: {create: tasks, as: parent}}\n")
            .contains("is an argument too"));
  CHECK(problems_of("", "    nested: {parts: {create: tasks, as: parent}}\n")
            .contains("only what is created"));
}

TEST_CASE("nested: what makes it must be a tool that takes what they belong to") {
  const auto made = [](const std::string& create) {
    return catalog::ToolCatalog::generate(loaded(create).integration);
  };
  const auto good = made("    nested: {parts: {create: tasks, as: parent}}\n");
  REQUIRE(good.has_value());
  const auto* tool = (*good)->find("create_a_acme_task");
  if (tool == nullptr) tool = (*good)->find("create_an_acme_task");
  REQUIRE(tool != nullptr);
  CHECK(tool->nested == std::vector<const catalog::Tool*>{tool});
  CHECK_FALSE(made("    nested: {parts: {create: things, as: parent}}\n").has_value());
  CHECK_FALSE(made("    nested: {parts: {create: tasks, as: owner}}\n").has_value());
}

}  // namespace patchbay::pack
