// Time sheets and expense reports on their way, what is locked meanwhile, and closed periods.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

// Work of the API's member at the time of the test client's clock.
TestReply enter_time(TestClient& client, const std::string& start = "2026-03-11T08:00:00Z") {
  return client.post("/time/entries", R"({"chargeToType":"ServiceTicket","chargeToId":5012,
      "actualHours":1,"notes":"Looked at it","timeStart":")" +
                                          start + "\"}");
}

TestReply enter_expense(TestClient& client, const std::string& amount = "12.5") {
  return client.post("/expense/entries", R"({"chargeToType":"ServiceTicket","chargeToId":5012,
      "type":{"name":"Parking"},"date":"2026-03-11T00:00:00Z","amount":)" +
                                             amount + "}");
}

std::string sheet_of(const TestReply& entry) {
  return "/time/sheets/" + std::to_string(entry.body.find("timeSheet")->int64_or("id", 0));
}

std::string report_of(const TestReply& entry) {
  return "/expense/reports/" + std::to_string(entry.body.find("expenseReport")->int64_or("id", 0));
}

std::string status(TestClient& client, const std::string& path) {
  return std::string(client.get(path).body.string_or("status", ""));
}

std::string at(const std::string& path, const TestReply& made) {
  CAPTURE(made.text);
  REQUIRE(made.status == 201);
  return path + std::to_string(made.body.int64_or("id", 0));
}

constexpr const char* kNotes = R"([{"op":"replace","path":"notes","value":"More words"}])";

}  // namespace

TEST_CASE("a time sheet is submitted, approved and reversed, and its entries go along") {
  TestClient client;
  const TestReply made = enter_time(client);
  const std::string entry = at("/time/entries/", made);
  const std::string sheet = sheet_of(made);
  CHECK(status(client, sheet) == "Open");
  const TestReply submitted = client.post(sheet + "/submit", "");
  CHECK(submitted.status == 201);
  CHECK(submitted.body.bool_or("success", false));
  CHECK(status(client, sheet) == "PendingApproval");
  CHECK(status(client, entry) == "PendingApproval");
  CHECK(client.post(sheet + "/approve", "").status == 201);
  CHECK(status(client, sheet) == "ApprovedByTierTwo");
  CHECK(client.post(sheet + "/reverse", "").status == 201);
  CHECK(status(client, entry) == "Open");
}

TEST_CASE("steps out of turn are refused and change nothing") {
  TestClient client;
  const std::string sheet = sheet_of(enter_time(client));
  for (const char* step : {"/approve", "/reject", "/reverse"}) {
    CAPTURE(step);
    const TestReply refused = client.post(sheet + step, "");
    CHECK(refused.status == 400);
    CHECK(refused.text.find("InvalidOperation") != std::string::npos);
  }
  client.post(sheet + "/submit", "");
  CHECK(client.post(sheet + "/submit", "").status == 400);
  CHECK(status(client, sheet) == "PendingApproval");
  CHECK(client.post("/time/sheets/1/submit", "").status == 404);
}

TEST_CASE("a submitted time sheet is locked until it is rejected") {
  TestClient client;
  const TestReply made = enter_time(client);
  const std::string entry = at("/time/entries/", made);
  client.post(sheet_of(made) + "/submit", "");
  const TestReply changed = client.patch(entry, kNotes);
  CHECK(changed.status == 400);
  CHECK(changed.text.find("has been submitted") != std::string::npos);
  CHECK(enter_time(client, "2026-03-10T08:00:00Z").status == 400);  // the same week
  CHECK(client.remove(entry).status == 400);
  CHECK(enter_time(client, "2026-03-03T08:00:00Z").text.find("has been submitted") ==
        std::string::npos);
  client.post(sheet_of(made) + "/reject", "");
  CHECK(status(client, entry) == "Rejected");
  CHECK(client.patch(entry, kNotes).status == 200);
  CHECK(client.post(sheet_of(made) + "/submit", "").status == 201);
}

TEST_CASE("time cannot be moved out of a submitted sheet, nor into one") {
  TestClient client;
  const TestReply made = enter_time(client);
  const std::string entry = at("/time/entries/", made);
  client.post(sheet_of(made) + "/submit", "");
  const TestReply moved = client.patch(entry, R"([
      {"op":"replace","path":"timeStart","value":"2026-03-17T08:00:00Z"},
      {"op":"replace","path":"timeEnd","value":"2026-03-17T09:00:00Z"}])");
  CHECK(moved.status == 400);
}

TEST_CASE("a sheet's hours are those of its entries") {
  TestClient client;
  const TestReply made = enter_time(client);
  const std::string sheet = sheet_of(made);
  const double before = client.get(sheet).body.find("hours")->as_double().value_or(0);
  enter_time(client, "2026-03-11T10:00:00Z");
  CHECK(client.get(sheet).body.find("hours")->as_double().value_or(0) == before + 1);
}

TEST_CASE("there is no time outside the periods that are set up") {
  TestClient client;
  for (const char* start : {"2020-03-11T08:00:00Z", "2027-03-11T08:00:00Z"}) {
    CAPTURE(start);
    const TestReply refused = enter_time(client, start);
    CHECK(refused.status == 400);
    CHECK(refused.text.find("report periods") != std::string::npos);
  }
  const TestReply setups = client.get("/time/timePeriodSetups");
  REQUIRE(setups.size() == 1);
  // The week of today is one of them.
  CHECK(client
            .find("/time/timePeriodSetups/1/periods",
                  "startDate <= [2026-03-11] and endDate >= [2026-03-11]")
            .size() == 1);
}

TEST_CASE("an expense report adds up, and is locked from submission to rejection") {
  TestClient client;
  const TestReply made = enter_expense(client);
  const std::string entry = at("/expense/entries/", made);
  const std::string report = report_of(made);
  const double before = client.get(report).body.find("total")->as_double().value_or(0);
  const std::string second = at("/expense/entries/", enter_expense(client, "7.5"));
  CHECK(client.get(report).body.find("total")->as_double().value_or(0) == before + 7.5);
  CHECK(client.post(report + "/submit", "").status == 201);
  CHECK(status(client, entry) == "PendingApproval");
  CHECK(client.patch(entry, kNotes).text.find("has been submitted") != std::string::npos);
  CHECK(enter_expense(client).status == 400);
  CHECK(client.remove(second).status == 400);
  CHECK(client.post(report + "/reject", "").status == 201);
  CHECK(client.remove(second).status == 204);
  CHECK(client.get(report).body.find("total")->as_double().value_or(0) == before);
  CHECK(client.post(report + "/submit", "").status == 201);
  CHECK(client.post(report + "/approve", "").status == 201);
  CHECK(status(client, entry) == "ApprovedByTierTwo");
  CHECK(client.post(report + "/reverse", "").status == 201);
  CHECK(status(client, report) == "Open");
}

TEST_CASE("an expense goes without an amount to bill where its type is not billed") {
  TestClient client;
  const TestReply meal = client.post("/expense/entries", R"({"chargeToType":"ServiceTicket",
      "chargeToId":5012,"type":{"name":"Meals"},"date":"2026-03-11T00:00:00Z","amount":20})");
  CHECK(meal.text.find(R"("invoiceAmount":0.0)") != std::string::npos);
  CHECK(meal.body.find("paymentMethod")->string_or("name", "") == "Cash");
  CHECK(enter_expense(client).text.find(R"("billAmount":12.5)") != std::string::npos);
}
