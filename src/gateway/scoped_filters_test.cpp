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

// A composite's argument is looked up within another: on the first board.
void give_scopes(World& world, const integration::Argument& argument, json::Object& arguments) {
  if (argument.place != integration::ArgumentPlace::step) return;
  for (const auto& scope : argument.reference->scopes) {
    if (!scope.required || scope.argument != "board") continue;
    const auto boards = world.direct("/service/boards?orderBy=id&pageSize=1");
    arguments["board"] = boards.if_array()->front().int64_or("id", 0);
  }
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
        give_scopes(world, argument, arguments);
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

TEST_CASE("blanks around a name, and quotes, make no other name of it, in any filter that names") {
  World world;
  const auto tickets = world.direct(
      "/service/tickets?pageSize=1&conditions=type/id!=null%20and%20subType/id!=null%20and%20"
      "team/id!=null%20and%20recordType='ServiceTicket'");
  REQUIRE(!tickets.if_array()->empty());
  const auto& ticket = tickets.if_array()->front();
  for (const char* filter : {"status", "type", "subType", "team", "board", "company", "priority"}) {
    const std::string name(ticket.find(filter)->string_or("name", ""));
    REQUIRE_MESSAGE(!name.empty(), filter);
    for (const bool count : {true, false}) {
      const auto told = [&](const std::string& value) {
        json::Object arguments{{filter, value}, {"limit", 3}};
        if (count) arguments = {{filter, value}, {"count", true}};
        const auto outcome = world.harness.call_value(kTickets, json::Value(std::move(arguments)));
        CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
        if (count) return outcome.value.int64_or("count", 0);
        return static_cast<std::int64_t>(outcome.value.find("result")->if_array()->size());
      };
      const auto plain = told(name);
      CHECK(plain > 0);
      for (const auto& value :
           {' ' + name, name + ' ', name + "  ", '\t' + name + '\n', "\xC2\xA0" + name,
            name + "\xE2\x80\x8B", '\'' + name + '\'', '"' + name + '"'}) {
        CAPTURE(filter);
        CAPTURE(value);
        CHECK(told(value) == plain);
      }
    }
  }
}

TEST_CASE("an id that none has is refused, wherever a filter or a composite takes it") {
  World world;
  std::size_t tried = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->writes()) continue;
    for (const auto& argument : tool->method->arguments) {
      const bool names =
          argument.reference && (argument.place == integration::ArgumentPlace::filter ||
                                 argument.place == integration::ArgumentPlace::step);
      // "agreementId" compares what another list's "agreement" names.
      const bool by_id =
          argument.place == integration::ArgumentPlace::filter && argument.target == "agreement/id";
      if (!names && !by_id) continue;
      ++tried;
      for (const auto& id : {json::Value(999999), json::Value("999999")}) {
        auto arguments = world.required_arguments(*tool);
        if (names) give_scopes(world, argument, arguments);
        arguments[argument.name] = id;
        const auto answered = world.harness.call_value(tool->name, json::Value(arguments));
        CHECK_MESSAGE(answered.error().contains("999999"),
                      tool->name << ' ' << argument.name << ": " << answered.result.text);
      }
    }
  }
  CHECK(tried > 50);
}

TEST_CASE("a status that a board has been given since it was looked up is taken") {
  World world;
  CHECK(world.call(kTickets, R"({"status":"Parked","count":true})").result.is_error);
  const auto statuses = world.direct("/service/boards/1/statuses?orderBy=id%20desc&pageSize=1");
  world.change("/service/boards/1/statuses/" +
                   std::to_string(statuses.if_array()->front().int64_or("id", 0)),
               R"([{"op":"replace","path":"name","value":"Parked"}])");
  const auto counted = world.call(kTickets, R"({"status":"Parked","count":true})");
  CHECK_MESSAGE(!counted.result.is_error, counted.result.text);
}

}  // namespace patchbay::gateway
