// Service and project tickets are told apart, and what stands in a ticket scopes what is said of
// it.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

const std::string kPrefix = "connect_wise_psa_";
// 90001 is the first project ticket of the sandbox, 40592 a service ticket.

}  // namespace

TEST_CASE("the id of a project ticket is no service ticket's, and the tool for it is named") {
  World world;
  struct Case {
    std::string tool;
    std::string arguments;
    std::string instead;
  };
  const std::vector<Case> cases = {
      {"get_single_connect_wise_psa_ticket_by_id", R"({"id":90001})",
       "get_single_connect_wise_psa_project_ticket_by_id"},
      {"update_a_connect_wise_psa_ticket_by_id", R"({"id":90001,"summary":"x"})",
       "update_a_connect_wise_psa_project_ticket_by_id"},
      // Its status is looked up on its board first.
      {"update_a_connect_wise_psa_ticket_by_id", R"({"id":90001,"status":"New"})",
       "update_a_connect_wise_psa_project_ticket_by_id"},
      {"delete_a_connect_wise_psa_ticket_by_id", R"({"id":90001})",
       "delete_a_connect_wise_psa_project_ticket_by_id"},
      {"list_all_connect_wise_psa_ticket_notes", R"({"ticketId":90001})",
       "list_all_connect_wise_psa_project_ticket_notes"},
      {"create_a_connect_wise_psa_ticket_note",
       R"({"ticketId":90001,"text":"x","internalAnalysisFlag":true})",
       "create_a_connect_wise_psa_project_ticket_note"},
      {"list_all_connect_wise_psa_ticket_tasks", R"({"ticketId":90001})",
       "get_single_connect_wise_psa_project_ticket_by_id"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.tool);
    const auto outcome = world.call(each.tool, each.arguments);
    CHECK_MESSAGE(outcome.error().contains("90001 is one of the project tickets, not of the "
                                           "service tickets"),
                  outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(each.instead + " for it"), outcome.result.text);
    CHECK(outcome.was_applied() == "no");
    CHECK(outcome.result.upstream_status == 404);
  }
  for (const std::string tool : {"get_single_connect_wise_psa_project_ticket_by_id",
                                 "delete_a_connect_wise_psa_project_ticket_by_id"}) {
    const auto outcome = world.call(tool, R"({"id":40592})");
    CHECK_MESSAGE(outcome.error().contains("40592 is one of the service tickets, not of the "
                                           "project tickets"),
                  outcome.result.text);
  }
  const auto time =
      world.call("create_a_connect_wise_psa_time_entry",
                 R"({"ticketId":90001,"timeStart":"2026-11-22T09:00:00Z","actualHours":1})");
  CHECK_MESSAGE(time.error().contains("90001"), time.result.text);
  CHECK_MESSAGE(time.error().contains("it is one of the project tickets"), time.result.text);
  const auto nobody = world.call("get_single_connect_wise_psa_ticket_by_id", R"({"id":777})");
  CHECK_MESSAGE(nobody.error().contains("Ticket 777 not found"), nobody.result.text);
}

TEST_CASE("a list of service tickets asks for these alone, whatever else it is asked") {
  StubUpstream::Seen seen;
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  {
    StubUpstream upstream(runtime, [&](const StubUpstream::Seen& request) {
      seen = request;
      return http::Response::json(200, "[]");
    });
    Harness harness(runtime, upstream.port());
    harness.call("list_all_connect_wise_psa_tickets",
                 R"({"conditions":"recordType = \"ProjectTicket\" or id > 0"})");
    CHECK(seen.query.at("conditions") ==
          R"(recordType = "ServiceTicket" AND (recordType = "ProjectTicket" OR id > 0))");
  }
  runtime.stop();
}

