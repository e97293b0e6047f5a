// The audit trail, the caller's own account, offices, documents.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string multipart(const std::vector<std::pair<std::string, std::string>>& fields,
                      std::string_view file_name, std::string_view content) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body +=
        "--b0und\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
  if (!file_name.empty()) {
    body += "--b0und\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" +
            std::string(file_name) + "\"\r\nContent-Type: image/png\r\n\r\n" +
            std::string(content) + "\r\n";
  }
  return body + "--b0und--\r\n";
}

TestReply upload(TestClient& client, std::string body) {
  return client.send(http::Method::post, "/system/documents", std::move(body),
                     {{"Content-Type", "multipart/form-data; boundary=b0und"}});
}

}  // namespace

TEST_CASE("the audit trail tells what writes changed, of one record") {
  TestClient client;
  const TestReply made =
      client.post("/service/tickets", R"({"summary":"Old","company":{"id":250}})");
  const std::string id = std::to_string(made.body.int64_or("id", 0));
  client.patch("/service/tickets/" + id, R"([{"op":"replace","path":"summary","value":"New"},
      {"op":"replace","path":"priority","value":{"name":"Priority 1 - Critical"}}])");
  const std::string path = "/system/audittrail?type=Ticket&id=" + id;
  const TestReply trail = client.get(path + "&pageSize=1000");
  REQUIRE(trail.status == 200);
  CAPTURE(trail.text);
  REQUIRE(trail.size() >= 2);
  const json::Value& first = trail.body.if_array()->front();
  CHECK(first.string_or("text", "") == "The record has been created.");
  CHECK(first.string_or("auditType", "") == "Ticket");
  CHECK(first.string_or("enteredDate", "") == "2026-03-11T15:04:05Z");
  CHECK(first.find("id") == nullptr);
  CHECK(first.find("_info") == nullptr);
  CHECK(trail.text.find(R"(summary has been changed from \"Old\" to \"New\".)") !=
        std::string::npos);
  CHECK(client.get("/system/audittrail/count?type=Ticket&id=" + id).body.int64_or("count", 0) ==
        static_cast<std::int64_t>(trail.size()));
  CHECK(client.get(path + "&conditions=text contains 'created'").size() == 1);
  CHECK(client.get(path + "&fields=text").body.if_array()->front().find("enteredBy") == nullptr);
}

TEST_CASE("a legacy report is rows of plain values beside the columns that they stand in") {
  TestClient client;
  const TestReply names = client.get("/system/reports");
  REQUIRE(names.status == 200);
  CHECK(names.text.find(R"({"name":"Service"})") != std::string::npos);
  const TestReply columns = client.get("/system/reports/Service/columns");
  REQUIRE(columns.status == 200);
  CHECK(columns.text.find(R"({"summary":{"type":"Text","isNullable":false,)") != std::string::npos);
  const std::string narrowed = "?conditions=closedFlag=true&orderBy=id desc";
  const TestReply report =
      client.get("/system/reports/service" + narrowed + "&fields=id,closedFlag&pageSize=3");
  REQUIRE(report.status == 200);
  CAPTURE(report.text);
  CHECK(report.body.find("column_definitions")->if_array()->size() == 2);
  const json::Array& rows = *report.body.find("row_values")->if_array();
  REQUIRE(rows.size() == 3);
  const TestReply tickets = client.get("/service/tickets" + narrowed + "&fields=id&pageSize=3");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json::Array& row = *rows[i].if_array();
    REQUIRE(row.size() == 2);
    CHECK(row[0].as_int64() == tickets.body.if_array()->at(i).int64_or("id", -1));
    CHECK(*row[1].if_bool());
  }
  CHECK(client.get("/system/reports/Service/count" + narrowed).body.int64_or("count", 0) ==
        client.get("/service/tickets/count" + narrowed).body.int64_or("count", -1));
  CHECK(client.get("/system/reports/Nothing").status == 404);
  CHECK(client.get("/system/reports/Service?conditions=nothing=1").status == 400);
}

TEST_CASE("the audit trail refuses unknown types and unknown ids with 400, not 404") {
  TestClient client;
  CHECK(client.get("/system/audittrail?type=Ticket&id=999999").status == 400);
  CHECK(client.get("/system/audittrail?type=Nonsense&id=5012").message() ==
        "Enum value supplied was invalid");
  CHECK(client.get("/system/audittrail?type=Ticket").status == 400);
  CHECK(client.get("/system/audittrail?id=5012").status == 400);
  for (const char* type : {"Ticket", "Company", "Contact", "Agreement", "Invoice", "Time",
                           "Expense", "PurchaseOrder", "Project", "Opportunity", "Configuration"}) {
    CAPTURE(type);
    CHECK(client.get(std::string("/system/audittrail?type=") + type + "&id=999999").code() ==
          "NotFound");
  }
}

TEST_CASE("the audit trail knows no forward-only pages") {
  TestClient client;
  const TestReply trail =
      client.send(http::Method::get, "/system/audittrail?type=Ticket&id=5012&pageSize=1", {},
                  {{"pagination-type", "forward-only"}});
  CHECK(trail.status == 200);
  CHECK(trail.header("Link").find("pageId") == std::string_view::npos);
}

TEST_CASE("recent seeded tickets have a trail from before") {
  TestClient client;
  CHECK(client.get("/system/audittrail?type=Ticket&id=5012").size() >= 1);
}

