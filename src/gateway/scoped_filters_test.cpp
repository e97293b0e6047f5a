// Filters that name what is not there: whichever way a list is asked, the caller is told.
#include <algorithm>

#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";

bool takes(const catalog::Tool& tool, std::string_view name) {
  return std::ranges::find(tool.argument_names, name) != tool.argument_names.end();
}

}  // namespace

TEST_CASE(
    "every filter that names a record refuses a name that none has: list, count and composite") {
  World world;
  std::size_t filters = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->writes()) continue;
    for (const auto& argument : tool->method->arguments) {
      // Of lists, and of composites, whose steps are lists.
      const bool names =
          argument.reference && (argument.place == integration::ArgumentPlace::filter ||
                                 argument.place == integration::ArgumentPlace::query ||
                                 argument.place == integration::ArgumentPlace::step);
      if (!names) continue;
      ++filters;
      for (const bool count : {false, true}) {
        if (count && !takes(*tool, "count")) continue;
        auto arguments = world.required_arguments(*tool);
        arguments[argument.name] = json::Value("Banana Zebra");
        if (count) arguments["count"] = json::Value(true);
        const auto answered = world.harness.call_value(tool->name, json::Value(arguments));
        CHECK_MESSAGE(answered.error().contains(argument.name + " 'Banana Zebra' does not exist"),
                      tool->name << " " << argument.name << " count " << count << ": "
                                 << answered.result.text);
      }
    }
  }
  CHECK(filters > 50);
}

TEST_CASE(
    "a name that several boards have is fine, one that none has is answered with the nearest") {
  World world;
  const auto found = world.call(kTickets, R"({"status":"In Progress","count":true})");
  CHECK_MESSAGE(found.value.int64_or("count", 0) > 0, found.result.text);
  const auto wrong = world.call(kTickets, R"({"status":"In Progres","count":true})");
  CHECK_MESSAGE(wrong.error().contains("does not exist on any board; there are: In Progress"),
                wrong.result.text);
}

TEST_CASE("a status with its id is compared by the id, where both agree") {
  World world;
  const auto boards = world.direct("/service/boards?orderBy=id&pageSize=1");
  const auto board = std::to_string(boards.if_array()->front().int64_or("id", 0));
  const auto statuses = world.direct("/service/boards/" + board + "/statuses?pageSize=1");
  const auto& status = statuses.if_array()->front();
  const auto id = std::to_string(status.int64_or("id", 0));
  const std::string name(status.string_or("name", ""));
  const auto count = [&](const std::string& form) {
    return world.call(kTickets, R"({"count":true,"status":)" + form + '}').result.text;
  };
  const auto by_id = count(id);
  CHECK(by_id.starts_with("{\"count\":"));
  CHECK(count('"' + name + " (id " + id + ")\"") == by_id);
  CHECK(count(R"({"id":)" + id + R"(,"name":")" + name + "\"}") == by_id);
  CHECK(count(R"({"id":)" + id + R"(,"name":"Banana"})").contains("does not exist on any board"));
}

}  // namespace patchbay::gateway
