// What integration.yaml says of records and requests of whatever resource.
#include <doctest/doctest.h>

#include "pack/loader.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kThings = R"(resource: things
path: /things
fields: {id: integer, name: string, firstName: string, lastName: string, retired: boolean, gone: boolean}
methods:
  list: Things of all groups, newest first, for when you need one.
)";

LoadOutcome load(std::string_view more, std::string_view things = kThings) {
  return load_pack({{"acme/integration.yaml",
                     "name: acme\nbase_url: https://acme.example\n" + std::string(more)},
                    {"acme/resources/things.yaml", std::string(things)}});
}

std::shared_ptr<const integration::Integration> read(std::string_view more,
                                                     std::string_view things = kThings) {
  const LoadOutcome outcome = load(more, things);
  for (const Problem& problem : outcome.problems) MESSAGE(problem.line << ": " << problem.message);
  REQUIRE(outcome.integration != nullptr);
  return outcome.integration;
}

// "line: message" of each problem.
std::string problems_of(std::string_view more, std::string_view things = kThings) {
  std::string out;
  for (const Problem& problem : load(more, things).problems) {
    out += std::to_string(problem.line) + ": " + problem.message + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("what a record is called by, and what says that it is out of use") {
  CHECK(read("")->label_fields == std::vector<std::string>{"name"});
  CHECK(read("label_fields: [firstName lastName, name]\n")->label_fields ==
        std::vector<std::string>{"firstName lastName", "name"});
  CHECK(problems_of("label_fields: [nmae]\n") == "3: label_fields: no record has a field 'nmae'\n");
  CHECK(problems_of("label_fields: []\n") == "3: label_fields names no field\n");

  CHECK(read("")->find_resource("things")->inactive_field.empty());
  CHECK(read("inactive_fields: [retired, gone]\n")->find_resource("things")->inactive_field ==
        "retired");
  const std::string own = std::string(kThings) + "inactive_field: gone\n";
  CHECK(read("inactive_fields: [retired]\n", own)->find_resource("things")->inactive_field ==
        "gone");
  CHECK(problems_of("", std::string(kThings) + "inactive_field: name\n") ==
        "6: inactive_field: 'name' is no boolean that is read\n");
  CHECK(problems_of("inactive_fields: [asleep]\n") ==
        "3: inactive_fields: no record has a field 'asleep'\n");
}

TEST_CASE("how long a query may be") {
  CHECK(read("")->max_query_bytes == 7'000);
  CHECK(read("max_query_bytes: 14000\n")->max_query_bytes == 14'000);
  CHECK(problems_of("max_query_bytes: 12\n") == "3: max_query_bytes must be 1000 to 1000000\n");
}

TEST_CASE("shaping begins with nothing, and needs the member that holds facts") {
  CHECK(read("")->shape.info_name.empty());
  CHECK(read("")->shape.reference_kept.empty());
  CHECK(problems_of("shape: {reference_kept: [id, name]}\n") ==
        "3: shape: 'reference_kept' without 'info_name'\n");
  CHECK(read("shape: {info_name: meta, reference_kept: [id]}\n")->shape.reference_kept ==
        std::vector<std::string>{"id"});
}

TEST_CASE("lines for the model name arguments and tools that there are") {
  const auto integration = read("instructions: [\"Ask {things.list} with {limit}.\"]\n");
  REQUIRE(integration->instructions.size() == 1);
  const auto& parts = integration->instructions[0].parts;
  REQUIRE(parts.size() == 5);
  CHECK(parts[1].kind == integration::PromptPart::Kind::tool);
  CHECK(parts[3].kind == integration::PromptPart::Kind::argument);
  CHECK(problems_of("instructions: [\"Give {bored}.\"]\n") ==
        "3: instructions: {bored} is an argument of no tool\n");
  CHECK(problems_of("instructions: [\"See {things.lsit}.\"]\n") ==
        "3: there is no method {things.lsit}\n");
  CHECK(problems_of("instructions: Be kind.\n") ==
        "3: instructions must be a list of at most 20 lines\n");
}

TEST_CASE("a list's limit is no more than the API gives at once") {
  const auto limit_of = [](std::string_view pagination) {
    const auto integration = read(pagination);
    const auto* list = integration->find_resource("things")->find_method("list");
    for (const auto& argument : list->arguments) {
      if (argument.name == "limit") return argument.schema;
    }
    return json::Value();
  };
  CHECK(limit_of("").int64_or("maximum", 0) == 1'000);
  const auto small = limit_of("pagination: {style: page, max_size: 10}\n");
  CHECK(small.int64_or("maximum", 0) == 10);
  CHECK(small.int64_or("default", 0) == 10);
}

}  // namespace patchbay::pack
