// Servers that list four tools in place of their own, through the endpoint.
#include <algorithm>

#include "servers/discovery_answers.h"
#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers;
using namespace patchbay::servers::testing;

namespace {

struct Discovering {
  Instance instance;
  std::string token = instance.mint(R"({"tool_exposure":"discovery"})");

  Reaction call(std::string_view name, std::string_view arguments) {
    return instance.post(
        token, legacy_body("tools/call", R"({"name":")" + std::string(name) + R"(","arguments":)" +
                                             std::string(arguments) + "}"));
  }
  // The text of the result.
  json::Value told(std::string_view name, std::string_view arguments) {
    const Reaction reaction = call(name, arguments);
    const json::Value* const content = reaction.result().find("content");
    REQUIRE_MESSAGE(content != nullptr, reaction.body);
    return *json::parse(content->if_array()->at(0).string_or("text", "null"));
  }
  std::string refusal(std::string_view name, std::string_view arguments) {
    const json::Value answer = told(name, arguments);
    const json::Value* const error = answer.find("error");
    if (error == nullptr) return "";
    CHECK(error->string_or("was_applied", "") == "no");
    return std::string(error->string_or("message", "")) + " " +
           std::string(error->string_or("hint", ""));
  }
  std::vector<std::string> found(std::string_view arguments) {
    std::vector<std::string> tools;
    for (const json::Value& one : *told("search_tools", arguments).find("result")->if_array()) {
      tools.emplace_back(one.string_or("tool", ""));
    }
    return tools;
  }
};

std::vector<std::string> listed(const Reaction& reaction) {
  std::vector<std::string> names;
  for (const json::Value& tool : *reaction.result().find("tools")->if_array()) {
    names.emplace_back(tool.string_or("name", ""));
  }
  return names;
}

}  // namespace

TEST_CASE("a server with discovery lists four tools, whatever else its config adds") {
  Instance instance;
  for (const char* config :
       {R"({"tool_exposure":"discovery"})", R"({"tool_exposure":"discovery","methods":["read"]})",
        R"({"tool_exposure":"discovery","require_approval":["write"],"confirm_writes":true})",
        R"({"tool_exposure":"discovery","structured_output":true,"max_result_bytes":90000})"}) {
    const Reaction reaction = instance.post(instance.mint(config), legacy_body("tools/list"));
    CHECK(listed(reaction) == std::vector<std::string>{"search_tools", "get_tool_schema",
                                                       "call_read_tool", "call_write_tool"});
  }
}

TEST_CASE("search tells the tool of an exact name first, and the one that calls it") {
  Discovering desk;
  const json::Value answer = desk.told("search_tools", R"({"query":"delete_a_desk_ticket_by_id"})");
  const json::Value& first = answer.find("result")->if_array()->at(0);
  CHECK(first.string_or("tool", "") == "delete_a_desk_ticket_by_id");
  CHECK(first.string_or("call_with", "") == "call_write_tool");
  CHECK(desk.found(R"({"query":"tickets_merge","limit":1})") ==
        std::vector<std::string>{"desk_tickets_merge"});
  CHECK(desk.found(R"({"query":"list all tickets","limit":"1"})") ==
        std::vector<std::string>{"list_all_desk_tickets"});
}

TEST_CASE("search keeps to what reads, or to what writes, where that is asked for") {
  Discovering desk;
  for (const std::string& name : desk.found(R"({"query":"tickets","limit":20,"access":"read"})")) {
    CHECK((name.starts_with("list_all_") || name.starts_with("get_single_")));
  }
  CHECK(!desk.found(R"({"query":"tickets","access":"write"})").empty());
}

