// What holds of the sandbox's records among each other, over all that is seeded and after writes.
#include <algorithm>
#include <chrono>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "sandbox/modules/service/tickets_sla.h"
#include "sandbox/records/record_access.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

using std::chrono::days;
using std::chrono::hours;

Instant now_of(const TestClient& client) {
  return std::chrono::floor<std::chrono::seconds>(client.clock.now());
}

void check_hours_of_a_day(const Database& db) {
  const Table& entries = db.table("timeEntries");
  std::map<std::pair<std::int64_t, days>, double> worked;
  for (const auto& [id, entry] : entries.records()) {
    const auto* start = std::get_if<Instant>(&entries.at(entry, "timeStart"));
    if (start == nullptr) continue;
    double& sum = worked[{id_in(entries, entry, "member"),
                          std::chrono::floor<days>(*start).time_since_epoch()}];
    sum += double_or(entries.at(entry, "actualHours"), 0);
    CAPTURE(id);
    CHECK(sum <= 16);
  }
  CHECK(worked.size() > 100);
}

// Of those that have an agreement on it: nearly all.
void check_sla(const Database& db, Instant now) {
  const Table& tickets = db.table("tickets");
  const Table& slas = db.table("slas");
  std::map<bool, int> in_sla;
  for (const auto& [id, ticket] : tickets.records()) {
    CAPTURE(id);
    const Record* sla = slas.find(id_in(tickets, ticket, "sla"));
    if (sla == nullptr) continue;
    const Instant entered = instant_or(tickets.at(ticket, "dateEntered"), now);
    const Instant respond = instant_or(tickets.at(ticket, "respondByGoalUTC"), {});
    const Instant resolve = instant_or(tickets.at(ticket, "resolutionGoalUTC"), {});
    CHECK(respond >= entered + std::chrono::minutes(static_cast<std::int64_t>(
                                   60 * double_or(slas.at(*sla, "respondHours"), 0))));
    CHECK(resolve >= respond);
    const auto* responded = std::get_if<Instant>(&tickets.at(ticket, "dateResponded"));
    const auto* resolved = std::get_if<Instant>(&tickets.at(ticket, "dateResolved"));
    const Instant answered = responded != nullptr  ? *responded
                             : resolved != nullptr ? *resolved
                                                   : now;
    const bool kept = answered <= respond && (resolved != nullptr ? *resolved : now) <= resolve;
    // A ticket that nobody has written since may have run out of time meanwhile.
    const bool told = bool_or(tickets.at(ticket, "isInSla"), false);
    CHECK((told == kept || (told && resolved == nullptr)));
    ++in_sla[told];
    const std::string status = text_or(tickets.at(ticket, "slaStatus"), "");
    const std::string wanted = resolved != nullptr    ? "Resolved"
                               : responded != nullptr ? "Resolve by "
                                                      : "Respond by ";
    CHECK_MESSAGE(status.starts_with(wanted), status);
  }
  CHECK(in_sla[true] > in_sla[false] / 4);
  CHECK(in_sla[false] > 20);
}

void check_responses(const Database& db) {
  const Table& tickets = db.table("tickets");
  const Table& statuses = db.table("boardStatuses");
  for (const auto& [id, ticket] : tickets.records()) {
    const Record* status = statuses.find(id_in(tickets, ticket, "status"));
    if (status == nullptr) continue;
    const std::string stage = text_or(statuses.at(*status, "escalationStatus"), "");
    if (stage != "Responded" && stage != "ResolutionPlan" && stage != "Resolved") continue;
    CAPTURE(id);
    CHECK(!is_null(tickets.at(ticket, "dateResponded")));
  }
}

void check_last_touches(const Database& db) {
  const Table& tickets = db.table("tickets");
  for (const std::string_view name : {"ticketNotes", "timeEntries"}) {
    const Table& below = db.table(name);
    for (const auto& [id, record] : below.records()) {
      const Record* ticket = tickets.find(id_in(below, record, "ticket"));
      if (ticket == nullptr) continue;
      CAPTURE(name);
      CAPTURE(id);
      CHECK(instant_or(below.at(record, "lastUpdated"), {}) <=
            instant_or(tickets.at(*ticket, "lastUpdated"), {}));
    }
  }
}

