#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string first_error(const TestReply& reply) {
  const json::Value* errors = reply.body.find("errors");
  return errors == nullptr ? reply.text
                           : std::string(errors->if_array()->front().string_or("message", ""));
}

}  // namespace

TEST_CASE("the article's time entry: 2 PM to 3:30 PM on ticket 40592, billable, for myself") {
  TestClient client;
  const double before = *client.get("/service/tickets/40592").body.find("actualHours")->as_double();
  const TestReply made = client.post("/time/entries", R"({"chargeToId":40592,
      "chargeToType":"ServiceTicket","timeStart":"2026-03-11T14:00:00Z",
      "timeEnd":"2026-03-11T15:30:00Z","billableOption":"Billable",
      "notes":"Firewall diagnostics"})");
  REQUIRE(made.status == 201);
  CHECK(made.body.find("member")->string_or("identifier", "") == "srivera");
  CHECK(made.body.find("company")->string_or("name", "") == "Acme Corp");
  CHECK(made.body.find("ticket")->int64_or("id", 0) == 40592);
  CHECK(made.body.string_or("ticketBoard", "") == "Network Infrastructure");
  CHECK(made.text.find("\"actualHours\":1.5,") != std::string::npos);
  CHECK(made.text.find("\"hoursDeduct\":0.0,") != std::string::npos);
  CHECK(made.body.string_or("status", "") == "Open");
  CHECK(made.body.find("workRole") != nullptr);
  CHECK(made.body.find("timeSheet")->string_or("name", "") == "2026-03-09 to 2026-03-15");
  CHECK(*client.get("/service/tickets/40592").body.find("actualHours")->as_double() ==
        doctest::Approx(before + 1.5));
  CHECK(client.get("/service/tickets/40592/timeentries").status == 200);
}

TEST_CASE("hours come from start and end, less the deduction") {
  TestClient client;
  const TestReply deducted = client.post("/time/entries", R"({"chargeToId":40592,
      "timeStart":"2026-03-11T08:00:00Z","timeEnd":"2026-03-11T10:00:00Z","hoursDeduct":0.5,
      "actualHours":7})");
  REQUIRE(deducted.status == 201);
  CHECK(deducted.text.find("\"actualHours\":1.5,") != std::string::npos);
  CHECK(deducted.body.string_or("chargeToType", "") == "ServiceTicket");
  const std::string path = "/time/entries/" + std::to_string(deducted.body.int64_or("id", 0));
  // Ignored where start and end are there.
  CHECK(client.patch(path, R"([{"op":"replace","path":"actualHours","value":9}])")
            .text.find("\"actualHours\":1.5,") != std::string::npos);
  CHECK(client.patch(path, R"([{"op":"replace","path":"timeEnd","value":"2026-03-11T09:00:00Z"}])")
            .text.find("\"actualHours\":0.5,") != std::string::npos);
  const TestReply by_hours = client.post("/time/entries", R"({"chargeToId":40592,
      "timeStart":"2026-03-11T08:00:00Z","actualHours":1.25})");
  CHECK(by_hours.body.string_or("timeEnd", "") == "2026-03-11T09:15:00Z");
}

TEST_CASE("time entries that make no sense are refused") {
  TestClient client;
  CHECK(first_error(client.post("/time/entries", R"({"chargeToId":40592})")) ==
        "timeStart is required.");
  CHECK(first_error(client.post(
            "/time/entries", R"({"chargeToId":40592,"timeStart":"2026-03-11T08:00:00.000Z"})")) ==
        "Unsupported format applied to timeStart");
  CHECK(first_error(client.post("/time/entries",
                                R"({"chargeToId":40592,"timeStart":"2026-03-11T08:00:00Z"})")) ==
        "timeEnd or actualHours is required.");
  CHECK(first_error(client.post("/time/entries", R"({"chargeToId":40592,
      "timeStart":"2026-03-11T08:00:00Z","timeEnd":"2026-03-11T07:00:00Z"})")) ==
        "timeEnd must be after timeStart.");
  CHECK(first_error(client.post("/time/entries", R"({"chargeToId":99,
      "chargeToType":"ServiceTicket","timeStart":"2026-03-11T08:00:00Z","actualHours":1})")) ==
        "Ticket 99 not found");
  CHECK(client.post("/time/entries", R"({"billableOption":"Free"})").status == 500);
}

TEST_CASE("without a ticket it is the company's time") {
  TestClient client;
  const TestReply made = client.post("/time/entries", R"({"timeStart":"2026-03-11T08:00:00Z",
      "actualHours":1,"member":{"identifier":"jdoe"},"workType":{"name":"Internal meeting"}})");
  REQUIRE(made.status == 201);
  CHECK(made.body.string_or("chargeToType", "") == "Company");
  CHECK(made.body.find("company")->string_or("identifier", "") == "CascadeMSP");
  CHECK(made.body.string_or("billableOption", "") == "DoNotBill");
  CHECK(made.body.find("member")->string_or("name", "") == "John Doe");
}

TEST_CASE("billed entries stay, open ones go, and their ticket's hours and notes follow") {
  TestClient client;
  const TestReply billed = client.get("/time/entries?conditions=status='Billed'&pageSize=1");
  REQUIRE(billed.size() == 1);
  const json::Value& entry = billed.body.if_array()->front();
  CHECK(entry.bool_or("invoiceFlag", false));
  CHECK(entry.find("invoice") != nullptr);
  CHECK(client.remove("/time/entries/" + std::to_string(entry.int64_or("id", 0))).status == 400);

  const TestReply made = client.post("/time/entries", R"({"chargeToId":5012,
      "timeStart":"2026-03-11T08:00:00Z","actualHours":1,"notes":"Looked"})");
  CHECK(client.get("/service/tickets/5012/allNotes").size() == 2);
  CHECK(client.remove("/time/entries/" + std::to_string(made.body.int64_or("id", 0))).status ==
        204);
  CHECK(client.get("/service/tickets/5012/allNotes").size() == 1);
  CHECK(client.get("/service/tickets/5012").text.find("\"actualHours\":0.0") != std::string::npos);
}
