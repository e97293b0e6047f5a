// "me" is the member whose the MCP server is, wherever a member may be named; and whose keys a call
// is made with decides what is known, and what is done again.
#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kTime = "create_a_connect_wise_psa_time_entry";

std::shared_ptr<const upstream::Member> member_of(World& world, const std::string& login) {
  const auto record = world.direct("/system/members/" + login);
  return std::make_shared<const upstream::Member>(
      upstream::Member{.id = record.int64_or("id", 0),
                       .login = login,
                       .name = std::string(record.string_or("firstName", "")) + ' ' +
                               std::string(record.string_or("lastName", ""))});
}

bool names_member(const integration::Argument& argument) {
  return argument.reference && argument.reference->resource == "members";
}

}  // namespace

TEST_CASE("me: every filter that names a member takes it, and means what the login means") {
  World world;
  int tried = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->writes()) continue;
    for (const auto& argument : tool->method->arguments) {
      if (!names_member(argument)) continue;
      const bool is_list = argument.type == integration::FieldType::array;
      auto given = world.required_arguments(*tool);
      const auto ask = [&](const std::string& name) {
        auto arguments = given;
        arguments[argument.name] = is_list ? json::Value(json::Array{name}) : json::Value(name);
        return world.harness.call_value(tool->name, std::move(arguments));
      };
      CAPTURE(tool->name);
      CAPTURE(argument.name);
      world.harness.context.member = nullptr;
      const auto nobody = ask("me");
      CHECK(nobody.result.is_error);
      CHECK_MESSAGE(nobody.error().contains("'me' is nobody"), nobody.result.text);
      world.harness.context.member = member_of(world, "jdoe");
      const auto by_login = ask("jdoe");
      const auto by_me = ask("Me");
      CHECK_MESSAGE(!by_me.result.is_error, by_me.result.text);
      const auto has_result = [](const auto& said) { return said.value.find("result") != nullptr; };
      CHECK(has_result(by_me) == has_result(by_login));
      CHECK(by_me.value.int64_or("result_count", -1) ==
            by_login.value.int64_or("result_count", -1));
      ++tried;
    }
  }
  CHECK(tried > 20);
}

TEST_CASE("me: what is written names that member") {
  World world;
  world.harness.context.member = member_of(world, "jdoe");
  const auto shown = world.call("update_a_connect_wise_psa_ticket_by_id",
                                R"({"id":5012,"owner":"me","dry_run":true})");
  REQUIRE_MESSAGE(!shown.result.is_error, shown.result.text);
  CHECK(shown.result.text.contains("John Doe"));
  const auto changed =
      world.call("update_a_connect_wise_psa_ticket_by_id", R"({"id":5012,"owner":" ME "})");
  REQUIRE_MESSAGE(!changed.result.is_error, changed.result.text);
  const auto ticket = world.direct("/service/tickets/5012");
  CHECK(ticket.find("owner")->string_or("identifier", "") == "jdoe");
}

TEST_CASE("me: without keys of its own the member is the author of notes and time") {
  World world;
  const std::string time =
      R"({"ticketId":5012,"timeStart":"2026-11-20T09:00:00Z","actualHours":0.25,"notes":"n")";
  world.harness.context.member = nullptr;
  const auto nobody = world.call(kTime, time + R"(,"dry_run":true})");
  REQUIRE_MESSAGE(!nobody.result.is_error, nobody.result.text);
  CHECK(nobody.value.find("request")->find("body")->find("member") == nullptr);

  const auto jane = member_of(world, "jdoe");
  world.harness.context.member = jane;
  const auto made = world.call(kTime, time + '}');
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  CHECK(made.value.string_or("notice", "").contains("made by the integration"));
  const auto entry = world.direct("/time/entries/" + std::to_string(made.value.int64_or("id", 0)));
  CHECK(entry.find("member")->int64_or("id", 0) == jane->id);
  CHECK(entry.string_or("enteredBy", "") == "srivera");

  // Another is taken at the caller's word.
  const auto other = world.call(kTime, time + R"(,"member":"rgreen","dry_run":true})");
  REQUIRE_MESSAGE(!other.result.is_error, other.result.text);
  CHECK_FALSE(other.result.text.contains("made by the integration"));
}

TEST_CASE("me: a member's own keys name the author, and are another connection to everybody") {
  World world;
  const auto account = world.harness.context.account;
  const auto own = account->of_member("srv_test", {{"public_key", Secret("demo-public-key")},
                                                   {"private_key", Secret("demo-private-key")}});
  REQUIRE(own.has_value());
  const std::string list = R"({"owner":"rgreen","limit":1})";
  REQUIRE_FALSE(world.call(kTickets, list).result.is_error);
  world.harness.context.account = *own;
  world.harness.context.member = member_of(world, "jdoe");
  const auto made = world.call(
      kTime, R"({"ticketId":5012,"timeStart":"2026-11-20T11:00:00Z","actualHours":0.25})");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  CHECK_FALSE(made.result.text.contains("made by the integration"));

  // Signed out, nothing leaves.
  world.harness.context.account = account->signed_out("srv_test", "taken away");
  const auto refused = world.call(kTickets, R"({"summaryContains":"x","limit":1})");
  CHECK(refused.result.is_error);
  CHECK(refused.value.find("error")->string_or("code", "") == "unauthenticated");
  CHECK(refused.error().contains("own keys"));
  CHECK(refused.result.upstream_status == 0);
}

TEST_CASE("me: in a raw expression it is refused, with the way to say it") {
  World world;
  world.harness.context.member = member_of(world, "jdoe");
  for (const char* expression : {"owner/identifier = 'me'", "board/id = 1 and owner/name = \"Me\"",
                                 "owner/identifier in ('jdoe', 'ME')"}) {
    const auto refused =
        world.harness.call_value(kTickets, json::Object{{"conditions", expression}});
    CHECK(refused.result.is_error);
    CHECK_MESSAGE(refused.error().contains("owner: \"me\""), refused.result.text);
  }
  // Others may be called so.
  const auto found = world.call(kTickets, R"({"conditions":"summary contains 'me'","limit":1})");
  CHECK_MESSAGE(!found.result.is_error, found.result.text);
}

}  // namespace patchbay::gateway