void check_blocks(const Database& db) {
  const Table& agreements = db.table("agreements");
  int blocks = 0;
  for (const auto& [id, agreement] : agreements.records()) {
    if (id_in(agreements, agreement, "type") != 2) continue;
    CAPTURE(id);
    CHECK(double_or(agreements.at(agreement, "applicationLimit"), 0) > 0);
    CHECK(text_or(agreements.at(agreement, "applicationUnits"), "") == "Hours");
    ++blocks;
  }
  CHECK(blocks > 2);
}

void check_sites(const Database& db) {
  const Table& sites = db.table("companySites");
  const Table& states = db.table("states");
  for (const auto& [id, site] : sites.records()) {
    CAPTURE(id);
    const Record* state = states.find(id_in(sites, site, "stateReference"));
    REQUIRE(state != nullptr);
    CHECK(id_in(states, *state, "country") == id_in(sites, site, "country"));
  }
}

// The default number of a contact is the one that the contact itself shows.
void check_communications(const Database& db) {
  const Table& contacts = db.table("contacts");
  int checked = 0;
  for (const auto& [id, contact] : contacts.records()) {
    const auto* items = std::get_if<Rows>(&contacts.at(contact, "communicationItems"));
    if (items == nullptr) continue;
    for (const Row& item : *items) {
      const bool is_default = bool_or(item.cells[4], false);
      if (!is_default || text_or(item.cells[6], "") != "Phone") continue;
      CAPTURE(id);
      CHECK(text_or(contacts.at(contact, "defaultPhoneNbr"), "") == text_or(item.cells[2], "-"));
      ++checked;
    }
  }
  CHECK(checked > 50);
}

// Miles are paid and billed by the rate of their type.
void check_expenses(const Database& db) {
  const Table& entries = db.table("expenseEntries");
  const Table& types = db.table("expenseTypes");
  const Table& reports = db.table("expenseReports");
  std::map<std::int64_t, double> totals;
  int by_distance = 0;
  for (const auto& [id, entry] : entries.records()) {
    CAPTURE(id);
    const Record& type = *types.find(id_in(entries, entry, "type"));
    const bool is_mileage = bool_or(types.at(type, "mileageFlag"), false);
    const double rate = is_mileage ? number_in(types, type, "reimbursementRate") : 1;
    const double worth = to_cents(number_in(entries, entry, "amount") * rate);
    const bool billable = text_or(entries.at(entry, "billableOption"), "") == "Billable";
    CHECK(number_in(entries, entry, "invoiceAmount") == doctest::Approx(billable ? worth : 0));
    totals[id_in(entries, entry, "expenseReport")] += worth;
    if (is_mileage) ++by_distance;
  }
  CHECK(by_distance > 3);
  for (const auto& [id, total] : totals) {
    CAPTURE(id);
    CHECK(number_in(reports, *reports.find(id), "total") == doctest::Approx(total));
  }
}

void check_all(TestClient& client) {
  const Database& db = client.engine.database();
  check_hours_of_a_day(db);
  check_sla(db, now_of(client));
  check_responses(db);
  check_last_touches(db);
  check_blocks(db);
  check_sites(db);
  check_communications(db);
  check_expenses(db);
}

std::string path_of(const char* below, const TestReply& made) {
  REQUIRE_MESSAGE(made.status == 201, made.text);
  return below + std::to_string(made.body.int64_or("id", 0));
}

}  // namespace

TEST_CASE("what is seeded does not contradict itself") {
  for (const char* start :
       {"2026-03-11T15:04:05Z", "2026-11-22T00:00:00Z", "2027-01-01T00:05:00Z"}) {
    for (const std::uint64_t seed : {1, 4711}) {
      CAPTURE(start);
      CAPTURE(seed);
      SandboxOptions options;
      options.seed = seed;
      TestClient client(options, start);
      check_all(client);
    }
  }
}

