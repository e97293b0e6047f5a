// Filters that compare a text with what records kept elsewhere have: whose text it is.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

LoadOutcome load(const std::string& filter) {
  return load_pack(
      {{"acme/integration.yaml",
        "name: acme\nbase_url: https://acme.example\n"
        "pagination: {filter_parameter: conditions}\n"
        "dialects: {filter: connectwise_conditions}\n"
        "references:\n  person: {resource: people, match: [login, first last]}\n"
        "  order: {fields: {id: integer}}\n"},
       {"acme/resources/people.yaml",
        "resource: people\ntags: [work]\npath: /people\nfields:\n  id: integer\n  login: string\n"
        "  first: string\n  last: string\nmethods:\n  list: People of the firm, by their login.\n"},
       {"acme/resources/notes.yaml",
        "resource: notes\ntags: [work]\npath: /notes\nfields:\n  id: integer\n  author: string\n"
        "  due: date_time\n  owner: person\nmethods:\n  list:\n    description: Notes of all "
        "people.\n"
        "    filters:\n      wanted: {filter: " +
            filter + "}\n"}});
}

std::string told(const LoadOutcome& outcome) {
  std::string out;
  for (const auto& problem : outcome.problems) out += problem.message + " -> " + problem.fix + '\n';
  return out;
}

}  // namespace

TEST_CASE("names: the records whose text a filter compares, and which of their texts it is") {
  const auto argument_of = [](const std::string& filter) {
    const auto outcome = load(filter);
    REQUIRE_MESSAGE(outcome.integration != nullptr, told(outcome));
    const auto* list = outcome.integration->find_resource("notes")->find_method("list");
    const auto found = std::ranges::find(list->arguments, "wanted", &integration::Argument::name);
    REQUIRE(found != list->arguments.end());
    return *found;
  };
  const auto whole = argument_of("author, names: person");
  CHECK(whole.compares == "login");
  REQUIRE(whole.reference.has_value());
  CHECK(whole.reference->resource == "people");
  // Its schema takes what a reference's does.
  const auto as_reference = argument_of("owner");
  CHECK(json::to_string(whole.schema) == json::to_string(as_reference.schema));
  CHECK(as_reference.compares.empty());
  CHECK(argument_of("author contains, names: person/login").compares == "login");
  CHECK_FALSE(argument_of("author").reference.has_value());
}

TEST_CASE("names: what cannot be looked up or compared is told where it stands") {
  CHECK(told(load("author, names: persn"))
            .contains("names: 'persn' is no reference whose records can be listed -> did you mean "
                      "person"));
  CHECK(told(load("author, names: order"))
            .contains("names: 'order' is no reference whose records can be listed"));
  CHECK(told(load("author, names: person/first"))
            .contains("names: 'person' is not matched by 'first' alone"));
  for (const char* op : {"in", "!=", "as email", "is null"}) {
    CHECK(told(load("author " + std::string(op) + ", names: person"))
              .contains("names: says something of a filter that compares a text by = or contains"));
  }
  CHECK(told(load("due, names: person"))
            .contains("names: says something of a filter that compares a text"));
  CHECK(told(load("owner, names: person"))
            .contains("names: says something of a filter that compares a text"));
}

}  // namespace patchbay::pack
