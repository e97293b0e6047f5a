// Writing tickets and notes.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string_view name_of(const TestReply& reply, std::string_view reference) {
  const json::Value* value = reply.body.find(reference);
  return value == nullptr ? "<absent>" : value->string_or("name", "");
}

const json::Value& error(const TestReply& reply, std::size_t index = 0) {
  static const json::Value kNone;
  const json::Value* errors = reply.body.find("errors");
  if (errors == nullptr || errors->if_array()->size() <= index) return kNone;
  return (*errors->if_array())[index];
}

constexpr const char* kTicket = "/service/tickets/5012";

}  // namespace

TEST_CASE("a ticket needs a summary and a company; the rest has defaults") {
  TestClient client;
  const TestReply made =
      client.post("/service/tickets", R"({"summary":"Mouse broken","company":{"id":250}})");
  REQUIRE(made.status == 201);
  CHECK(name_of(made, "board") == "Service Desk");
  CHECK(name_of(made, "status") == "New");
  CHECK(name_of(made, "priority") == "Medium");
  CHECK(name_of(made, "type") == "Workstation");
  CHECK(name_of(made, "site") == "Main");
  CHECK(made.body.string_or("severity", "") == "Medium");
  CHECK_FALSE(made.body.bool_or("closedFlag", true));
  CHECK(made.body.find("_info")->string_or("enteredBy", "") == "srivera");
  CHECK(made.body.find("_info")->string_or("dateEntered", "") == "2026-03-11T15:04:05Z");
  CHECK(made.body.int64_or("id", 0) > 40'000);

  const TestReply missing = client.post("/service/tickets", "{}");
  CHECK(missing.status == 400);
  CHECK(missing.text ==
        "{\r\n  \"code\": \"InvalidObject\",\r\n  \"message\": \"ticket object is invalid\",\r\n"
        "  \"errors\": [\r\n    {\r\n      \"code\": \"MissingRequiredField\",\r\n"
        "      \"message\": \"summary is required.\",\r\n      \"resource\": \"ticket\",\r\n"
        "      \"field\": \"summary\"\r\n    },\r\n    {\r\n"
        "      \"code\": \"MissingRequiredField\",\r\n"
        "      \"message\": \"company is required.\",\r\n      \"resource\": \"ticket\",\r\n"
        "      \"field\": \"company\"\r\n    }\r\n  ]\r\n}");
  const TestReply long_summary = client.post(
      "/service/tickets", R"({"summary":")" + std::string(101, 'x') + R"(","company":{"id":250}})");
  CHECK(error(long_summary).string_or("code", "") == "OutOfRange");
  // A hundred characters, whatever they weigh.
  std::string accented;
  for (int i = 0; i < 100; ++i) accented += "é";
  const TestReply full =
      client.post("/service/tickets", R"({"summary":")" + accented + R"(","company":{"id":250}})");
  CHECK(full.status == 201);
}

TEST_CASE("the article's new ticket: high priority, Acme Corp, Emergency Escalations") {
  TestClient client;
  const TestReply made = client.post("/service/tickets",
                                     R"({"summary":"Primary firewall down in London office",
                                     "board":{"name":"Emergency Escalations"},
                                     "company":{"name":"acme corp"},
                                     "priority":{"name":"High"},
                                     "owner":{"identifier":"jdoe"},
                                     "initialDescription":"No traffic since 14:00.",
                                     "initialInternalAnalysis":"HA pair?"})");
  REQUIRE(made.status == 201);
  CHECK(name_of(made, "board") == "Emergency Escalations");
  CHECK(name_of(made, "company") == "Acme Corp");
  CHECK(name_of(made, "priority") == "High");
  CHECK(made.body.string_or("resources", "") == "jdoe");
  CHECK(made.body.find("initialDescription") == nullptr);
  const std::string path = "/service/tickets/" + std::to_string(made.body.int64_or("id", 0));
  const TestReply notes =
      client.get(path + "/notes?fields=text,detailDescriptionFlag,internalFlag");
  CHECK(notes.text ==
        R"([{"text":"No traffic since 14:00.","detailDescriptionFlag":true,"internalFlag":false},)"
        R"({"text":"HA pair?","detailDescriptionFlag":false,"internalFlag":true}])");
  CHECK(client.get(path + "/allNotes").size() == 2);
}