TEST_CASE("the caller is a member: myMembers, and myAccount by one's own id") {
  TestClient client;
  const TestReply me = client.get("/system/myMembers");
  REQUIRE(me.status == 200);
  const std::string id = std::to_string(me.body.int64_or("id", 0));
  CHECK(client.get("/system/members/" + id).body.string_or("identifier", "") ==
        me.body.string_or("identifier", "-"));
  CHECK(me.body.find("_info") != nullptr);
  CHECK(client.get("/system/myAccount").body.int64_or("id", 0) == me.body.int64_or("id", -1));
  const TestReply account = client.get("/system/myAccount/" + id);
  CHECK(account.status == 200);
  CHECK(account.body.find("hourlyCost") == nullptr);
  CHECK(client.get("/system/myAccount/1").status == 404);
  CHECK(client.get("/system/myMembers?fields=identifier").text ==
        R"({"identifier":")" + std::string(me.body.string_or("identifier", "")) + "\"}");
}

TEST_CASE("offices have an address, hours, a head and departments") {
  TestClient client;
  const TestReply east = client.get("/system/locations/2");
  CHECK(east.body.string_or("overrideCity", "") == "Boston");
  CHECK(east.body.find("manager")->string_or("identifier", "") == "pnovak");
  CHECK(east.body.find("reportsTo")->string_or("name", "") == "Headquarters");
  CHECK(client.get("/schedule/calendars/1").body.string_or("mondayStartTime", "") == "08:00:00");
  CHECK(client.get("/system/locations/1/departments").size() == 4);
  CHECK(client.get("/system/locations/2/departments").size() == 2);
  CHECK(client.get("/system/departments/1/locations").size() == 4);
  CHECK(client.post("/system/locations", R"({"name":"North"})").status == 400);
  CHECK(client.post("/system/locations", R"({"name":"North","structureLevel":{"name":"Office"}})")
            .status == 201);
}

TEST_CASE("a document goes up by multipart, is listed with its record, and comes down unchanged") {
  TestClient client;
  const std::string content("\x89PNG\r\n\0\xff--b0und \n", 18);
  const TestReply made = upload(client, multipart({{"recordType", "Ticket"},
                                                   {"recordId", "5012"},
                                                   {"title", "Screenshot"},
                                                   {"privateFlag", "true"},
                                                   {"readOnlyFlay", "true"}},
                                                  "screen \"1\".png", content));
  CAPTURE(made.text);
  REQUIRE(made.status == 201);
  CHECK(made.body.string_or("title", "") == "Screenshot");
  CHECK(made.body.int64_or("size", 0) == 18);
  CHECK(made.body.bool_or("readOnlyFlag", false));
  CHECK_FALSE(made.body.bool_or("publicFlag", true));
  const std::string id = std::to_string(made.body.int64_or("id", 0));
  const TestReply down = client.get("/system/documents/" + id + "/download");
  CHECK(down.status == 200);
  CHECK(down.text == content);
  CHECK(down.header("Content-Type") == "application/octet-stream");
  CHECK(down.header("Content-Disposition").starts_with("attachment; filename=\"screen "));
  const std::string list = "/system/documents?recordType=Ticket&recordId=5012";
  CHECK(client.get(list + "&conditions=title='Screenshot'").size() == 1);
  CHECK(client.get("/service/tickets/5012/documents").text.find("\"id\":" + id) !=
        std::string::npos);
  CHECK(
      client.get("/system/documents?recordType=Ticket&recordId=40592&conditions=id=" + id).size() ==
      0);
  CHECK(client.remove("/system/documents/" + id).status == 204);
  CHECK(client.get("/system/documents/" + id + "/download").status == 404);
}

TEST_CASE("documents refuse JSON, unknown records and forms without a file") {
  TestClient client;
  const TestReply json =
      client.post("/system/documents", R"({"recordType":"Ticket","recordId":5012})");
  CHECK(json.status == 415);
  CHECK(json.code() == "InvalidObject");
  CHECK(upload(client, multipart({{"recordType", "Ticket"}, {"recordId", "5012"}}, "", ""))
            .text.find("file is required.") != std::string::npos);
  CHECK(upload(client, multipart({{"recordId", "5012"}}, "a.txt", "x")).status == 400);
  CHECK(upload(client, multipart({{"recordType", "Ticket"}}, "a.txt", "x")).status == 400);
  CHECK(upload(client, multipart({{"recordType", "Ticket"}, {"recordId", "999999"}}, "a.txt", "x"))
            .status == 404);
  CHECK(upload(client, multipart({{"recordType", "Sandwich"}, {"recordId", "1"}}, "a.txt", "x"))
            .status == 400);
  CHECK(upload(client, multipart({{"recordType", "Company"}, {"recordId", "999999"}}, "a.txt", "x"))
            .status == 404);
  CHECK(upload(client, "--b0und\r\nContent-Disposition: form-data; name=\"file\"").status >= 400);
}

TEST_CASE("a link is a document without a file") {
  TestClient client;
  const TestReply made = upload(client, multipart({{"recordType", "Company"},
                                                   {"recordId", "250"},
                                                   {"title", "Wiki"},
                                                   {"url", "https://wiki.example/acme"}},
                                                  "", ""));
  REQUIRE(made.status == 201);
  CHECK(made.body.bool_or("urlFlag", false));
}
