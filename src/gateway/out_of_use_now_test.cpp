// A record that somebody puts out of use is not written to by the name that it is remembered by.
#include <string>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

struct Kind {
  std::string argument;
  std::string path;     // its record's, past the gateway
  std::string name;     // as a caller gives it
  std::string printed;  // as an answer prints it
  std::string flag;
};

json::Value least(const Kind& kind, const std::string& value, bool dry) {
  json::Value arguments = json::Object{
      {"summary", "Whose"}, {"company", 250}, {"allow_duplicate", true}, {"dry_run", dry}};
  if (kind.argument == "status") arguments["board"] = 1;
  arguments[kind.argument] = value;
  return arguments;
}

std::vector<Kind> kinds(World& world) {
  const auto contact = world
                           .direct(
                               "/company/contacts?pageSize=1&conditions=company/id=250%20and%20"
                               "inactiveFlag=false")
                           .if_array()
                           ->front();
  const auto status =
      world.direct("/service/boards/1/statuses?conditions=inactive=false&orderBy=id%20desc")
          .if_array()
          ->front();
  const auto board =
      world.direct("/service/boards?conditions=inactiveFlag=false%20and%20projectFlag=false")
          .if_array()
          ->back();
  const auto company =
      world.direct("/company/companies?conditions=id!=250%20and%20deletedFlag=false&orderBy=id")
          .if_array()
          ->front();
  const auto text = [](const json::Value& record, const char* field) {
    return std::string(record.string_or(field, ""));
  };
  const auto id = [](const json::Value& record) {
    return std::to_string(record.int64_or("id", 0));
  };
  const auto full = text(contact, "firstName") + ' ' + text(contact, "lastName");
  return {
      {"contact", "/company/contacts/" + id(contact), full, full + " (id " + id(contact) + ')',
       "inactiveFlag"},
      {"status", "/service/boards/1/statuses/" + id(status), text(status, "name"),
       text(status, "name") + " (id " + id(status) + ')', "inactive"},
      {"board", "/service/boards/" + id(board), text(board, "name"),
       text(board, "name") + " (id " + id(board) + ')', "inactiveFlag"},
      {"company", "/company/companies/" + id(company), text(company, "name"),
       text(company, "name") + " (id " + id(company) + ')', "deletedFlag"},
  };
}

}  // namespace

TEST_CASE("a name that is remembered is no record that was put out of use since") {
  World world;
  const std::string tool = "create_a_connect_wise_psa_ticket";
  for (const auto& kind : kinds(world)) {
    CAPTURE(kind.argument);
    CAPTURE(kind.name);
    // Known to the gateway by its name, and by its printed form.
    for (const auto& value : {kind.name, kind.printed}) {
      const auto known = world.harness.call_value(tool, least(kind, value, true));
      REQUIRE_MESSAGE(!known.result.is_error, known.result.text);
      CHECK_FALSE(known.value.string_or("notice", "").contains("inactive"));
    }
    world.change(kind.path, R"([{"op":"replace","path":")" + kind.flag + R"(","value":true}])");
    for (const bool dry : {true, false}) {
      const auto refused = world.harness.call_value(tool, least(kind, kind.name, dry));
      CHECK_MESSAGE(refused.error().contains("is inactive"), refused.result.text);
      CHECK(refused.was_applied() == "no");
    }
    const auto told = world.harness.call_value(tool, least(kind, kind.printed, true));
    REQUIRE_MESSAGE(!told.result.is_error, told.result.text);
    CHECK_MESSAGE(told.value.string_or("notice", "").contains("is inactive"), told.result.text);
  }
}

TEST_CASE("a name that is remembered as out of use is taken once its record is in use again") {
  World world;
  const std::string tool = "create_a_connect_wise_psa_ticket";
  for (const auto& kind : kinds(world)) {
    CAPTURE(kind.argument);
    CAPTURE(kind.name);
    const auto set = [&](const char* value) {
      world.change(kind.path,
                   R"([{"op":"replace","path":")" + kind.flag + R"(","value":)" + value + "}]");
    };
    set("true");
    const auto refused = world.harness.call_value(tool, least(kind, kind.name, true));
    CHECK_MESSAGE(refused.error().contains("is inactive"), refused.result.text);
    const auto told = world.harness.call_value(tool, least(kind, kind.printed, true));
    CHECK_MESSAGE(told.value.string_or("notice", "").contains("is inactive"), told.result.text);
    set("false");
    for (const auto& value : {kind.name, kind.printed}) {
      const auto taken = world.harness.call_value(tool, least(kind, value, true));
      CHECK_MESSAGE(!taken.result.is_error, taken.result.text);
      CHECK_FALSE(taken.value.string_or("notice", "").contains("inactive"));
    }
  }
}

TEST_CASE("a name that is remembered is not the record that gave it to another since") {
  World world;
  const auto members = world.direct("/system/members?conditions=inactiveFlag=false&pageSize=2");
  const auto& from = members.if_array()->front();
  const auto& to = members.if_array()->back();
  const auto companies = world.direct(
      "/company/companies?conditions=deletedFlag=false%20and%20id!=250&orderBy=id&pageSize=2");
  struct Given {
    std::string argument, path, field;
    const json::Value& from;
    const json::Value& to;
  };
  const std::vector<Given> all = {
      {"owner", "/system/members/", "identifier", from, to},
      {"company", "/company/companies/", "name", companies.if_array()->front(),
       companies.if_array()->back()},
  };
  for (const auto& given : all) {
    const std::string name(given.from.string_or(given.field, ""));
    CAPTURE(name);
    json::Object arguments{{"id", 5012}, {given.argument, name}, {"dry_run", true}};
    const auto known =
        world.harness.call_value("update_a_connect_wise_psa_ticket_by_id", json::Value(arguments));
    REQUIRE_MESSAGE(!known.result.is_error, known.result.text);
    const auto call_it = [&](const json::Value& record, const std::string& text) {
      world.change(given.path + std::to_string(record.int64_or("id", 0)),
                   R"([{"op":"replace","path":")" + given.field + R"(","value":")" + text + "\"}]");
    };
    call_it(given.from, "Gone " + name.substr(0, 8));
    call_it(given.to, name);
    const auto now = world.harness.call_value("update_a_connect_wise_psa_ticket_by_id",
                                              json::Value(std::move(arguments)));
    REQUIRE_MESSAGE(!now.result.is_error, now.result.text);
    CHECK_MESSAGE(now.value.find("resolved")->find(given.argument)->int64_or("id", 0) ==
                      given.to.int64_or("id", -1),
                  now.result.text);
  }
}

}  // namespace patchbay::gateway
