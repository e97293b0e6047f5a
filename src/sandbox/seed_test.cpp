#include "sandbox/seed/seed.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::int64_t count(TestClient& client, const std::string& path, const std::string& conditions) {
  const TestReply reply = client.find(path + "/count", conditions);
  CAPTURE(reply.text);
  REQUIRE(reply.status == 200);
  return reply.body.int64_or("count", -1);
}

std::string before(const TestClient& client, std::chrono::minutes time) {
  return "[" + format_utc(client.clock.now() - time) + "]";
}

}  // namespace

TEST_CASE("the MSP is there at any hour of any day") {
  // Midnight, a Monday morning, New Year, a leap day, the hour of a clock change.
  for (const char* start :
       {"2026-11-22T00:00:00Z", "2026-11-23T00:00:30Z", "2027-01-01T00:05:00Z",
        "2028-02-29T12:00:00Z", "2026-03-29T01:30:00Z", "2026-07-04T23:59:59Z"}) {
    for (const std::uint64_t seed : {1, 2, 4711}) {
      CAPTURE(start);
      CAPTURE(seed);
      SandboxOptions options;
      options.seed = seed;
      TestClient client(options, start);
      const Database& db = client.engine.database();
      CHECK(db.table("companies").records().size() >= 40);
      CHECK(db.table("boards").records().size() >= 12);
      CHECK(db.table("members").records().size() >= 25);
      CHECK(db.table("tickets").records().size() >= 2000);
      CHECK(db.table("ticketNotes").records().size() >= 6000);
      CHECK(db.table("timeEntries").records().size() >= 5000);
      CHECK(db.table("opportunities").records().size() >= 120);

      const std::string hour = before(client, std::chrono::minutes(60));
      CHECK(count(client, "/service/tickets", "dateEntered > " + hour) >= 12);
      CHECK(count(client, "/service/tickets", "board/name='Triage' and dateEntered > " + hour) >=
            5);
      CHECK(count(client, "/service/tickets", "id=5012 and dateEntered > " + hour) == 1);
      CHECK(count(client, "/service/tickets",
                  "company/name='Falcon Manufacturing' and summary contains 'server' and "
                  "closedFlag=true") >= 3);
      CHECK(count(client, "/service/tickets",
                  "board/name='Network Infrastructure' and closedFlag=false and owner/id != null") >
            5);
      // Nothing happens in the future.
      const std::string now = before(client, std::chrono::minutes(0));
      CHECK(count(client, "/service/tickets", "dateEntered > " + now) == 0);
      CHECK(count(client, "/service/tickets", "closedDate > " + now) == 0);
      CHECK(count(client, "/service/tickets/40592/notes", "dateCreated > " + now) == 0);
      CHECK(count(client, "/time/entries", "timeEnd > " + now) == 0);

      const auto today = std::chrono::floor<std::chrono::days>(client.clock.now());
      const std::string yesterday = "timeStart >= [" +
                                    format_utc(WallTime(today - std::chrono::days(1))) +
                                    "] and timeStart < [" + format_utc(WallTime(today)) + "]";
      CHECK(count(client, "/time/entries", yesterday) >= 40);
      const TestReply billable = client.find(
          "/time/entries", yesterday + " and billableOption='Billable'", "&pageSize=1000");
      std::size_t thin = 0;
      for (const json::Value& entry : *billable.body.if_array()) {
        thin += entry.string_or("notes", "").size() < 50 ? 1 : 0;
      }
      CHECK(thin >= 5);
      CHECK(billable.size() - thin >= 10);
    }
  }
}

TEST_CASE("the same seed and time give the same data, another seed other data") {
  const auto dump = [](std::uint64_t seed) {
    SandboxOptions options;
    options.seed = seed;
    TestClient client(options);
    return client.get("/service/tickets?pageSize=200").text +
           client.get("/time/entries?pageSize=200").text +
           client.get("/sales/opportunities?pageSize=200").text;
  };
  const std::string first = dump(1);
  CHECK(dump(1) == first);
  CHECK(dump(2) != first);
}

TEST_CASE("the article's names are there") {
  TestClient client;
  CHECK(client.find("/company/companies", "name='Acme Corp'").size() == 1);
  CHECK(client.find("/service/priorities", "name='High'").size() == 1);
  CHECK(client.get("/system/members/jdoe").body.string_or("lastName", "") == "Doe");
  for (const char* board :
       {"Triage", "Network Infrastructure", "Emergency Escalations", "Server Team"}) {
    CHECK(client.find("/service/boards", std::string("name='") + board + "'").size() == 1);
  }
  const TestReply notes = client.find("/service/tickets/40592/notes", "internalAnalysisFlag=true");
  CHECK(notes.size() >= 5);
  CHECK(client.get("/service/tickets/5012").body.string_or("summary", "") == "Server running slow");
}

TEST_CASE("every ticket is consistent with its board's setup") {
  TestClient client;
  const Database& db = client.engine.database();
  const Table& tickets = db.table("tickets");
  const Table& associations = db.table("boardAssociations");
  const auto id_of = [](const Table& table, const Record& record, const char* field) {
    return reference_or(table.at(record, field), 0);
  };
  for (const auto& [id, ticket] : tickets.records()) {
    const std::int64_t board = id_of(tickets, ticket, "board");
    for (const auto& [field, table] :
         {std::pair("status", "boardStatuses"), {"type", "boardTypes"}, {"team", "boardTeams"}}) {
      const Record* record = db.table(table).find(id_of(tickets, ticket, field));
      REQUIRE(record != nullptr);
      CHECK(db.table(table).parent_of(*record) == board);
    }
    bool allowed = false;
    for (const std::int64_t one : associations.children_of(board)) {
      const Record& record = *associations.find(one);
      allowed =
          allowed || (id_of(associations, record, "type") == id_of(tickets, ticket, "type") &&
                      id_of(associations, record, "subType") == id_of(tickets, ticket, "subType") &&
                      id_of(associations, record, "item") == id_of(tickets, ticket, "item"));
    }
    CHECK(allowed);
    CHECK(text_or(tickets.at(ticket, "summary"), "").size() <= 100);
    const Cell closed = db.read(tickets, ticket, "closedFlag");
    CHECK(bool_or(closed, false) == !is_null(tickets.at(ticket, "closedDate")));
  }
}

TEST_CASE("scale multiplies the data") {
  SandboxOptions options;
  options.scale = 2;
  TestClient client(options);
  CHECK(client.engine.database().table("tickets").records().size() >= 4000);
  CHECK(client.engine.database().table("companies").records().size() >= 80);
  CHECK(client.get("/service/tickets/40592").status == 200);
  CHECK(client.get("/service/tickets/5012").status == 200);
}
