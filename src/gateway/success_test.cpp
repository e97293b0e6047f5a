// "Success" is a word. What an API says of a write is held against what it says of the records, and
// ids that are of nothing are told before anything is made with them.
#include <string>
#include <vector>

#include "gateway/test_faults.h"
#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

const std::string kDone = R"({"success":true})";
const std::string kNotDone = R"({"success":false,"message":"Locked by another user."})";
const std::string kUnchanged = "the same as before";

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

// Two open tickets of one company.
std::vector<std::int64_t> tickets_of_one_company(World& world) {
  const auto acme = world.direct_ids("/company/companies?conditions=name=%22Acme%20Corp%22");
  REQUIRE(!acme.empty());
  auto ids = world.direct_ids("/service/tickets?conditions=closedFlag=false%20and%20company/id=" +
                              std::to_string(acme.front()) + "%20and%20parentTicketId=null");
  REQUIRE(ids.size() >= 2);
  return ids;
}

json::Object merging(const std::vector<std::int64_t>& ids) {
  return {{"ticketId", ids[0]}, {"mergeTicketIds", json::Array{ids[1]}}, {"status", "Closed"}};
}
json::Object attaching(const std::vector<std::int64_t>& ids) {
  return {{"ticketId", ids[0]}, {"childTicketIds", json::Array{ids[1]}}};
}

const std::string kMerge = "connect_wise_psa_tickets_merge";
const std::string kAttach = "connect_wise_psa_tickets_attach_children";

}  // namespace

TEST_CASE("success: an answer that says false is an error with the API's own words") {
  World world;
  const auto ids = tickets_of_one_company(world);
  const auto check = [&](const std::string& tool, const std::string& verb, json::Value arguments) {
    for (const int status : {200, 201, 202}) {
      CAPTURE(tool);
      CAPTURE(status);
      answer_with(world, verb, status, kNotDone);
      const auto outcome = world.harness.call_value(tool, arguments);
      CHECK_MESSAGE(outcome.result.is_error, outcome.result.text);
      CHECK_MESSAGE(outcome.error().contains("Locked by another user."), outcome.result.text);
      CHECK(outcome.was_applied() == "unknown");
    }
  };
  check(kMerge, "POST", merging(ids));
  check(kAttach, "POST", attaching(ids));
  check("update_a_connect_wise_psa_ticket_by_id", "PATCH",
        json::Object{{"id", ids[0]}, {"summary", "Another"}});
  check("delete_a_connect_wise_psa_ticket_by_id", "DELETE", json::Object{{"id", ids[0]}});
  // Without a word of why.
  answer_with(world, "POST", 200, R"({"success":false})");
  const auto mute = world.harness.call_value(kAttach, attaching(ids));
  CHECK_MESSAGE(mute.error().contains("was not done"), mute.result.text);
}

TEST_CASE("success: an update that shows no record is not known to be done") {
  World world;
  const auto ids = tickets_of_one_company(world);
  answer_with(world, "PATCH", 200, kDone);
  const auto outcome = world.harness.call_value("update_a_connect_wise_psa_ticket_by_id",
                                                json::Object{{"id", ids[0]}, {"summary", "Other"}});
  CHECK(outcome.was_applied() == "unknown");
}

TEST_CASE("success: of a redirect that was not followed nobody says what is there") {
  World world;
  const auto ids = tickets_of_one_company(world);
  answer_with(world, "PATCH", 302, "",
              {{"Location", "/v4_6_release/apis/3.0/service/tickets/" + std::to_string(ids[1])}});
  const auto outcome = world.harness.call_value("update_a_connect_wise_psa_ticket_by_id",
                                                json::Object{{"id", ids[0]}, {"summary", "Other"}});
  CHECK(outcome.was_applied() == "unknown");
  CHECK_MESSAGE(outcome.error().contains("where no record was read"), outcome.result.text);
  CHECK_FALSE(outcome.error().contains("leads to no record"));
}

TEST_CASE("success: tickets that are as they were before are told beside it") {
  World world;
  const auto ids = tickets_of_one_company(world);
  for (const auto& [tool, arguments] :
       {std::pair(kAttach, attaching(ids)), std::pair(kMerge, merging(ids))}) {
    CAPTURE(tool);
    answer_with(world, "POST", 200, kDone);
    const auto idle = world.harness.call_value(tool, arguments);
    REQUIRE_MESSAGE(!idle.result.is_error, idle.result.text);
    CHECK_MESSAGE(notice_of(idle).contains(kUnchanged), idle.result.text);
    CHECK_MESSAGE(notice_of(idle).contains(std::to_string(ids[1])), idle.result.text);
    CHECK_FALSE(notice_of(idle).contains("ticket " + std::to_string(ids[0])));
    const auto done = world.harness.call_value(tool, arguments);
    REQUIRE_MESSAGE(!done.result.is_error, done.result.text);
    CHECK_MESSAGE(!notice_of(done).contains(kUnchanged), done.result.text);
  }
}

