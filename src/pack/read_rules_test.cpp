// What definitions say of arguments together, and of those that are not taken: what is accepted has
// a meaning, and the rest is told where it stands.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "json/write.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

LoadOutcome load(const std::string& methods, const std::string& integration = {}) {
  return load_pack(
      {{"acme/integration.yaml", "name: acme\nbase_url: https://acme.example\n" + integration},
       {"acme/resources/notes.yaml",
        "resource: notes\npath: /notes\nfields:\n  id: integer\n  text: string\n"
        "  author: string\n  due: date_time\n  internal: boolean\n  public: boolean\n"
        "  size: {type: number, zero: true}\nmethods:\n" +
            methods}});
}

std::string told(const LoadOutcome& outcome) {
  std::string out;
  for (const auto& problem : outcome.problems) out += problem.message + " -> " + problem.fix + '\n';
  return out;
}

const integration::Method& method_of(const LoadOutcome& outcome, std::string_view name) {
  REQUIRE_MESSAGE(outcome.integration != nullptr, told(outcome));
  const auto* method = outcome.integration->find_resource("notes")->find_method(name);
  REQUIRE(method != nullptr);
  return *method;
}

}  // namespace

TEST_CASE("clear makes one argument of an update, whose schema lists what can be emptied") {
  const auto outcome = load(
      "  update:\n    description: Changes a note.\n    body: [text, author, due]\n"
      "    clear: [author, due]\n");
  const auto& method = method_of(outcome, "update");
  CHECK(method.clearable == std::vector<std::string>{"author", "due"});
  const auto clear = std::ranges::find(method.arguments, "clear", &integration::Argument::name);
  REQUIRE(clear != method.arguments.end());
  CHECK(json::to_string(clear->schema) ==
        R"({"type":"array","items":{"type":"string","enum":["author","due"]}})");

  CHECK(told(load("  update:\n    description: Changes a note.\n    body: [text]\n"
                  "    clear: [texts, id]\n"))
            .contains("clear: 'texts' is no field of its body -> did you mean text"));
  CHECK(
      told(load("  create:\n    description: Adds a note.\n    body: [text]\n    clear: [text]\n"))
          .contains("says something to an update only"));
}

TEST_CASE("one_of names arguments, and is told in the description") {
  const auto outcome = load(
      "  create:\n    description: Adds a note.\n    body: [text, internal, public]\n"
      "    one_of: [internal, public]\n");
  CHECK(method_of(outcome, "create").description == "Adds a note. Needs internal or public.");
  CHECK(told(load("  create:\n    description: Adds a note.\n    body: [text, internal]\n"
                  "    one_of: [internal, publik]\n"))
            .contains("one_of: 'publik' is no argument"));
  CHECK(told(load("  create:\n    description: Adds a note.\n    body: [text, internal]\n"
                  "    one_of: [internal]\n"))
            .contains("needs two arguments or more"));
}

TEST_CASE("instead_of is said by the nearest place, to methods that it is true of") {
  const auto outcome = load(
      "  create:\n    description: Adds a note.\n    body: [text, internal]\n"
      "    instead_of: {body: \"give {text}\"}\n"
      "  update:\n    description: Changes a note.\n    body: [author]\n",
      "instead_of: {\"body, note\": \"{notes.create} takes it\", page: \"pages go by "
      "{internal}\"}\n");
  const auto& create = method_of(outcome, "create");
  CHECK(create.instead_of.at("body") == "give text");
  CHECK(create.instead_of.at("note") == "create_a_acme_note takes it");
  CHECK(create.instead_of.at("page") == "pages go by internal");
  const auto& update = method_of(outcome, "update");
  CHECK(update.instead_of.at("body") == "create_a_acme_note takes it");
  CHECK_FALSE(update.instead_of.contains("page"));

  // What would never be said, and what names nothing.
  CHECK(told(load("  create:\n    description: Adds a note.\n    body: [text]\n"
                  "    instead_of: {text: \"give it\"}\n"))
            .contains("'text' is said to no method"));
  CHECK(told(load("  create:\n    description: Adds a note.\n    body: [text]\n",
                  "instead_of: {page: \"{notes.find}\"}\n"))
            .contains("there is no method {notes.find}"));
}

TEST_CASE("zero is said of numbers, and empty of texts") {
  const auto outcome = load("  create:\n    description: Adds a note.\n    body: [text, size]\n");
  const auto& create = method_of(outcome, "create");
  CHECK_FALSE(create.arguments[0].zero_is_value);
  CHECK(create.arguments[1].zero_is_value);
  const auto wrong = load_pack(
      {{"acme/integration.yaml", "name: acme\nbase_url: https://acme.example\n"},
       {"acme/resources/notes.yaml",
        "resource: notes\npath: /notes\nfields: {id: integer, text: {type: string, zero: true}, "
        "size: {type: number, empty: true}}\nmethods:\n  get: One note by its id.\n"}});
  CHECK(told(wrong).contains("says something of a number only"));
  CHECK(told(wrong).contains("says something of a text only"));
}

}  // namespace patchbay::pack
