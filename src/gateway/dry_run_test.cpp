#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kDelete = "delete_a_connect_wise_psa_ticket_by_id";

}  // namespace

TEST_CASE("dry run: the request is shown with what names became, and nothing is sent") {
  World world;
  const auto before = world.direct("/service/tickets/count");
  auto outcome = world.call(kCreate,
                            R"({"summary":"Dry","company":"Acme Corp","board":"Server Team",
                                "dry_run":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.bool_or("dry_run", false));
  const auto& request = *outcome.value.find("request");
  CHECK(request.string_or("method", "") == "POST");
  CHECK(request.string_or("path", "") == "/service/tickets");
  CHECK(request.find("body")->string_or("summary", "") == "Dry");
  CHECK(request.find("body")->find("board")->int64_or("id", 0) ==
        outcome.value.find("resolved")->find("board")->int64_or("id", -1));
  CHECK(outcome.value.find("resolved")->find("company")->string_or("name", "") == "Acme Corp");
  CHECK(!outcome.result.text.contains("uthorization"));
  CHECK(!outcome.result.text.contains("demo-private-key"));
  CHECK(world.direct("/service/tickets/count") == before);

  const auto ticket = world.direct("/service/tickets/5012");
  outcome = world.call(kUpdate, R"({"id":5012,"priority":"High","dry_run":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("request")->string_or("method", "") == "PATCH");
  const auto& operation = outcome.value.find("request")->find("body")->if_array()->front();
  CHECK(operation.string_or("path", "") == "priority");
  CHECK(world.direct("/service/tickets/5012") == ticket);

  outcome = world.call(kDelete, R"({"id":5012,"dry_run":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("request")->string_or("method", "") == "DELETE");
  CHECK(outcome.value.find("request")->find("body") == nullptr);
  CHECK(world.direct("/service/tickets/5012") == ticket);
}

TEST_CASE("dry run: what would be refused is refused, and false sends") {
  World world;
  auto outcome = world.call(kUpdate, R"({"id":5012,"board":"No such board","dry_run":true})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.error().contains("No such board"));
  outcome = world.call(kUpdate, R"({"id":5012,"priority":"High","dry_run":false})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(world.direct("/service/tickets/5012").find("priority")->string_or("name", "") ==
        outcome.value.find("priority")->string_or("name", "-"));
}

TEST_CASE("dry run: an id that no record has is told, since nobody else looks at it") {
  World world;
  struct Case {
    const char* tool;
    const char* arguments;  // without the first brace
    const char* told;
  };
  for (const auto& [tool, arguments, told] : std::vector<Case>{
           {kUpdate, R"("id":999999,"summary":"x"})", "id 999999 does not exist"},
           {kDelete, R"("id":999999})", "id 999999 does not exist"},
           {kDelete, R"("id":90001})", "id 90001 does not exist: it is one of the project tickets"},
           {kUpdate, R"("id":5012,"owner":999999})", "owner 999999 does not exist"},
           {kUpdate, R"("id":5012,"owner":"999999"})", "owner 999999 does not exist"},
           {kUpdate, R"("id":5012,"status":999999})", "status 999999 does not exist on board"},
           {"create_a_connect_wise_psa_ticket_note",
            R"("ticketId":999999,"text":"x","internalAnalysisFlag":true})",
            "ticketId 999999 does not exist"},
           {"create_a_connect_wise_psa_time_entry",
            R"("ticketId":999999,"timeStart":"2026-11-20T09:00","actualHours":1})",
            "ticketId 999999 does not exist"},
           {"create_a_connect_wise_psa_company_site", R"("companyId":999999,"name":"x"})",
            "companyId 999999 does not exist"}}) {
    const auto answered = world.call(tool, std::string(R"({"dry_run":true,)") + arguments);
    CHECK_MESSAGE(answered.error().contains(told), tool << ": " << answered.result.text);
  }
}

TEST_CASE("dry run: only a plain true of a tool that writes counts as one beforehand") {
  const auto is = [](const char* tool, std::string_view arguments) {
    return is_dry_run(*shipped_tools()->find(tool), json::parse(arguments).value());
  };
  CHECK(is(kDelete, R"({"id":1,"dry_run":true})"));
  CHECK_FALSE(is(kDelete, R"({"id":1,"dry_run":false})"));
  CHECK_FALSE(is(kDelete, R"({"id":1,"dry_run":"true"})"));
  CHECK_FALSE(is(kDelete, R"({"id":1,"dry_run":1})"));
  CHECK_FALSE(is(kDelete, R"({"id":1})"));
  CHECK_FALSE(is(kTickets, R"({"dry_run":true})"));
}

TEST_CASE("count: as many as a list with the same filters has") {
  World world;
  auto outcome = world.call(kTickets, R"({"board":"Triage","closed":false,"count":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto ids = world.follow(kTickets, R"({"board":"Triage","closed":false,"limit":1000})");
  CHECK(outcome.result.text == "{\"count\":" + std::to_string(ids.size()) + "}");
  outcome = world.call(kTickets, R"({"summaryContains":"no such words anywhere","count":true})");
  CHECK(outcome.result.text == "{\"count\":0}");
  // A list of a parent's records counts those of that parent.
  outcome =
      world.call("list_all_connect_wise_psa_ticket_notes", R"({"ticketId":5012,"count":true})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.int64_or("count", -1) ==
        static_cast<std::int64_t>(world.direct_ids("/service/tickets/5012/notes").size()));
}

}  // namespace patchbay::gateway