TEST_CASE("success: time sheets and expense reports that stay as they were are told beside it") {
  World world;
  for (const auto& [path, tools] :
       {std::pair("/time/sheets", "connect_wise_psa_time_sheets_"),
        std::pair("/expense/reports", "connect_wise_psa_expense_reports_")}) {
    const auto open = world.direct_ids(std::string(path) + "?conditions=status=%22Open%22");
    REQUIRE(!open.empty());
    for (const std::string step : {"submit", "approve", "reject"}) {
      CAPTURE(path);
      CAPTURE(step);
      json::Value arguments = json::Object{{"id", open.front()}};
      if (step == "approve") arguments["approvalType"] = "Tier1Update";
      answer_with(world, "POST", 200, kDone);
      const auto idle = world.harness.call_value(tools + step, arguments);
      REQUIRE_MESSAGE(!idle.result.is_error, idle.result.text);
      CHECK_MESSAGE(notice_of(idle).contains(kUnchanged), idle.result.text);
      const auto done = world.harness.call_value(tools + step, arguments);
      if (step == "submit") REQUIRE_MESSAGE(!done.result.is_error, done.result.text);
      CHECK_MESSAGE(!notice_of(done).contains(kUnchanged), done.result.text);
    }
  }
}

TEST_CASE("success: a conversion that shows nothing that it made is not known to be done") {
  World world;
  const auto id = world.direct_ids("/sales/opportunities").front();
  answer_with(world, "POST", 200, kDone);
  const auto outcome = world.harness.call_value(
      "connect_wise_psa_sales_opportunities_convert_to_ticket",
      json::Object{
          {"id", id}, {"summary", "Work"}, {"allow_not_won", true}, {"allow_duplicate", true}});
  CHECK_MESSAGE(outcome.was_applied() == "unknown", outcome.result.text);
}

TEST_CASE("ids: a path takes none below 1, and says so before anything is sent") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  StubUpstream upstream(runtime,
                        [](const StubUpstream::Seen&) { return http::Response::json(200, "[]"); });
  Harness harness(runtime, upstream.port());
  int tried = 0;
  for (const auto& tool : harness.tools->tools()) {
    if (tool->method->composite) continue;
    for (const auto& argument : tool->method->arguments) {
      const bool is_id = argument.place == integration::ArgumentPlace::path &&
                         argument.schema.string_or("type", "") == "integer";
      if (!is_id) continue;
      CAPTURE(tool->name);
      CAPTURE(argument.name);
      auto arguments = least_arguments(*tool);
      arguments[argument.name] = -4;
      upstream.forget();
      const auto outcome = harness.call_value(tool->name, arguments);
      CHECK_MESSAGE(outcome.error().contains(argument.name + ": must be 1 or more"),
                    outcome.result.text);
      CHECK(upstream.seen().empty());
      ++tried;
    }
  }
  CHECK(tried > 150);
  runtime.stop();
}

TEST_CASE("ids: what a write names by id alone is looked for, also where nothing is sent") {
  World world;
  const auto service = tickets_of_one_company(world).front();
  const auto project = world.direct_ids("/project/tickets").front();
  struct Trial {
    std::string tool;
    json::Object arguments;
    std::string at;
  };
  const std::int64_t none = 999999;
  const auto item = world.direct_ids("/procurement/catalog").front();
  const std::vector<Trial> shown = {
      {"connect_wise_psa_sales_opportunities_convert_to_ticket",
       {{"id", none}, {"summary", "Work"}},
       "id"},
      {"connect_wise_psa_tickets_attach_children",
       {{"ticketId", service}, {"childTicketIds", json::Array{none}}},
       "childTicketIds"},
      {"connect_wise_psa_tickets_merge",
       {{"ticketId", service}, {"mergeTicketIds", json::Array{none}}, {"status", 1}},
       "mergeTicketIds"},
      {"create_a_connect_wise_psa_product",
       {{"catalogItem", item}, {"billableOption", "Billable"}, {"ticket", none}},
       "ticket"},
      {"create_a_connect_wise_psa_activity",
       {{"name", "Call"}, {"assignTo", "jdoe"}, {"ticket", none}},
       "ticket"},
      {"create_a_connect_wise_psa_ticket",
       {{"summary", "New"}, {"company", "Acme Corp"}, {"parentTicketId", none}},
       "parentTicketId"},
      {"create_a_connect_wise_psa_schedule_entry",
       {{"type", "S"}, {"objectId", none}, {"member", "jdoe"}},
       "objectId"},
      {"create_a_connect_wise_psa_expense_entry",
       {{"type", "Mileage"},
        {"amount", 3},
        {"date", "2026-11-20"},
        {"chargeToType", "ServiceTicket"},
        {"chargeToId", none}},
       "chargeToId"},
      {"create_a_connect_wise_psa_time_entry",
       {{"chargeToType", "ServiceTicket"},
        {"chargeToId", project},
        {"timeStart", "2026-11-20T10:00:00Z"},
        {"actualHours", 1}},
       "chargeToId"},
      {"create_a_connect_wise_psa_time_entry",
       {{"chargeToType", "ProjectTicket"},
        {"chargeToId", service},
        {"timeStart", "2026-11-20T10:00:00Z"},
        {"actualHours", 1}},
       "chargeToId"}};
  for (const auto& trial : shown) {
    CAPTURE(trial.tool);
    auto arguments = trial.arguments;
    arguments["dry_run"] = true;
    const auto outcome = world.harness.call_value(trial.tool, arguments);
    CHECK_MESSAGE(outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(trial.at + ' '), outcome.result.text);
  }
  // Nothing tells these from a service ticket.
  for (const auto& [tool, arguments] :
       {std::pair("create_a_connect_wise_psa_schedule_entry",
                  json::Object{{"type", "S"}, {"objectId", project}, {"member", "jdoe"}}),
        std::pair("create_a_connect_wise_psa_invoice",
                  json::Object{{"type", "Standard"},
                               {"company", "Acme Corp"},
                               {"applyToType", "Ticket"},
                               {"applyToId", project},
                               {"allow_other_company", true}})}) {
    auto shown_only = arguments;
    shown_only["dry_run"] = true;
    const auto outcome = world.harness.call_value(tool, shown_only);
    CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  }
  // These the API takes, whatever they are of.
  const std::vector<Trial> sent = {
      {"create_a_connect_wise_psa_invoice",
       {{"type", "Standard"},
        {"company", "Acme Corp"},
        {"applyToType", "Ticket"},
        {"applyToId", none}},
       "applyToId"},
      {"create_a_connect_wise_psa_ticket",
       {{"summary", "New"}, {"company", "Acme Corp"}, {"parentTicketId", project}},
       "parentTicketId"}};
  for (const auto& trial : sent) {
    CAPTURE(trial.tool);
    const auto outcome = world.harness.call_value(trial.tool, trial.arguments);
    CHECK_MESSAGE(outcome.result.is_error, outcome.result.text);
    CHECK_MESSAGE(outcome.error().contains(trial.at + ' '), outcome.result.text);
  }
}

