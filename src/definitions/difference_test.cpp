// What a new version of a definition changes for those who call its tools.
#include "definitions/difference.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::definitions {
namespace {

constexpr std::string_view kAbout = R"(name: acme
base_url: "https://acme.example.com"
auth: {style: none}
)";

constexpr std::string_view kTasks = R"(resource: tasks
tags: [work, daily]
path: /tasks
fields: {id: integer, title: string, state: [open, done], points: integer}
methods:
  list:
    description: Tasks of all projects, newest first, for when you need one.
    query_schema:
      properties:
        state: {type: string, enum: [open, done], description: Where they stand}
        least: {type: integer, minimum: 1, description: Points at least}
  create:
    description: Adds a task to what is to be done by somebody.
    body: [title, points]
    required: [title]
)";

std::shared_ptr<const catalog::ToolCatalog> catalog_of(const std::string& tasks) {
  auto loaded = pack::load_pack(
      {{"acme/integration.yaml", std::string(kAbout)}, {"acme/resources/tasks.yaml", tasks}});
  REQUIRE(loaded.integration);
  return catalog::ToolCatalog::generate(loaded.integration).value();
}

std::string with(std::string_view part, std::string_view other) {
  std::string text(kTasks);
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

Difference between(const std::string& before, const std::string& after) {
  return difference(catalog_of(before).get(), *catalog_of(after));
}

// What is said of the one tool that changed.
ToolChange change_of(std::string_view part, std::string_view other) {
  const Difference found = between(std::string(kTasks), with(part, other));
  CHECK(found.added.empty());
  CHECK(found.removed.empty());
  REQUIRE(found.changed.size() == 1);
  return found.changed.front();
}

bool says(const ToolChange& change, std::string_view words) {
  return std::ranges::any_of(change.what,
                             [&](const std::string& one) { return one.contains(words); });
}

TEST_CASE("The same definition differs in nothing") {
  const Difference none = between(std::string(kTasks), std::string(kTasks));
  CHECK_FALSE(none.any());
  CHECK_FALSE(none.is_breaking());
}

TEST_CASE("Without one before, all is added, and that breaks nothing") {
  const Difference all = difference(nullptr, *catalog_of(std::string(kTasks)));
  CHECK(all.added == std::vector<std::string>{"list_all_acme_tasks", "create_a_acme_task"});
  CHECK_FALSE(all.is_breaking());
}

TEST_CASE("A tool that is gone breaks, one that came does not") {
  const std::string less = std::string(kTasks).substr(0, kTasks.find("  create:"));
  const Difference gone = between(std::string(kTasks), less);
  CHECK(gone.removed == std::vector<std::string>{"create_a_acme_task"});
  CHECK(gone.is_breaking());
  const Difference come = between(less, std::string(kTasks));
  CHECK(come.added == gone.removed);
  CHECK_FALSE(come.is_breaking());
}

TEST_CASE("What refuses a call that was right is breaking, and is said first") {
  const ToolChange required = change_of("required: [title]", "required: [title, points]");
  CHECK(required.is_breaking);
  CHECK(says(required, "'points' must be given now."));
  const ToolChange gone =
      change_of("        least: {type: integer, minimum: 1, description: Points at least}\n", "");
  CHECK(gone.is_breaking);
  CHECK(gone.what.front() == "'least' is not taken any more.");
  const ToolChange fewer =
      change_of("state: {type: string, enum: [open, done]", "state: {type: string, enum: [open]");
  CHECK(fewer.is_breaking);
  CHECK(says(fewer, "no longer takes \"done\""));
  CHECK(change_of("minimum: 1", "minimum: 2").is_breaking);
  CHECK(change_of("least: {type: integer, minimum: 1", "least: {type: string").is_breaking);
}

TEST_CASE("What a client was told and is so no more is breaking") {
  const Difference tags = between(std::string(kTasks), with("tags: [work, daily]", "tags: [work]"));
  REQUIRE(tags.changed.size() == 2);
  CHECK(tags.is_breaking());
  CHECK(says(tags.changed.front(), "It is not tagged daily any more."));
  const ToolChange writes =
      change_of("    query_schema:\n", "    annotations: {read_only: false}\n    query_schema:\n");
  CHECK(writes.is_breaking);
  CHECK(says(writes, "no longer only reads"));
}

TEST_CASE("What takes more than before, or is only told otherwise, is no breaking change") {
  for (const auto& [part, other] : std::initializer_list<std::pair<const char*, const char*>>{
           {"required: [title]", "required: []"},
           {"enum: [open, done], description", "enum: [open, done, old], description"},
           {"minimum: 1", "minimum: 0"},
           {"Tasks of all projects", "All tasks there are"},
           {"Where they stand", "How far they are"},
           {"body: [title, points]", "body: [title, points, state]"}}) {
    const ToolChange change = change_of(part, other);
    CHECK_FALSE(change.is_breaking);
    CHECK_FALSE(change.what.empty());
  }
}

}  // namespace
}  // namespace patchbay::definitions