TEST_CASE("status, type, subtype, item and team belong to the ticket's board") {
  TestClient client;
  const TestReply status = client.patch(
      kTicket, R"([{"op":"replace","path":"status","value":{"name":"Major Incident"}}])");
  CHECK(status.status == 400);
  CHECK(status.message() == "ticket object is invalid");
  CHECK(error(status).string_or("code", "") == "NotFound");
  CHECK(error(status).string_or("message", "") == "Service Status not found for Service Board 2");
  CHECK(error(status).string_or("field", "") == "status/name");
  const TestReply type = client.patch(kTicket, R"([{"op":"replace","path":"type/id","value":1}])");
  CHECK(error(type).string_or("message", "") == "Service Type not found for Service Board 2");
  CHECK(error(type).string_or("field", "") == "type/id");
  // A subtype of the board, but not with this type.
  const TestReply desk = client.post("/service/tickets",
                                     R"({"summary":"x","company":{"id":250},
                                     "board":{"name":"Service Desk"},"type":{"name":"Email"},
                                     "subType":{"name":"Printer offline"}})");
  CHECK(desk.status == 400);
  CHECK(error(desk).string_or("field", "") == "subType/id");
  const TestReply item = client.post("/service/tickets",
                                     R"({"summary":"x","company":{"id":250},
                                     "board":{"name":"Service Desk"},"type":{"name":"Email"},
                                     "subType":{"name":"Outlook"},"item":{"name":"Laptop"}})");
  CHECK(error(item).string_or("field", "") == "item/id");
  const TestReply right = client.post("/service/tickets",
                                      R"({"summary":"x","company":{"id":250},
                                      "board":{"name":"Service Desk"},"type":{"name":"Email"},
                                      "subType":{"name":"Outlook"},"item":{"name":"Profile"}})");
  CHECK(right.status == 201);
  const TestReply combinations = client.get(
      "/service/boards/1/typeSubTypeItemAssociations?conditions=type/name='Email' and "
      "subType/name='Outlook' and item/inactiveFlag=false");
  CHECK(combinations.size() == 1);
}

TEST_CASE("a ticket that moves takes the new board's status and type along") {
  TestClient client;
  const TestReply moved = client.patch(kTicket, R"([
      {"op":"replace","path":"priority","value":{"name":"High"}},
      {"op":"replace","path":"/board","value":{"name":"Server Team"}}])");
  REQUIRE(moved.status == 200);
  CHECK(name_of(moved, "board") == "Server Team");
  CHECK(name_of(moved, "status") == "New");
  CHECK(name_of(moved, "type") == "Server");
  CHECK(name_of(moved, "subType") == "<absent>");
  CHECK(name_of(moved, "item") == "<absent>");
  CHECK(name_of(moved, "team") == "<absent>");
  CHECK(name_of(moved, "priority") == "High");
  // The status of the new board, whatever the order of the operations.
  const TestReply again = client.patch(kTicket, R"([
      {"op":"replace","path":"status/name","value":"Major Incident"},
      {"op":"replace","path":"board/name","value":"Emergency Escalations"}])");
  REQUIRE(again.status == 200);
  CHECK(name_of(again, "status") == "Major Incident");
}

TEST_CASE("closedFlag follows the status, and closing leaves its marks") {
  TestClient client;
  const TestReply closed =
      client.patch(kTicket, R"([{"op":"replace","path":"status","value":{"name":"Closed"}}])");
  REQUIRE(closed.status == 200);
  CHECK(closed.body.bool_or("closedFlag", false));
  CHECK(closed.body.string_or("closedDate", "") == "2026-03-11T15:04:05Z");
  CHECK(closed.body.string_or("closedBy", "") == "srivera");
  const TestReply reopened =
      client.patch(kTicket, R"([{"op":"replace","path":"status/name","value":"New"}])");
  CHECK_FALSE(reopened.body.bool_or("closedFlag", true));
  CHECK(reopened.body.find("closedDate") == nullptr);
  // Ignored: it is not the caller's to set.
  CHECK(client.patch(kTicket, R"([{"op":"replace","path":"closedFlag","value":true}])")
            .body.bool_or("closedFlag", true) == false);
  // On this board a status called Closed does not close.
  const TestReply internal = client.post("/service/tickets",
                                         R"({"summary":"x","company":{"id":1},
                                         "board":{"name":"Internal IT"},
                                         "status":{"name":"Closed"}})");
  CHECK_FALSE(internal.body.bool_or("closedFlag", true));
}

