// What is marked as personal, and what follows from it.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

using integration::Personal;

constexpr std::string_view kIntegration =
    "name: acme\nbase_url: \"https://{site}\"\ncredentials: [{name: site}]\n"
    "pagination: {style: none}\nprobe: {path: /me}\n";
constexpr std::string_view kPeople =
    "resource: people\ntags: [all]\npath: /people\n"
    "fields:\n  id: integer\n  name: {type: string, personal: true}\n  team: string\n"
    "  homeAddress: {type: object, personal: true, fields: {street: string}}\n"
    "  mailbox: {type: string, personal: false}\n"
    "methods:\n  list: Lists the people of this place, all of them at once.\n"
    "  create: {description: Adds one of them., body: [name, team, homeAddress, mailbox]}\n";
constexpr std::string_view kTasks =
    "resource: tasks\ntags: [all]\npath: /tasks\n"
    "fields:\n  id: integer\n  title: string\n  owner: person\n"
    "methods:\n  create: {description: Adds a task for one of them., body: [title, owner]}\n"
    "  tag:\n    description: Marks a task with a word and whom to tell.\n    verb: post\n"
    "    path: /tasks/{id}/tag\n"
    "    body_schema: {properties: {word: {type: string}, tell: {type: string, format: email},"
    " nick: {type: string}}}\n";

LoadOutcome load(std::string more) {
  return lint_pack({{"acme/integration.yaml", std::string(kIntegration) + std::move(more)},
                    {"acme/resources/people.yaml", std::string(kPeople)},
                    {"acme/resources/tasks.yaml", std::string(kTasks)}});
}

Personal of(const LoadOutcome& outcome, std::string_view resource, std::string_view method,
            std::string_view argument) {
  REQUIRE(outcome.integration != nullptr);
  const auto& arguments =
      outcome.integration->find_resource(resource)->find_method(method)->arguments;
  const auto found = std::ranges::find(arguments, argument, &integration::Argument::name);
  REQUIRE(found != arguments.end());
  return found->personal;
}

constexpr const char* kNamed = "personal_fields: [nick]\nreferences: {person: people}\n";

}  // namespace

TEST_CASE("an argument is personal by its field, and a reference by what names its records") {
  const auto outcome = load(kNamed);
  for (const Problem& problem : outcome.problems) {
    if (!problem.warning) FAIL_CHECK(problem.message);
  }
  CHECK(of(outcome, "people", "create", "name") == Personal::all);
  CHECK(of(outcome, "people", "create", "homeAddress") == Personal::all);
  CHECK(of(outcome, "people", "create", "team") == Personal::nothing);
  CHECK(of(outcome, "people", "create", "mailbox") == Personal::nothing);
  CHECK(of(outcome, "tasks", "create", "owner") == Personal::texts);
  CHECK(of(outcome, "tasks", "create", "title") == Personal::nothing);
  // Of schemas: by their format, or by name.
  CHECK(of(outcome, "tasks", "tag", "tell") == Personal::all);
  CHECK(of(outcome, "tasks", "tag", "nick") == Personal::all);
  CHECK(of(outcome, "tasks", "tag", "word") == Personal::nothing);
  CHECK(outcome.integration->tells_personal);
  const auto& fields = outcome.integration->find_resource("tasks")->fields;
  CHECK(integration::is_personal(fields, "owner/name"));
  CHECK_FALSE(integration::is_personal(fields, "owner/id"));
  CHECK(integration::is_personal(outcome.integration->find_resource("people")->fields,
                                 "homeAddress/street"));
}

TEST_CASE("a name that nothing has is refused, and saying nothing is told by the definition") {
  const auto refused = load("personal_fields: [nikc]\nreferences: {person: people}\n");
  CHECK(std::ranges::any_of(refused.problems, [](const Problem& problem) {
    return !problem.warning && problem.message.contains("'nikc'");
  }));
  CHECK_FALSE(load("references: {person: people}\n").integration->tells_personal);
}

TEST_CASE("lint asks about fields that look as if they were about people") {
  const auto asked = [](std::string field) {
    const auto outcome = lint_pack(
        {{"acme/integration.yaml", std::string(kIntegration)},
         {"acme/resources/things.yaml",
          "resource: things\ntags: [all]\npath: /things\nfields: {id: integer, " +
              std::move(field) +
              "}\nmethods:\n  list: Lists the things of this place, all of them at once.\n"}});
    return std::ranges::any_of(outcome.problems, [](const Problem& problem) {
      return problem.message.contains("about people");
    });
  };
  CHECK(asked("contactEmail: string"));
  CHECK(asked("phone_number: string"));
  CHECK_FALSE(asked("emailFlag: boolean"));
  CHECK_FALSE(asked("iphoneXref: string"));
  CHECK_FALSE(asked("phone: {type: string, personal: false}"));
  CHECK_FALSE(asked("phone: {type: string, personal: true}"));
}

}  // namespace patchbay::pack