TEST_CASE("ids: a phase is one of the project that is given") {
  World world;
  const auto projects = world.direct_ids("/project/projects");
  std::vector<std::pair<std::int64_t, std::int64_t>> found;  // project, its first phase
  for (const auto project : projects) {
    const auto phases =
        world.direct_ids("/project/projects/" + std::to_string(project) + "/phases");
    if (!phases.empty()) found.emplace_back(project, phases.front());
    if (found.size() == 2) break;
  }
  REQUIRE(found.size() == 2);
  const auto item = world.direct_ids("/procurement/catalog").front();
  for (const bool own : {true, false}) {
    const auto outcome =
        world.harness.call_value("create_a_connect_wise_psa_product",
                                 json::Object{{"catalogItem", item},
                                              {"billableOption", "Billable"},
                                              {"project", found[0].first},
                                              {"phase", own ? found[0].second : found[1].second},
                                              {"allow_duplicate", true},
                                              {"dry_run", true}});
    CHECK_MESSAGE(outcome.error().contains("phase") != own, outcome.result.text);
  }
}

TEST_CASE("hints: what is not found is listed by the tool that lists such, if any does") {
  World world;
  const auto ticket = tickets_of_one_company(world).front();
  const auto device =
      world.harness.call_value("create_a_connect_wise_psa_ticket_configuration",
                               json::Object{{"ticketId", ticket}, {"deviceIdentifier", "NOPE"}});
  CHECK_MESSAGE(!device.error().contains("list_all_connect_wise_psa_tickets"), device.result.text);
  const auto document = world.call("create_a_connect_wise_psa_document",
                                   R"({"recordType":"Ticket","recordId":999999,"title":"T",)"
                                   R"("file_name":"a.txt","text":"hello"})");
  CHECK_MESSAGE(document.result.is_error, document.result.text);
  CHECK_MESSAGE(!document.error().contains("list Documents"), document.result.text);
  answer_with(world, "POST", 404, R"({"code":"NotFound","message":"Ticket 5 not found"})");
  const auto entry = world.harness.call_value(
      "create_a_connect_wise_psa_time_entry",
      json::Object{
          {"ticketId", ticket}, {"timeStart", "2026-11-21T22:00:00Z"}, {"actualHours", 1}});
  CHECK_MESSAGE(entry.error().contains("list_all_connect_wise_psa_tickets"), entry.result.text);
  CHECK_MESSAGE(!entry.error().contains("list Time entries"), entry.result.text);
  answer_with(world, "GET", 404, R"({"code":"NotFound","message":"The endpoint does not exist."})");
  const auto invoices = world.call("list_all_connect_wise_psa_invoices", "{}");
  CHECK_MESSAGE(!invoices.error().contains("Check the id"), invoices.result.text);
  CHECK_MESSAGE(invoices.error().contains("no such endpoint"), invoices.result.text);
}

}  // namespace patchbay::gateway
