// The standard operations on the other resources, and their particular rules.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

struct Case {
  const char* path;
  const char* body;
  const char* patch_path;
  const char* patch_value;
};

}  // namespace

TEST_CASE("records of each writable resource are made, changed, replaced and deleted") {
  TestClient client;
  const Case cases[] = {
      {"/service/boards",
       R"({"name":"Test","location":{"id":1},"department":{"identifier":"Service"}})", "name",
       "\"Other\""},
      {"/service/boards/2/statuses", R"({"name":"Parked"})", "sortOrder", "55"},
      {"/service/boards/2/types", R"({"name":"Fax"})", "category", "\"Proactive\""},
      {"/service/boards/2/subtypes", R"({"name":"Jam","typeAssociationIds":[7]})", "name",
       "\"Jam!\""},
      {"/service/boards/2/items", R"({"name":"Tray"})", "name", "\"Tray 2\""},
      {"/service/boards/2/teams", R"({"name":"Night","teamLeader":{"identifier":"jdoe"}})", "name",
       "\"Late\""},
      {"/service/priorities", R"({"name":"Whenever","color":"Gray"})", "sortOrder", "9"},
      {"/service/sources", R"({"name":"Pigeon"})", "name", "\"Raven\""},
      {"/company/companies", R"({"identifier":"NewCo","name":"New Company"})", "city", "\"Salem\""},
      {"/company/companies/250/sites", R"({"name":"Depot"})", "city", "\"Salem\""},
      {"/company/contacts", R"({"firstName":"Ada","company":{"id":250}})", "lastName",
       "\"Lovelace\""},
      {"/time/workTypes",
       R"({"name":"Night","billTime":"Billable","rateType":"Multiplier","rate":2})", "rate", "3"},
      {"/time/workRoles", R"({"name":"Wizard"})", "hourlyRate", "300"},
      {"/sales/stages", R"({"name":"Dreaming","probability":{"id":1}})", "sequenceNumber", "0"},
      {"/sales/opportunities/statuses", R"({"name":"Frozen"})", "closedFlag", "true"},
      {"/sales/opportunities/types", R"({"description":"Training"})", "inactiveFlag", "true"},
      {"/sales/opportunities/301/notes", R"({"text":"Called."})", "flagged", "true"},
      {"/company/companies/statuses", R"({"name":"Dormant"})", "notifyFlag", "true"},
      {"/company/companies/types", R"({"name":"Partner"})", "vendorFlag", "true"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.path);
    const TestReply made = client.post(one.path, one.body);
    CAPTURE(made.text);
    REQUIRE(made.status == 201);
    const std::string path =
        std::string(one.path) + "/" + std::to_string(made.body.int64_or("id", 0));
    const TestReply patched =
        client.patch(path, std::string(R"([{"op":"replace","path":")") + one.patch_path +
                               R"(","value":)" + one.patch_value + "}]");
    CHECK(patched.status == 200);
    CHECK(patched.text.find(one.patch_path) != std::string::npos);
    CHECK(client.put(path, one.body).status == 200);
    CHECK(client.get(path).status == 200);
    CHECK(client.remove(path).status == 204);
    CHECK(client.get(path).status == 404);
    CHECK(client.post(one.path, "{}").status == 400);
  }
}

TEST_CASE("a status of one board is not under another") {
  TestClient client;
  CHECK(client.get("/service/boards/2/statuses/8").status == 200);
  CHECK(client.get("/service/boards/1/statuses/8").status == 404);
}

TEST_CASE("companies: ambiguous names, one identifier each, years in range") {
  TestClient client;
  CHECK(client.find("/company/companies", "name contains 'acme'").size() == 2);
  CHECK(client.find("/company/companies", "name = 'acme corp'").size() == 1);
  const TestReply twice =
      client.post("/company/companies", R"({"identifier":"acmecorp","name":"x"})");
  CHECK(twice.status == 400);
  CHECK(twice.text.find("ObjectExists") != std::string::npos);
  const TestReply year = client.patch(
      "/company/companies/250", R"([{"op":"replace","path":"yearEstablished","value":1200}])");
  CHECK(year.text.find("The field yearEstablished must be between 1900 and 9999.") !=
        std::string::npos);
  const TestReply made = client.post("/company/companies", R"({"identifier":"Typed","name":"Typed",
      "types":[{"id":1},{"name":"Vendor"}]})");
  CHECK(made.body.find("types")->if_array()->size() == 2);
}