TEST_CASE("what is asked amiss is told with what would do") {
  Discovering desk;
  const auto says = [&](std::string_view tool, std::string_view arguments, std::string_view part) {
    const std::string told = desk.refusal(tool, arguments);
    CHECK_MESSAGE(told.find(part) != std::string::npos, told);
  };
  says("search_tools", R"({})", "'query'");
  says("search_tools", R"({"query":"  "})", "'query'");
  says("search_tools", R"({"query":"x","limit":21})", "1 to 20");
  says("search_tools", R"({"query":"x","access":"all"})", "read, write");
  says("search_tools", R"({"queri":"x"})", "It has: query, limit, access");
  says("get_tool_schema", R"({"tool":"list_all_desk_ticketz"})", "list_all_desk_tickets");
  says("get_tool_schema", R"({"tool":"list_all_desk_tickets","arguments":["nothing"]})", "nothing");
  says("call_read_tool", R"({"tool":"list_all_desk_tickets","id":7})", "`arguments`");
  says("call_read_tool", R"({"tool":"list_all_desk_tickets","arguments":[]})", "an object");
  says("call_read_tool", R"({"tool":"list_all_desk_tickets","arguments":"{"})", "an object");
  says("call_read_tool", R"({"arguments":{}})", "'tool'");
}

TEST_CASE("what reads and what writes are called by a tool of its own each") {
  Discovering desk;
  CHECK(desk.refusal("call_read_tool", R"({"tool":"create_a_desk_ticket","arguments":{}})")
            .find("call_write_tool") != std::string::npos);
  CHECK(desk.refusal("call_write_tool", R"({"tool":"list_all_desk_tickets"})")
            .find("call_read_tool") != std::string::npos);
}

TEST_CASE("filters hold behind search, get_tool_schema and both calls") {
  Discovering desk;
  desk.token = desk.instance.mint(
      R"({"tool_exposure":"discovery","methods":["read"],"deny_tools":["invoices_list"]})");
  const auto all = desk.found(R"({"query":"tickets invoices list get create","limit":20})");
  CHECK(std::ranges::find(all, "list_all_desk_invoices") == all.end());
  CHECK(std::ranges::none_of(all, [](const auto& name) { return name.starts_with("create"); }));
  for (const char* tool : {"list_all_desk_invoices", "create_a_desk_ticket", "invoices_list"}) {
    const std::string meant = R"({"tool":")" + std::string(tool) + R"("})";
    CHECK(desk.refusal("get_tool_schema", meant).find("no tool") != std::string::npos);
    CHECK(desk.refusal("call_read_tool", meant).find("no tool") != std::string::npos);
    CHECK(desk.refusal("call_write_tool", meant).find("no tool") != std::string::npos);
  }
}

TEST_CASE("searching spends nothing of a quota, and what is called behind it does") {
  Discovering desk;
  desk.token = desk.instance.mint(R"({"tool_exposure":"discovery","quota":{"calls_per_day":1}})");
  for (int i = 0; i < 3; ++i) CHECK(!desk.found(R"({"query":"tickets"})").empty());
  const auto list = [&] {
    return error_code(desk.call("call_read_tool", R"({"tool":"list_all_desk_tickets"})"));
  };
  CHECK(list() != "rate_limited");  // the address guard's, which makes no difference
  CHECK(list() == "rate_limited");
}

TEST_CASE("a server with short names lists them, and takes both") {
  Instance instance;
  const std::string token =
      instance.mint(R"({"tool_names":"short","deny_tools":["tickets_merge"]})");
  const auto names = listed(instance.post(token, legacy_body("tools/list")));
  CHECK(std::ranges::find(names, "tickets_list") != names.end());
  CHECK(std::ranges::find(names, "tickets_merge") == names.end());
  for (const char* name : {"tickets_list", "list_all_desk_tickets"}) {
    const Reaction called = instance.post(
        token, legacy_body("tools/call", R"({"name":")" + std::string(name) + R"("})"));
    CHECK(called.error_code() == 0);
  }
  const Reaction unknown =
      instance.post(token, legacy_body("tools/call", R"({"name":"ticket_list"})"));
  CHECK(unknown.error_code() == -32602);
  CHECK(unknown.body.find("tickets_list") != std::string::npos);
}

TEST_CASE("what is told of many tools, or of a tool with many arguments, has its bounds") {
  const auto argument = [](int i) {
    json::Value one;
    one["type"] = "string";
    one["description"] = "What argument " + std::to_string(i) + " is for, said at some length. " +
                         std::string(200, 'x');
    return one;
  };
  json::Value entry;
  entry["name"] = "create_a_thing";
  entry["description"] = std::string(900, 'd');
  for (int i = 0; i < 400; ++i) {
    entry["inputSchema"]["properties"]["argument" + std::to_string(i)] = argument(i);
  }
  entry["inputSchema"]["required"] = json::Array{"argument0"};
  const ListedTool listed{.entry = entry, .call_with = "call_write_tool"};
  const auto told = tell_schema(listed, {}, kMostDiscoveryBytes);
  REQUIRE(told.has_value());
  CHECK(told->size() <= kMostDiscoveryBytes + 2'000);
  const auto some = tell_schema(listed, {"argument399"}, kMostDiscoveryBytes);
  REQUIRE(some.has_value());
  CHECK(json::parse(*some)->find("inputSchema")->find("properties")->find("argument399") !=
        nullptr);
  const std::string found = tell_found(std::vector<ListedTool>(20, listed),
                                       "argument 300 of a thing", kMostDiscoveryBytes);
  CHECK(found.size() <= kMostDiscoveryBytes);
  const json::Value answer = *json::parse(found);
  CHECK(answer.int64_or("result_count", 0) == 20);
  // What must be given comes first, then what was spoken of.
  const json::Value& first = answer.find("result")->if_array()->at(0);
  CHECK(first.find("arguments")->if_object()->begin()->first == "argument0");
  CHECK(first.int64_or("more_arguments", 0) > 300);
}
