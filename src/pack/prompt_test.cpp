#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kIntegration = R"(name: acme
base_url: "{site}/api"
credentials:
  - {name: site}
pagination: {style: page, fields_parameter: fields}
)";

constexpr std::string_view kGroups = R"(resource: groups
path: /groups
fields: {id: integer, name: string}
methods:
  list:
    description: Groups of things, which things belong to.
    default_fields: [id, name]
)";

LoadOutcome load_with(std::string_view prompt) {
  return load_pack({{"acme/integration.yaml", std::string(kIntegration)},
                    {"acme/resources/groups.yaml", std::string(kGroups)},
                    {"acme/prompts/tidy.yaml", std::string(prompt)}});
}

// The first problem: "line: message".
std::string problem_of(std::string_view prompt) {
  const LoadOutcome outcome = load_with(prompt);
  if (outcome.problems.empty()) return "";
  const Problem& problem = outcome.problems.front();
  return problem.file + ":" + std::to_string(problem.line) + ": " + problem.message;
}

}  // namespace

TEST_CASE("a prompt's text is cut into what stands there, arguments and tools") {
  const LoadOutcome outcome = load_with(R"(prompt: tidy
description: Tidies a group.
arguments:
  group: {description: Which group, required: true, complete: groups}
  since: {description: How far back, default: today}
text: "Use {groups.list} for {group} since {since}."
)");
  REQUIRE_MESSAGE(outcome.integration != nullptr, outcome.problems.front().message);
  REQUIRE(outcome.integration->prompts.size() == 1);
  const integration::Prompt& prompt = outcome.integration->prompts[0];
  CHECK(prompt.title == "Tidy");
  REQUIRE(prompt.arguments.size() == 2);
  CHECK(prompt.arguments[0].completes == "groups");
  CHECK(prompt.arguments[1].fallback == "today");
  REQUIRE(prompt.parts.size() == 7);
  CHECK(prompt.parts[0].text == "Use ");
  CHECK(prompt.parts[1].kind == integration::PromptPart::Kind::tool);
  CHECK(prompt.parts[1].text == "groups");
  CHECK(prompt.parts[1].method == "list");
  CHECK(prompt.parts[3].kind == integration::PromptPart::Kind::argument);
  CHECK(prompt.parts[6].text == ".");
}

TEST_CASE("what is wrong with a prompt is told with its place") {
  const std::string head = "prompt: tidy\ndescription: Tidies.\n";
  CHECK(problem_of(head + "text: Use {nope}.\n") ==
        "acme/prompts/tidy.yaml:3: {nope} is no argument of this prompt");
  CHECK(problem_of(head + "text: Use {groups.delete}.\n") ==
        "acme/prompts/tidy.yaml:3: there is no method {groups.delete}");
  CHECK(problem_of(head + "text: Use {nowhere.list}.\n") ==
        "acme/prompts/tidy.yaml:3: there is no method {nowhere.list}");
  CHECK(problem_of(head).find("has no text") != std::string::npos);
  CHECK(problem_of(head + "arguments:\n  a: {description: x}\ntext: \"{a}\"\n") ==
        "acme/prompts/tidy.yaml:4: argument 'a' is neither required nor defaulted");
  CHECK(problem_of(
            head +
            "arguments:\n  a: {description: x, required: true, complete: nope}\ntext: \"{a}\"\n")
            .find("there is no resource 'nope'") != std::string::npos);
  CHECK(problem_of("prompt: other\ndescription: Tidies.\ntext: x\n").find("stands in tidy.yaml") !=
        std::string::npos);
}

}  // namespace patchbay::pack
