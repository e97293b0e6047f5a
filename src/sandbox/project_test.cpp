// Projects: phases, tickets, what hangs on them, and hours that add up the tree.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string made_at(const std::string& path, const TestReply& reply) {
  CAPTURE(reply.text);
  REQUIRE(reply.status == 201);
  return path + "/" + std::to_string(reply.body.int64_or("id", 0));
}

std::string new_project(TestClient& client) {
  return made_at("/project/projects", client.post("/project/projects", R"({"name":"Move",
      "company":{"id":250},"board":{"name":"Project Delivery"},"billingMethod":"ActualRates",
      "estimatedStart":"2026-03-01T00:00:00Z","estimatedEnd":"2026-05-01T00:00:00Z"})"));
}

double hours(TestClient& client, const std::string& path) {
  return client.get(path).body.find("actualHours")->as_double().value_or(-1);
}

std::string id_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

TEST_CASE("a project needs a name, company, board, billing method and dates in order") {
  TestClient client;
  const TestReply bare = client.post("/project/projects", "{}");
  CHECK(bare.status == 400);
  CHECK(bare.body.find("errors")->if_array()->size() == 6);
  const TestReply backwards = client.post("/project/projects", R"({"name":"x","company":{"id":250},
      "board":{"name":"Project Delivery"},"billingMethod":"ActualRates",
      "estimatedStart":"2026-05-01T00:00:00Z","estimatedEnd":"2026-03-01T00:00:00Z"})");
  CHECK(backwards.status == 400);
  CHECK(backwards.text.find("estimatedEnd") != std::string::npos);
  const TestReply made = client.get(new_project(client));
  CHECK(made.body.find("status")->string_or("name", "") == "Open");
  CHECK(made.body.find("billToCompany")->int64_or("id", 0) == 250);
  CHECK_FALSE(made.body.bool_or("closedFlag", true));
}

TEST_CASE("phases are numbered and nest within their project only") {
  TestClient client;
  const std::string project = new_project(client);
  const TestReply first = client.post(project + "/phases", R"({"description":"Plan"})");
  const TestReply second = client.post(project + "/phases", R"({"description":"Do"})");
  CHECK(first.body.string_or("wbsCode", "") == "1");
  CHECK(second.body.string_or("wbsCode", "") == "2");
  CHECK(second.body.int64_or("projectId", 0) == std::stoll(id_of(project)));
  const std::string below = std::to_string(first.body.int64_or("id", 0));
  CHECK(
      client
          .post(project + "/phases", R"({"description":"Part","parentPhase":{"id":)" + below + "}}")
          .status == 201);
  CHECK(client
            .post("/project/projects/401/phases",
                  R"({"description":"Stray","parentPhase":{"id":)" + below + "}}")
            .status == 400);
  const std::string path = project + "/phases/" + below;
  const TestReply cleared =
      client.patch(project + "/phases/" + std::to_string(second.body.int64_or("id", 0)),
                   R"([{"op":"remove","path":"parentPhase"}])");
  CHECK(cleared.status == 200);
  CHECK(client.get("/project/projects/401/phases/" + below).status == 404);
}

TEST_CASE(
    "project tickets need a phase, take the project's board and company, and are no service "
    "tickets") {
  TestClient client;
  const std::string project = new_project(client);
  const std::string phase =
      made_at(project + "/phases", client.post(project + "/phases", R"({"description":"Plan"})"));
  const TestReply without = client.post("/project/tickets", R"({"summary":"No phase"})");
  CHECK(without.status == 400);
  CHECK(without.text.find("phase") != std::string::npos);
  const TestReply made = client.post("/project/tickets", R"({"summary":"Survey",
      "initialDescription":"Look around","phase":{"id":)" + id_of(phase) +
                                                             "}}");
  const std::string ticket = made_at("/project/tickets", made);
  CHECK(made.body.find("project")->string_or("name", "") == "Move");
  CHECK(made.body.find("company")->int64_or("id", 0) == 250);
  CHECK(made.body.find("board")->string_or("name", "") == "Project Delivery");
  CHECK(made.body.find("status")->string_or("name", "") == "New");
  CHECK(made.body.string_or("wbsCode", "") == "1.1");
  CHECK(client.get("/service/tickets/" + id_of(ticket)).status == 404);
  CHECK(client.get("/project/tickets/5012").status == 404);
  const TestReply elsewhere =
      client.patch(ticket, R"([{"op":"replace","path":"phase","value":{"id":801}}])");
  CHECK(elsewhere.status == 400);
  CHECK(elsewhere.text.find("Project Phase not found for Project") != std::string::npos);
  const TestReply closed =
      client.patch(ticket, R"([{"op":"replace","path":"status","value":{"name":"Completed"}}])");
  CHECK(closed.body.bool_or("closedFlag", false));
  CHECK(closed.body.find("closedDate") != nullptr);
  CHECK(client.remove(project).status == 400);  // it has a ticket
  CHECK(client.remove(ticket).status == 204);
  CHECK(client.remove(project).status == 204);
  CHECK(client.get(phase).status == 404);
}