TEST_CASE("merged tickets get a status of the board that their new parent is on") {
  World world;
  const auto ticket = [&] {
    const auto made = world.call(
        "create_a_connect_wise_psa_ticket",
        R"({"summary":"merged","company":"Acme Corp","board":"Triage","allow_duplicate":true})");
    return json::to_string(*made.value.find("id"));
  };
  const auto board = json::to_string(
      *world.direct("/service/boards?conditions=name=%22Triage%22").if_array()->front().find("id"));
  const auto statuses =
      world.direct("/service/boards/" + board + "/statuses?conditions=closedStatus=true");
  const auto& closed = statuses.if_array()->front();
  const auto stays = ticket();
  const auto merge = [&](const std::string& goes, const std::string& status) {
    return world.call(kPrefix + "tickets_merge", R"({"ticketId":)" + stays +
                                                     R"(,"mergeTicketIds":[)" + goes +
                                                     R"(],"status":)" + status + '}');
  };
  for (const auto& status : {'"' + std::string(closed.string_or("name", "")) + '"',
                             json::to_string(*closed.find("id"))}) {
    const auto goes = ticket();
    const auto outcome = merge(goes, status);
    CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
    const auto gone = world.direct("/service/tickets/" + goes);
    CHECK(gone.find("status")->int64_or("id", 0) == closed.int64_or("id", 0));
  }
  const auto other = merge(ticket(), "\"Nowhere\"");
  CHECK_MESSAGE(other.error().contains("status 'Nowhere' does not exist on board"),
                other.result.text);
  CHECK(other.was_applied() == "no");
}

TEST_CASE("a forecast item is given flat, and becomes what the API takes") {
  World world;
  const auto opportunities = world.direct("/sales/opportunities?pageSize=1");
  const auto& opportunity = opportunities.if_array()->front();
  const auto id = json::to_string(*opportunity.find("id"));
  const std::string tool = "create_a_connect_wise_psa_opportunity_forecast_item";
  const std::string arguments =
      R"({"opportunityId":)" + id + R"(,"forecastType":"Product","status":"Open","revenue":12500)";
  const auto shown = world.call(tool, arguments + R"(,"dry_run":true})");
  const auto* request = shown.value.find("request");
  REQUIRE_MESSAGE(request != nullptr, shown.result.text);
  const auto* items = request->find("body")->find("forecastItems");
  REQUIRE_MESSAGE(items != nullptr, shown.result.text);
  const auto& item = items->if_array()->front();
  CHECK(item.find("opportunity")->int64_or("id", 0) == opportunity.int64_or("id", 0));
  CHECK(item.find("status")->find("id")->is_number());
  CHECK(item.find("revenue")->as_int64() == 12500);
  const auto made = world.call(tool, arguments + '}');
  CHECK_MESSAGE(made.value.find("forecastItems") != nullptr, made.result.text);
}

TEST_CASE("an update finds its record by a parent's name, and reads its scopes there") {
  World world;
  const auto projects = world.direct("/project/projects?pageSize=1000&fields=id,name");
  // A name that no other project has.
  std::string id;
  std::string name;
  for (const auto& project : *projects.if_array()) {
    const auto alike = std::ranges::count_if(*projects.if_array(), [&](const json::Value& other) {
      return other.string_or("name", "") == project.string_or("name", "-");
    });
    if (alike != 1) continue;
    id = json::to_string(*project.find("id"));
    name = project.string_or("name", "");
    break;
  }
  const auto phases = world.direct("/project/projects/" + id + "/phases");
  REQUIRE(phases.if_array()->size() > 1);
  const auto phase = [&](std::size_t at) { return (*phases.if_array())[at]; };
  const auto update = [&](const std::string& project, const std::string& parent) {
    return world.call("update_a_connect_wise_psa_project_phase_by_id",
                      R"({"projectId":")" + project + R"(","id":)" +
                          json::to_string(*phase(1).find("id")) + R"(,"parentPhase":")" + parent +
                          "\"}");
  };
  const auto done = update(name, std::string(phase(0).string_or("description", "")));
  CHECK_MESSAGE(!done.result.is_error, done.result.text);
  CHECK(done.value.find("parentPhase")->int64_or("id", 0) == phase(0).int64_or("id", 0));
  const auto unknown = update("Nowhere at all", "x");
  CHECK_MESSAGE(unknown.error().contains("'Nowhere at all' does not exist"), unknown.result.text);
}

TEST_CASE("digits in a filter that nothing scopes are an id, as in every other reference") {
  World world;
  const auto board = world.direct("/service/boards?conditions=name=%22Triage%22");
  const auto of_board = json::to_string(*board.if_array()->front().find("id"));
  const auto statuses = world.direct("/service/boards/" + of_board + "/statuses");
  const auto status = json::to_string(*statuses.if_array()->front().find("id"));
  const auto direct = world.direct_ids("/service/tickets?conditions=status/id=" + status);
  REQUIRE(!direct.empty());
  const auto outcome = world.call("list_all_connect_wise_psa_tickets",
                                  R"({"count":true,"status":")" + status + "\"}");
  CHECK_MESSAGE(outcome.value.int64_or("count", 0) == static_cast<std::int64_t>(direct.size()),
                outcome.result.text);
}

}  // namespace patchbay::gateway