TEST_CASE("what is written does not contradict what was there") {
  TestClient client;
  const std::string ticket =
      path_of("/service/tickets/",
              client.post("/service/tickets", R"({"summary":"Printer","company":{"id":250}})"));
  check_all(client);
  const auto made = client.get(ticket).body;
  CHECK(made.string_or("slaStatus", "").starts_with("Respond by "));
  CHECK(made.find("dateResponded") == nullptr);
  client.clock.advance(std::chrono::minutes(30));
  const std::string id = ticket.substr(ticket.rfind('/') + 1);
  const TestReply entry =
      client.post("/time/entries", R"({"chargeToType":"ServiceTicket","actualHours":1,
          "timeStart":"2026-03-11T13:00:00Z","notes":"Cleaned it","chargeToId":)" +
                                       id + "}");
  REQUIRE_MESSAGE(entry.status == 201, entry.text);
  check_all(client);
  CHECK(entry.body.string_or("hourlyCost", "") != "0.00");
  client.clock.advance(std::chrono::minutes(10));
  CHECK(client.post(ticket + "/notes", R"({"text":"Works again","detailDescriptionFlag":true})")
            .status == 201);
  check_all(client);
}

TEST_CASE("whoever takes a ticket up has responded to it") {
  TestClient client;
  const Database& db = client.engine.database();
  const Table& statuses = db.table("boardStatuses");
  const Record* under_way = nullptr;
  for (const auto& [id, status] : statuses.records()) {
    const bool responds = text_or(statuses.at(status, "escalationStatus"), "") == "Responded";
    if (responds && under_way == nullptr) under_way = &status;
  }
  REQUIRE(under_way != nullptr);
  const std::string board = std::to_string(*statuses.parent_of(*under_way));
  const std::string ticket = path_of(
      "/service/tickets/",
      client.post("/service/tickets",
                  R"({"summary":"Scanner","company":{"id":250},"board":{"id":)" + board + "}}"));
  client.clock.advance(std::chrono::minutes(20));
  CHECK(client
            .patch(ticket, R"([{"op":"replace","path":"status","value":{"id":)" +
                               std::to_string(under_way->id) + "}}]")
            .status == 200);
  const auto seen = client.get(ticket).body;
  CHECK(seen.string_or("dateResponded", "") == format_utc(client.clock.now()));
  CHECK(seen.string_or("slaStatus", "").starts_with("Resolve by "));
  check_all(client);
}

TEST_CASE("an approval reaches the state that it names") {
  for (const auto& [step, state] : {std::pair("Tier1Update", "ApprovedByTierOne"),
                                    {"Tier2Update", "ApprovedByTierTwo"},
                                    {"Billing", "ReadyToBill"}}) {
    CAPTURE(step);
    TestClient client;
    const TestReply entry =
        client.post("/time/entries", R"({"chargeToType":"ServiceTicket","chargeToId":5012,
            "actualHours":1,"notes":"Looked at it","timeStart":"2026-03-11T08:00:00Z"})");
    REQUIRE(entry.status == 201);
    const std::string sheet =
        "/time/sheets/" + std::to_string(entry.body.find("timeSheet")->int64_or("id", 0));
    CHECK(client.post(sheet + "/submit", "").status == 201);
    const std::string body = std::string(R"({"approvalType":")") + step + "\"}";
    CHECK(client.post(sheet + "/approve", body).status == 201);
    CHECK(client.get(sheet).body.string_or("status", "") == state);
    CHECK(client.post(sheet + "/approve", R"({"approvalType":"Nobody"})").status == 400);
  }
}

TEST_CASE("working hours leave nights and weekends out") {
  TestClient client;
  const Database& db = client.engine.database();
  const auto at = [](const char* text) {
    return std::chrono::floor<std::chrono::seconds>(*parse_iso8601(text, TimeZone::utc()));
  };
  // Office hours are 13:00 to 22:00 UTC; 2026-03-13 is a Friday.
  CHECK(after_working_hours(db, at("2026-03-13T14:00:00Z"), 4) == at("2026-03-13T18:00:00Z"));
  CHECK(after_working_hours(db, at("2026-03-13T21:00:00Z"), 4) == at("2026-03-16T16:00:00Z"));
  CHECK(after_working_hours(db, at("2026-03-14T02:00:00Z"), 1) == at("2026-03-16T14:00:00Z"));
  CHECK(after_working_hours(db, at("2026-03-12T02:00:00Z"), 9) == at("2026-03-12T22:00:00Z"));
}

TEST_CASE("miles are worth what their type says") {
  TestClient client;
  const TestReply made = client.post("/expense/entries", R"({"type":{"name":"Mileage"},"amount":100,
      "date":"2026-03-10T00:00:00Z","chargeToType":"ServiceTicket","chargeToId":5012})");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(made.text.contains(R"("invoiceAmount":67.0)"));
  check_all(client);
}

