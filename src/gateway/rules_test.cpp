// What definitions say of arguments together: clear, one_of, instead_of, zero and empty, in a small
// pack; and what is told of arguments in the shipped one.
#include <memory>
#include <string>

#include "gateway/test_words.h"

namespace patchbay::gateway {
namespace {

Tools acme_tools(const std::string& methods) {
  const auto loaded = pack::load_pack(
      AcmePack{.integration =
                   "dialects: {filter: connectwise_conditions, update: merge}\n"
                   "pagination: {style: page, filter_parameter: conditions, size_parameter: size}\n"
                   "instead_of: {page: \"pages go by {next_cursor}\"}\n",
               .value = "{type: number, zero: true}",
               .methods = methods}
          .files());
  for (const auto& problem : loaded.problems) MESSAGE(problem.message);
  REQUIRE(loaded.integration != nullptr);
  return catalog::ToolCatalog::generate(loaded.integration).value();
}

constexpr const char* kMethods =
    "  list:\n"
    "    description: Tasks of all people, newest first.\n"
    "    filters: {value: value, size: size, title: title, finished: done is null, taskId: id}\n"
    "  get: One task with all of its fields, by its id.\n"
    "  create:\n"
    "    description: Adds a task.\n"
    "    body: [title, text, fileName, value, size]\n"
    "    required: [title]\n"
    "    one_of: [text, fileName]\n"
    "    instead_of: {\"attachment, file\": \"{tasks.update} takes it\"}\n"
    "  update:\n"
    "    description: Changes a task.\n"
    "    body: [title, text, due, value, size]\n"
    "    clear: [text, due]\n";

// What the upstream got of the call; what the caller was told where it got nothing.
std::string said(const std::string& tool, const std::string& arguments) {
  AcmeWorld world(acme_tools(kMethods),
                  always(tool == kListTasks ? R"([{"id":7}])" : R"({"id":7})"));
  const auto outcome = world.call(tool, arguments);
  if (outcome.result.is_error) {
    CHECK(world.upstream.seen().empty());
    return outcome.error();
  }
  const auto seen = world.last_seen();
  const auto conditions = seen.query.find("conditions");
  return seen.body + (conditions != seen.query.end() ? conditions->second : "");
}

}  // namespace

TEST_CASE("an update empties what clear names, and nothing that is null") {
  CHECK(said(kUpdateTask, R"({"id":7,"title":"x","text":null,"due":null,"clear":null})") ==
        R"({"title":"x"})");
  CHECK(said(kUpdateTask, R"({"id":7,"clear":["text"]})") == R"({"text":null})");
  CHECK(said(kUpdateTask, R"({"id":7,"clear":"text, due"})") == R"({"text":null,"due":null})");
  CHECK(said(kUpdateTask, R"({"id":7,"clear":"[\"due\"]","text":null})") == R"({"due":null})");
  CHECK(said(kUpdateTask, R"({"id":7,"clear":["DUE"],"title":"x"})") ==
        R"({"title":"x","due":null})");
}

TEST_CASE("what cannot be cleared is told with what can, and nothing is sent") {
  CHECK(said(kUpdateTask, R"({"id":7,"clear":["title"]})")
            .contains("clear: 'title' cannot be cleared; what can be: text, due"));
  CHECK(said(kUpdateTask, R"({"id":7,"clear":["texts"]})").contains("did you mean text?"));
  CHECK(said(kUpdateTask, R"({"id":7,"clear":["text"],"text":"new"})")
            .contains("text: is given a value, and cleared"));
  CHECK(said(kUpdateTask, R"({"id":7,"clear":7})").contains("clear: must be a list of names"));
  CHECK(said(kUpdateTask, R"({"id":7,"clear":[7]})").contains("clear: must be a list of names"));
  CHECK(said(kUpdateTask, R"({"id":7,"clear":[]})").contains("or name one to empty in clear"));
  CHECK(said(kCreateTask, R"({"title":"x","text":"y","clear":["text"]})")
            .contains("clear: unknown argument"));
}

TEST_CASE("zero and an empty text are values where the definition says so, and nowhere else") {
  CHECK(said(kUpdateTask, R"({"id":7,"value":0})") == R"({"value":0})");
  CHECK(said(kUpdateTask, R"({"id":7,"size":0})").contains("size: 0 is no value here"));
  CHECK(said(kUpdateTask, R"({"id":7,"title":"x","text":" "})")
            .contains(
                R"(text: must not be empty; leave it out, or empty the field by clear: ["text"])"));
  CHECK(said(kUpdateTask, R"({"id":7,"title":""})")
            .contains("title: must not be empty; leave it out"));
  CHECK(said(kListTasks, R"({"value":0,"title":"","taskId":0})") == "value = 0");
  CHECK(said(kListTasks, R"({"size":0})").contains("size: 0 is no value here"));
  CHECK(said(kListTasks, R"({"title":0})").contains("title: must be a text; got 0"));
  CHECK(said(kGetTask, R"({"id":0})").contains("id: 0 is no id"));
}

TEST_CASE("an empty text is sent where the field says that it is one") {
  const std::string methods =
      "  update:\n    description: Changes a task.\n    body: [value]\n    clear: [value]\n";
  const auto loaded =
      pack::load_pack(AcmePack{.value = "{type: string, empty: true}", .methods = methods}.files());
  REQUIRE(loaded.integration != nullptr);
  AcmeWorld world(catalog::ToolCatalog::generate(loaded.integration).value(),
                  always(R"({"id":7})"));
  world.call(kUpdateTask, R"({"id":7,"value":""})");
  CHECK(world.last_seen().body == R"({"value":""})");
}

TEST_CASE("of arguments that belong together one is asked for, with all else that is wrong") {
  const auto told = said(kCreateTask, R"({"size":"many"})");
  CHECK(told.contains("title: is required"));
  CHECK(told.contains("size: must be a number"));
  CHECK(told.contains("text: is required, or in its place fileName"));
  CHECK(said(kCreateTask, R"({"title":"x","fileName":"y"})") == R"({"title":"x","fileName":"y"})");
  const auto tools = acme_tools(kMethods);
  CHECK(tools->find(kCreateTask)->description == "Adds a task. Needs text or fileName.");
}

TEST_CASE("an unknown argument is answered with what does its job") {
  CHECK(said(kListTasks, R"({"page":2})")
            .contains("page: unknown argument; pages go by next_cursor"));
  CHECK_FALSE(said(kGetTask, R"({"id":7,"page":2})").contains("next_cursor"));
  CHECK(said(kCreateTask, R"({"title":"x","text":"y","attachment":1})")
            .contains("attachment: unknown argument; update_a_acme_task_by_id takes it"));
  // The field's own name, where the argument has another.
  CHECK(said(kListTasks, R"({"done":true})")
            .contains("done: unknown argument; did you mean finished?"));
  CHECK(
      said(kListTasks, R"({"due":"2026-11-22"})").contains("compare the field due by conditions"));
}

TEST_CASE("what clients add by themselves is left out with a notice") {
  AcmeWorld world(acme_tools(kMethods), always(R"({"id":7,"title":"x"})"));
  const auto outcome = world.call(
      kGetTask, R"({"id":7,"task_progress":"- [x] look","toolCallId":"c1","sessionId":null})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto notice = outcome.value.string_or("notice", "");
  CHECK(notice.contains("task_progress is no argument of this tool, and was left out."));
  CHECK(notice.contains("toolCallId"));
  CHECK_FALSE(notice.contains("sessionId"));
  CHECK(world.call(kGetTask, R"({"id":7,"taskProgress":1})").result.is_error);
}

TEST_CASE("an id is a whole number within 64 bits, and a list of them may be one text") {
  CHECK(said(kGetTask, R"({"id":1e300})").contains("id: must be a whole number of at most 18"));
  CHECK(said(kGetTask, R"({"id":12345678901234567890123})")
            .contains("id: must be a whole number of at"));
  CHECK(said(kGetTask, R"({"id":"1e300"})").contains("id: must be an integer"));
}

}  // namespace patchbay::gateway