TEST_CASE("patches replace, add and remove, and refuse what they cannot read") {
  TestClient client;
  const TestReply owned = client.patch(kTicket, R"([
      {"op":"add","path":"owner","value":{"identifier":"PPATEL"}},
      {"op":"replace","path":"/budgetHours","value":2},
      {"op":"Replace","path":"Summary","value":"Slow"}])");
  REQUIRE(owned.status == 200);
  CHECK(owned.body.find("owner")->string_or("identifier", "") == "ppatel");
  CHECK(owned.text.find("\"budgetHours\":2.0") != std::string::npos);
  CHECK(owned.body.string_or("summary", "") == "Slow");
  CHECK(client.patch(kTicket, R"([{"op":"remove","path":"owner"}])").body.find("owner") == nullptr);
  CHECK(client.patch(kTicket, R"([{"op":"replace","path":"owner/id","value":null}])").status ==
        200);

  const TestReply bad_path =
      client.patch(kTicket, R"([{"op":"replace","path":"colour","value":1}])");
  CHECK(bad_path.status == 400);
  CHECK(error(bad_path).string_or("message", "") == "path colour is not valid");
  CHECK(client.patch(kTicket, R"([{"op":"replace","path":"summary/x","value":1}])").status == 400);
  CHECK(client.patch(kTicket, R"([{"op":"move","path":"summary","value":"x"}])").status == 400);
  CHECK(client.patch(kTicket, R"([{"op":"remove","path":"summary"}])").status == 400);
  CHECK(client.patch(kTicket, R"({"summary":"x"})").status == 500);
  CHECK(client.patch(kTicket, R"([5])").status == 400);
  CHECK(client.patch(kTicket, "[").status == 400);
  CHECK(client.patch("/service/tickets/99", "[]").message() == "Ticket 99 not found");
  const TestReply unknown =
      client.patch(kTicket, R"([{"op":"replace","path":"company","value":{"name":"Nobody Ltd"}}])");
  CHECK(error(unknown).string_or("message", "") == "Company not found");
}

TEST_CASE("values of a wrong JSON type are the 500 that the API gives") {
  TestClient client;
  const TestReply number =
      client.post("/service/tickets", R"({"summary":"x","company":{"id":1},"budgetHours":"much"})");
  CHECK(number.status == 500);
  CHECK(number.code() == "ConnectWiseApi");
  CHECK(number.message() ==
        "Error converting value \"much\" to type 'System.Nullable`1[System.Double]'. Path "
        "'budgetHours', line 1, position 54.");
  CHECK(client.post("/service/tickets", R"({"summary":"x","board":"Triage"})").message() ==
        "Error converting value \"Triage\" to type 'BoardReference'. Path 'board', line 1, "
        "position 31.");
  CHECK(client.post("/service/tickets", R"({"approved":"maybe"})").message() ==
        "String was not recognized as a valid Boolean.");
  CHECK(client.post("/service/tickets", R"({"severity":"Awful"})").status == 500);
  CHECK(client.post("/service/tickets", R"([])").status == 500);
  const TestReply member = client.post("/service/tickets", R"({"sumary":"x"})");
  CHECK(member.status == 400);
  CHECK(member.message() ==
        "Could not find member 'sumary' on object of type 'Ticket'. Path 'sumary', line 1, "
        "position 10.Check your accept header to make sure you are using the correct version.");
}

