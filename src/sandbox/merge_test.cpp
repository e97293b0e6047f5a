// Tickets that take in others.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string new_ticket(TestClient& client, const std::string& board = "Triage") {
  const TestReply made =
      client.post("/service/tickets", R"({"summary":"Same matter","company":{"id":250},
          "initialDescription":"It is down","board":{"name":")" +
                                          board + "\"}}");
  REQUIRE(made.status == 201);
  return std::to_string(made.body.int64_or("id", 0));
}

std::int64_t closed_status(TestClient& client, const std::string& ticket) {
  const std::int64_t board =
      client.get("/service/tickets/" + ticket).body.find("board")->int64_or("id", 0);
  const TestReply statuses =
      client.find("/service/boards/" + std::to_string(board) + "/statuses", "closedStatus=true");
  REQUIRE(statuses.size() > 0);
  return statuses.body.if_array()->front().int64_or("id", 0);
}

}  // namespace

TEST_CASE("a merged ticket gives its notes and time away and takes the status") {
  TestClient client;
  const std::string kept = new_ticket(client);
  const std::string merged = new_ticket(client);
  client.post(
      "/time/entries",
      R"({"chargeToType":"ServiceTicket","chargeToId":)" + merged +
          R"(,"timeStart":"2026-03-11T08:00:00Z","actualHours":1.5,"notes":"Looked at it"})");
  const std::string status = std::to_string(closed_status(client, merged));
  const TestReply done =
      client.post("/service/tickets/" + kept + "/merge",
                  R"({"mergeTicketIds":[)" + merged + R"(],"status":{"id":)" + status + "}}");
  CAPTURE(done.text);
  CHECK(done.status == 201);
  CHECK(done.body.bool_or("success", false));
  const TestReply gone = client.get("/service/tickets/" + merged);
  CHECK(gone.body.bool_or("closedFlag", false));
  CHECK(gone.body.find("closedDate") != nullptr);
  CHECK(gone.body.find("mergedParentTicket")->int64_or("id", 0) == std::stoll(kept));
  CHECK(gone.text.find(R"("actualHours":0.0)") != std::string::npos);
  CHECK(client.get("/service/tickets/" + merged + "/allNotes").size() == 0);
  const TestReply now = client.get("/service/tickets/" + kept);
  CHECK(now.body.bool_or("hasMergedChildTicketFlag", false));
  CHECK(now.text.find(R"("actualHours":1.5)") != std::string::npos);
  CHECK(client.get("/service/tickets/" + kept + "/notes").size() == 2);
  CHECK(client.get("/service/tickets/" + kept + "/allNotes").size() == 3);
  CHECK(client.find("/time/entries", "chargeToId=" + kept).size() == 1);
}

TEST_CASE("a merge is all or nothing: tickets that are there, a status that each board has") {
  TestClient client;
  const std::string kept = new_ticket(client);
  const std::string merged = new_ticket(client);
  const std::string path = "/service/tickets/" + kept + "/merge";
  const std::string elsewhere =
      std::to_string(closed_status(client, new_ticket(client, "Emergency Escalations")));
  CHECK(client.post(path, R"({"status":{"id":1}})").text.find("mergeTicketIds is required.") !=
        std::string::npos);
  CHECK(client.post(path, R"({"mergeTicketIds":[)" + merged + "]}")
            .text.find("status is required.") != std::string::npos);
  const TestReply wrong = client.post(
      path, R"({"mergeTicketIds":[)" + merged + R"(],"status":{"id":)" + elsewhere + "}}");
  CHECK(wrong.status == 400);
  CHECK(wrong.text.find("Service Status not found for Service Board") != std::string::npos);
  CHECK(
      client
          .post(path, R"({"mergeTicketIds":[)" + merged + R"(,999999],"status":{"name":"Closed"}})")
          .status == 404);
  CHECK(client.post(path, R"({"mergeTicketIds":[)" + kept + R"(],"status":{"name":"Closed"}})")
            .status == 404);
  CHECK_FALSE(client.get("/service/tickets/" + merged).body.bool_or("closedFlag", true));
  CHECK(client.get("/service/tickets/" + merged + "/notes").size() == 1);
  CHECK(client.post("/service/tickets/999999/merge", "{}").status == 404);
}

TEST_CASE("children are attached to their parent, and a parent not to its child") {
  TestClient client;
  const std::string parent = new_ticket(client);
  const std::string child = new_ticket(client);
  const auto attach = [&](const std::string& to, const std::string& what) {
    return client.post("/service/tickets/" + to + "/attachChildren",
                       R"({"childTicketIds":[)" + what + "]}");
  };
  CHECK(attach(parent, child).status == 201);
  CHECK(client.get("/service/tickets/" + child).body.int64_or("parentTicketId", 0) ==
        std::stoll(parent));
  CHECK(client.get("/service/tickets/" + parent).body.bool_or("hasChildTicket", false));
  CHECK(client.find("/service/tickets", "parentTicketId=" + parent).size() == 1);
  CHECK(attach(child, parent).status == 400);
  CHECK(attach(parent, "999999").status == 404);
  CHECK(attach(parent, "").status == 400);
}