TEST_CASE("time on a project ticket adds up through phase and project, and goes again") {
  TestClient client;
  const std::string project = new_project(client);
  const std::string phase =
      made_at(project + "/phases", client.post(project + "/phases", R"({"description":"Plan"})"));
  const std::string ticket = made_at(
      "/project/tickets", client.post("/project/tickets", R"({"summary":"Survey","phase":{"id":)" +
                                                              id_of(phase) + "}}"));
  const TestReply made = client.post(
      "/time/entries", R"({"chargeToType":"ProjectTicket","chargeToId":)" + id_of(ticket) +
                           R"(,"timeStart":"2026-03-11T08:00:00Z","timeEnd":"2026-03-11T10:30:00Z",
      "notes":"Walked through the rooms"})");
  const std::string entry = made_at("/time/entries", made);
  CHECK(made.body.find("project")->string_or("name", "") == "Move");
  CHECK(made.body.find("phase")->string_or("name", "") == "Plan");
  for (const std::string& path : {ticket, phase, project}) CHECK(hours(client, path) == 2.5);
  const TestReply all = client.get(ticket + "/allNotes");
  REQUIRE(all.size() == 1);
  CHECK(all.body.if_array()->front().string_or("noteType", "") == "TimeEntryNote");
  CHECK(client.get(ticket + "/timeentries").size() == 1);
  CHECK(client.get(ticket + "/timeentries/count").body.int64_or("count", 0) == 1);
  CHECK(client.remove(entry).status == 204);
  for (const std::string& path : {ticket, phase, project}) CHECK(hours(client, path) == 0);
}

TEST_CASE("allNotes of a project ticket has its notes and time, filtered and paged as any list") {
  TestClient client;
  const std::string ticket = "/project/tickets/90001";
  const std::size_t before = client.get(ticket + "/allNotes?pageSize=1000").size();
  client.post(ticket + "/notes", R"({"text":"Wait for parts","internalAnalysisFlag":true})");
  client.post("/time/entries", R"({"chargeToType":"ProjectTicket","chargeToId":90001,
      "timeStart":"2026-03-11T08:00:00Z","actualHours":1,"notes":"Fitted"})");
  CHECK(client.get(ticket + "/allNotes?pageSize=1000").size() == before + 2);
  CHECK(client.get(ticket + "/allNotes?pageSize=1").size() == 1);
  CHECK(client.find(ticket + "/allNotes", "text = 'Wait for parts'").size() == 1);
  CHECK(client.get("/project/tickets/5012/allNotes").status == 404);
}

TEST_CASE("a project's team: each member once in a role") {
  TestClient client;
  const std::string project = new_project(client);
  const char* body = R"({"member":{"identifier":"tbecker"},"projectRole":{"id":2}})";
  const TestReply made = client.post(project + "/teamMembers", body);
  const std::string path = made_at(project + "/teamMembers", made);
  CHECK(made.body.find("projectRole")->string_or("identifier", "") == "Engineer");
  CHECK(made.body.find("workRole") != nullptr);
  CHECK(client.post(project + "/teamMembers", body).text.find("ObjectExists") != std::string::npos);
  CHECK(client.post(project + "/teamMembers", R"({"member":{"id":1}})").status == 400);
  CHECK(client.patch(path, R"([{"op":"replace","path":"hours","value":12.5}])").status == 200);
  CHECK(client.get("/project/projects/401/teamMembers").size() == 2);
}

TEST_CASE("tasks stand below project tickets as they do below service tickets") {
  TestClient client;
  const TestReply made =
      client.post("/project/tickets/90001/tasks", R"({"notes":"Label cables","priority":1})");
  const std::string path = made_at("/project/tickets/90001/tasks", made);
  CHECK(made.body.int64_or("ticketId", 0) == 90001);
  CHECK(client.patch(path, R"([{"op":"replace","path":"closedFlag","value":true}])")
            .body.bool_or("closedFlag", false));
  CHECK(client.remove(path).status == 204);
  for (const char* link : {"documents", "products", "scheduleentries", "activities"}) {
    CHECK(client.get(std::string("/project/tickets/90001/") + link).status == 200);
  }
}