TEST_CASE("contacts keep mail and phone in communicationItems") {
  TestClient client;
  const TestReply made = client.post("/company/contacts", R"({"firstName":"Ada","lastName":"King",
      "company":{"identifier":"AcmeCorp"},"communicationItems":[
        {"type":{"name":"Email"},"value":"ada@acme.example","defaultFlag":true,
         "communicationType":"Email"},
        {"type":{"id":2},"value":"5551234567","defaultFlag":true,"communicationType":"Phone"}]})");
  REQUIRE(made.status == 201);
  CHECK(made.body.string_or("defaultPhoneNbr", "") == "5551234567");
  CHECK(made.body.string_or("defaultPhoneType", "") == "Direct");
  CHECK(client
            .get("/company/contacts/count?childConditions=communicationItems/value like "
                 "'ada%25'")
            .body.int64_or("count", 0) == 1);
  CHECK(client.find("/company/contacts", "name = 'Ada King'").status == 400);
  CHECK(client.find("/service/tickets", "contact/name like 'Ada%'").status == 200);
}

TEST_CASE("opportunities: required fields, probability by stage, closing by status") {
  TestClient client;
  const TestReply bare = client.post("/sales/opportunities", R"({"name":"Big"})");
  CHECK(bare.status == 400);
  CHECK(bare.body.find("errors")->if_array()->size() == 3);
  const TestReply made = client.post("/sales/opportunities", R"({"name":"Big",
      "primarySalesRep":{"identifier":"jdoe"},"company":{"id":250},"contact":{"id":1},
      "stage":{"name":"Proposal Sent"}})");
  REQUIRE(made.status == 201);
  CHECK(made.body.find("status")->string_or("name", "") == "Open");
  CHECK(made.body.find("probability")->string_or("name", "") == "60");
  CHECK(made.body.find("revenue") == nullptr);
  const std::string path = "/sales/opportunities/" + std::to_string(made.body.int64_or("id", 0));
  const TestReply won =
      client.patch(path, R"([{"op":"replace","path":"status","value":{"name":"Won"}}])");
  CHECK(won.body.string_or("closedDate", "") == "2026-03-11T15:04:05Z");
  CHECK(won.body.find("closedBy")->string_or("identifier", "") == "srivera");
  CHECK(client.get(path + "/forecast").body.find("forecastItems")->if_array()->empty());
  const TestReply forecast = client.post(path + "/forecast", R"({"forecastItems":[
      {"forecastType":"Product","revenue":1000.5,"cost":400},
      {"forecastType":"Service","revenue":500,"includeFlag":false}]})");
  REQUIRE(forecast.status == 201);
  CHECK(forecast.text.find(R"("forecastRevenueTotals":{"id":)") != std::string::npos);
  CHECK(*forecast.body.find("forecastRevenueTotals")->find("revenue")->as_double() == 1000.5);
  CHECK(*forecast.body.find("inclusiveRevenueTotals")->find("revenue")->as_double() == 1500.5);
  const std::int64_t item =
      forecast.body.find("forecastItems")->if_array()->front().int64_or("id", 0);
  const std::string item_path = path + "/forecast/" + std::to_string(item);
  CHECK(client.patch(item_path, R"([{"op":"replace","path":"revenue","value":2000}])").status ==
        200);
  CHECK(*client.get(path + "/forecast").body.find("productRevenue")->find("margin")->as_double() ==
        1600);
  CHECK(client.remove(item_path).status == 204);
  CHECK(client.remove(path).status == 204);
}

TEST_CASE("John Doe has open opportunities in the stage Proposal Sent") {
  TestClient client;
  const TestReply open =
      client.find("/sales/opportunities",
                  "primarySalesRep/identifier='jdoe' and stage/name='Proposal Sent' "
                  "and status/name='Open'");
  CHECK(open.size() >= 5);
}

TEST_CASE("board teams name their board and members") {
  TestClient client;
  const TestReply teams = client.get("/service/boards/4/teams");
  REQUIRE(teams.size() == 1);
  const json::Value& team = teams.body.if_array()->front();
  CHECK(team.int64_or("boardId", 0) == 4);
  CHECK(team.find("members")->if_array()->size() == 3);
  CHECK(team.find("teamLeader")->string_or("identifier", "") == "ppatel");
}
