// docs/authoring-integrations.md begins with an integration, and has a prompt for it; they must
// load.
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "catalog/tool.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

// The text of the first block that begins with `head`.
std::string block_of(const std::string& text, const std::string& head) {
  const auto begin = text.find("```yaml\n" + head);
  REQUIRE_MESSAGE(begin != std::string::npos, head);
  const auto start = begin + std::string("```yaml\n").size();
  return text.substr(start, text.find("```", start) - start);
}

}  // namespace

TEST_CASE("the first integration of the authoring guide makes the tools that the guide says") {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/docs/authoring-integrations.md");
  REQUIRE(stream.is_open());
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  const LoadOutcome outcome = lint_pack(
      {{"acme/integration.yaml", block_of(text, "# acme/integration.yaml")},
       {"acme/resources/tasks.yaml", block_of(text, "# acme/resources/tasks.yaml")},
       {"acme/prompts/tidy_project.yaml", block_of(text, "# acme/prompts/tidy_project.yaml")},
       {"acme/resources/projects.yaml",
        "resource: projects\ntags: [work]\npath: /projects\nfields: {id: integer, name: string}\n"
        "methods:\n  list: {description: Projects that tasks belong to; tasks take one by name.,\n"
        "    default_fields: [id, name]}\n"}});
  for (const Problem& problem : outcome.problems) {
    FAIL_CHECK(problem.file << ":" << problem.line << ": " << problem.message);
  }
  REQUIRE(outcome.integration != nullptr);
  CHECK(outcome.integration->prompts.size() == 1);
  const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  REQUIRE(catalog.has_value());
  for (const std::string_view name :
       {"list_all_acme_tasks", "get_single_acme_task_by_id", "create_a_acme_task"}) {
    CHECK_MESSAGE((*catalog)->find(name) != nullptr, name);
  }
}

}  // namespace patchbay::pack