TEST_CASE("PUT replaces: what is not there is gone, and urgency must be said") {
  TestClient client;
  const TestReply bare = client.put(kTicket, R"({"summary":"New","company":{"id":262}})");
  CHECK(bare.status == 400);
  CHECK(error(bare, 0).string_or("field", "") == "severity");
  CHECK(error(bare, 1).string_or("field", "") == "impact");
  const TestReply replaced = client.put(kTicket, R"({"summary":"New","company":{"id":262},
      "board":{"id":2},"status":{"id":8},"severity":"Low","impact":"Low"})");
  REQUIRE(replaced.status == 200);
  CHECK(name_of(replaced, "contact") == "<absent>");
  CHECK(replaced.body.find("_info")->string_or("dateEntered", "") == "2026-03-11T14:52:05Z");
}

TEST_CASE("custom fields are replaced as a whole") {
  TestClient client;
  const TestReply set = client.patch(
      kTicket, R"([{"op":"replace","path":"customFields","value":[{"id":13,"value":"V-77"},
                                                                  {"id":24,"value":true}]}])");
  REQUIRE(set.status == 200);
  CHECK(set.body.find("customFields")->if_array()->size() == 5);
  CHECK(set.text.find("\"value\":\"V-77\"") != std::string::npos);
  const TestReply less = client.patch(
      kTicket, R"([{"op":"replace","path":"customFields","value":[{"id":24,"value":false}]}])");
  CHECK(less.text.find("V-77") == std::string::npos);
  CHECK(client
            .patch(kTicket,
                   R"([{"op":"replace","path":"customFields","value":[{"id":999,"value":1}]}])")
            .status == 400);
}

TEST_CASE("notes need a flag, know their author and touch the ticket") {
  TestClient client;
  const std::string notes = std::string(kTicket) + "/notes";
  const TestReply made =
      client.post(notes, R"({"text":"Reviewed.\n\nNothing found.","internalAnalysisFlag":true})");
  REQUIRE(made.status == 201);
  CHECK(made.body.int64_or("ticketId", 0) == 5012);
  CHECK(made.body.string_or("text", "") == "Reviewed.\n\nNothing found.");
  CHECK(made.body.bool_or("internalFlag", false));
  CHECK(made.body.string_or("createdBy", "") == "srivera");
  CHECK(made.body.find("member")->string_or("identifier", "") == "srivera");
  CHECK(client.get(kTicket).body.find("_info")->string_or("lastUpdated", "") ==
        "2026-03-11T15:04:05Z");
  CHECK(client.post(notes, R"({"text":"No flag"})").status == 400);
  CHECK(client.post("/service/tickets/1/notes", R"({"text":"x"})").status == 404);
  const std::string path = notes + "/" + std::to_string(made.body.int64_or("id", 0));
  CHECK(client.patch(path, R"([{"op":"replace","path":"text","value":"Changed"}])")
            .body.string_or("text", "") == "Changed");
  CHECK(client.get(std::string(kTicket) + "/allNotes").size() == 2);
  CHECK(client.remove(path).status == 204);
  CHECK(client.get(path).status == 404);
  CHECK(client.get(std::string(kTicket) + "/allNotes").size() == 1);
  // The same note under another ticket is not there.
  const TestReply of_other = client.get("/service/tickets/40592/notes?pageSize=1");
  const std::int64_t other = of_other.body.if_array()->front().int64_or("id", 0);
  CHECK(client.get(notes + "/" + std::to_string(other)).status == 404);
}

TEST_CASE("deleting a ticket takes its notes along") {
  TestClient client;
  CHECK(client.remove(kTicket).status == 204);
  CHECK(client.get(kTicket).status == 404);
  CHECK(client.get(kTicket).message() == "Ticket 5012 not found");
  CHECK(client.get(std::string(kTicket) + "/notes").status == 404);
}

TEST_CASE("contactEmailLookup finds the company's contact") {
  TestClient client;
  const std::string mail(client.get(kTicket).body.string_or("contactEmailAddress", ""));
  const TestReply made = client.post("/service/tickets", R"({"summary":"x","company":{"id":262},
      "contactEmailLookup":")" + mail + R"("})");
  REQUIRE(made.status == 201);
  CHECK(made.body.string_or("contactEmailAddress", "") == mail);
  CHECK(name_of(made, "contact") != "<absent>");
}