TEST_CASE("who receives a part and clones the rest has the rest on a line of its own") {
  TestClient client;
  const Database& db = client.engine.database();
  const Table& lines = db.table("purchaseOrderLines");
  const Record* waiting = nullptr;
  for (const auto& [id, line] : lines.records()) {
    const bool waits = text_or(lines.at(line, "receivedStatus"), "") == "Waiting";
    if (waits && number_in(lines, line, "quantity") >= 2 && waiting == nullptr) waiting = &line;
  }
  REQUIRE(waiting != nullptr);
  const double ordered = number_in(lines, *waiting, "quantity");
  const std::int64_t id = waiting->id;
  const std::int64_t order = *lines.parent_of(*waiting);
  const std::size_t before = lines.children_of(order).size();
  const double total =
      number_in(db.table("purchaseOrders"), *db.table("purchaseOrders").find(order), "total");
  const std::string path = "/procurement/purchaseorders/" + std::to_string(order) + "/lineitems/";
  const TestReply done = client.patch(path + std::to_string(id),
                                      R"([{"op":"replace","path":"receivedQuantity","value":1},
          {"op":"replace","path":"receivedStatus","value":"PartiallyReceiveCloneRest"}])");
  REQUIRE_MESSAGE(done.status == 200, done.text);
  REQUIRE(lines.children_of(order).size() == before + 1);
  const Record& rest = lines.records().rbegin()->second;
  CHECK(number_in(lines, *lines.find(id), "quantity") == 1);
  CHECK(number_in(lines, rest, "quantity") == ordered - 1);
  CHECK(text_or(lines.at(rest, "receivedStatus"), "") == "Waiting");
  CHECK(int_or(lines.at(rest, "receivedQuantity"), -1) == 0);
  CHECK(number_in(db.table("purchaseOrders"), *db.table("purchaseOrders").find(order), "total") ==
        doctest::Approx(total));
}

TEST_CASE("a copy of a ticket is a new ticket about the same") {
  TestClient client;
  const auto old = client.get("/service/tickets/5012").body;
  const TestReply made = client.post("/service/tickets/5012/copy", "");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(made.body.int64_or("id", 0) != 5012);
  CHECK(made.body.string_or("summary", "") == old.string_or("summary", "-"));
  for (const std::string_view field : {"company", "board", "priority"}) {
    CAPTURE(field);
    CHECK(made.body.find(field)->int64_or("id", 0) == old.find(field)->int64_or("id", -1));
  }
  CHECK(made.text.contains(R"("actualHours":0)"));
  check_all(client);
  CHECK(client.post("/service/tickets/1/copy", "").status == 404);
}

TEST_CASE("a ticket that becomes a project's keeps its number, notes and time") {
  TestClient client;
  const Database& db = client.engine.database();
  const Record& phase = db.table("projectPhases").records().begin()->second;
  const std::int64_t project = *db.table("projectPhases").parent_of(phase);
  const std::size_t notes = db.table("ticketNotes").children_of(5012).size();
  REQUIRE(notes > 0);
  const double hours =
      number_in(db.table("tickets"), *db.table("tickets").find(5012), "actualHours");
  const std::string convert = "/service/tickets/5012/convert";
  const std::string there = R"("phase":{"id":)" + std::to_string(phase.id) + "}";
  CHECK(client.post(convert, "{" + there + "}").status == 400);
  CHECK(client.post(convert, "{" + there + R"(,"wbsCode":"1.9","project":{"id":99999}})").status ==
        400);
  const TestReply done = client.post(convert, "{" + there + R"(,"wbsCode":"1.9"})");
  REQUIRE_MESSAGE(done.status == 201, done.text);
  CHECK(client.get("/service/tickets/5012").status == 404);
  const auto now = client.get("/project/tickets/5012").body;
  CHECK(now.find("project")->int64_or("id", 0) == project);
  CHECK(now.string_or("wbsCode", "") == "1.9");
  CHECK(client.get("/project/tickets/5012/notes?pageSize=1000").size() == notes);
  const Table& tickets = db.table("projectTickets");
  CHECK(number_in(tickets, *tickets.find(5012), "actualHours") == doctest::Approx(hours));
  check_all(client);
}
