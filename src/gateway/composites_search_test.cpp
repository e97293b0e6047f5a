// The search that reads the notes of tickets one ticket at a time: what it finds, how far it says
// that it has looked, and what it says of what it could not read.
#include <algorithm>
#include <atomic>
#include <set>

#include "gateway/test_composite_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kSearch = "connect_wise_psa_tickets_search";
constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";

using Seen = StubUpstream::Seen;

// So many service tickets and no project ticket; of the notes, what `notes` says of a ticket.
struct Desk {
  io::Runtime runtime{{.loops = 2}};
  std::atomic<int> notes_asked = 0;
  StubUpstream upstream;
  Harness harness;

  Desk(int tickets, std::function<http::Response(int ticket)> notes)
      : upstream((runtime.start(), runtime),
                 [this, tickets, notes = std::move(notes)](const Seen& seen) {
                   if (seen.path.ends_with("/notes")) {
                     ++notes_asked;
                     return notes(std::stoi(seen.path.substr(17)));
                   }
                   const bool lists_recent = seen.path == "/service/tickets" &&
                                             seen.query.contains("orderBy") &&
                                             seen.query.at("orderBy").contains("lastUpdated");
                   return http::Response::json(200, lists_recent ? recent(tickets) : "[]");
                 }),
        harness(runtime, upstream.port()) {}
  ~Desk() { runtime.stop(); }

  static std::string recent(int tickets) {
    std::string body = "[";
    for (int id = 1; id <= tickets; ++id) {
      if (id > 1) body += ',';
      body +=
          R"({"id":)" + std::to_string(id) + R"(,"_info":{"lastUpdated":"2026-11-20T09:00:00Z"}})";
    }
    return body + ']';
  }
};

http::Response note_of(int ticket) {
  const auto id = std::to_string(ticket);
  return http::Response::json(
      200, R"([{"id":10)" + id + R"(,"ticketId":)" + id + R"(,"text":"The toner is empty"}])");
}

std::set<std::int64_t> tickets_of(const json::Value& part) {
  std::set<std::int64_t> ids;
  for (const auto& note : *member(part, "result").if_array())
    ids.insert(note.int64_or("ticketId", 0));
  return ids;
}

// The tickets touched last, of all.
json::Value recent(World& world, const std::string& further, int limit) {
  return good(world, kTickets,
              R"({"orderBy":"lastUpdated desc","fields":["id","lastUpdated","company"],"limit":)" +
                  std::to_string(limit) + further + "}")
      .value;
}

}  // namespace

TEST_CASE("search: what stands in a ticket's note alone is found, with its ticket") {
  World world;
  const auto id = recent(world, "", 1).find("result")->if_array()->front().int64_or("id", 0);
  world.past(http::Method::post, "/service/tickets/" + std::to_string(id) + "/notes",
             R"({"text":"Swapped the Quuxolator on floor 3.","internalAnalysisFlag":true})");
  const auto outcome = good(world, kSearch, R"({"text":"quuXOLATOR"})");
  for (const char* other : {"tickets", "project_tickets", "project_ticket_notes", "time_notes"}) {
    CHECK(member(outcome.value, other).int64_or("result_count", -1) == 0);
  }
  const auto& notes = member(outcome.value, "ticket_notes");
  REQUIRE(notes.int64_or("matching", 0) == 1);
  const auto& note = notes.find("result")->if_array()->front();
  CHECK(note.int64_or("ticketId", 0) == id);
  CHECK(note.string_or("text", "").contains("Quuxolator"));
  CHECK(outcome.value.find("recent_tickets") == nullptr);
  const auto& call = call_of(outcome, "ticket_notes");
  CHECK(call.string_or("for_each", "") == "ticketId");
  CHECK(call.int64_or("pages", 0) == 50);
}

TEST_CASE(
    "search: it is told how many tickets it has looked through, and how to reach the others") {
  World world;
  const auto listed = recent(world, "", 400);
  const auto& tickets = *listed.find("result")->if_array();
  REQUIRE(tickets.size() > 100);
  // One beyond the bound, with a note whose text no other has.
  std::string text;
  std::size_t at = 60;
  for (; at < tickets.size() && text.empty(); ++at) {
    const auto notes = world.direct("/service/tickets/" +
                                    std::to_string(tickets[at].int64_or("id", 0)) + "/notes");
    for (const auto& note : *notes.if_array()) text = note.string_or("text", "");
  }
  REQUIRE(!text.empty());
  const auto beyond = tickets[at - 1].int64_or("id", 0);
  json::Object asked{{"text", text}, {"limit", 100}};
  const auto near = world.harness.call_value(kSearch, asked);
  REQUIRE_MESSAGE(!near.result.is_error, near.result.text);
  const auto& notes = member(near.value, "ticket_notes");
  CHECK(!tickets_of(notes).contains(beyond));
  const auto notice = std::string(notes.string_or("notice", ""));
  CHECK_MESSAGE(
      notice.starts_with("Looked through 50 service tickets only, the first by lastUpdated "
                         "desc (to " +
                         std::string(tickets[49].string_or("lastUpdated", "")) +
                         ", which others may have as well): there are more, and what those hold is "
                         "not in here. To reach "
                         "them, narrow the call by company, board, updatedBefore."),
      notice);
  CHECK(!near.value.string_or("notice", "").contains("recent_tickets"));

  // As the answer says.
  asked["updatedBefore"] = tickets[at - 3].string_or("lastUpdated", "");
  const auto far = world.harness.call_value(kSearch, asked);
  REQUIRE_MESSAGE(!far.result.is_error, far.result.text);
  CHECK(tickets_of(member(far.value, "ticket_notes")).contains(beyond));
}

TEST_CASE("search: within few tickets all are looked through, and none of another company's") {
  World world;
  const auto listed = recent(world, "", 100);
  // A company with few tickets.
  std::int64_t company = 0;
  std::vector<std::int64_t> own;
  for (const auto& ticket : *listed.find("result")->if_array()) {
    company = ticket.find("company")->int64_or("id", 0);
    own = world.direct_ids("/service/tickets?conditions=company/id=" + std::to_string(company));
    if (own.size() < 50) break;
  }
  REQUIRE(own.size() < 50);
  const auto outcome =
      good(world, kSearch, R"({"text":"e","limit":100,"company":)" + std::to_string(company) + "}");
  const auto& notes = member(outcome.value, "ticket_notes");
  CHECK(notes.string_or("notice", "")
            .starts_with("Looked through all " + std::to_string(own.size()) +
                         " service tickets within the call."));
  std::size_t holding = 0;
  for (const auto id : own) {
    const auto there = world.direct_ids("/service/tickets/" + std::to_string(id) +
                                        "/notes?conditions=text%20contains%20%22e%22");
    holding += there.size();
  }
  CHECK(notes.int64_or("matching", -1) == static_cast<std::int64_t>(holding));
  for (const auto id : tickets_of(notes)) CHECK(std::ranges::find(own, id) != own.end());
}

TEST_CASE("search: notes that cannot be read are told, and those of the others given") {
  Desk desk(9, [](int ticket) {
    return ticket == 4 ? http::Response::json(500, R"({"message":"Broken."})") : note_of(ticket);
  });
  const auto outcome = desk.harness.call(kSearch, R"({"text":"toner","limit":50})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& notes = member(outcome.value, "ticket_notes");
  CHECK(tickets_of(notes) == std::set<std::int64_t>{1, 2, 3, 5, 6, 7, 8, 9});
  // In the order of their tickets, whichever answered first.
  CHECK(notes.find("result")->if_array()->front().int64_or("ticketId", 0) == 1);
  const auto notice = notes.string_or("notice", "");
  CHECK_MESSAGE(notice.starts_with("Looked through 8 of the 9 service tickets within the call. "
                                   "Could not be read: ticketId 4 ("),
                notice);
}

TEST_CASE(
    "search: where no notes may be read, it asks no further, and says that they are left out") {
  Desk desk(40, [](int) { return http::Response::json(403, R"({"message":"No notes."})"); });
  const auto outcome = desk.harness.call(kSearch, R"({"text":"toner"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("ticket_notes") == nullptr);
  CHECK(outcome.value.string_or("notice", "").contains("ticket_notes is left out: "));
  CHECK(desk.notes_asked <= 4);
}

TEST_CASE("search: a rate limit on the way leaves what was found, and says what was not asked") {
  Desk desk(30, [](int ticket) {
    if (ticket < 11) return note_of(ticket);
    auto refusal = http::Response::json(429, R"({"message":"Slow down."})");
    refusal.headers.add("Retry-After", "30");
    return refusal;
  });
  const auto outcome = desk.harness.call(kSearch, R"({"text":"toner","limit":50})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto& notes = member(outcome.value, "ticket_notes");
  CHECK(notes.int64_or("matching", 0) == 10);
  const auto notice = notes.string_or("notice", "");
  CHECK_MESSAGE(notice.starts_with("Looked through 10 of the 30 service tickets"), notice);
  CHECK_MESSAGE(notice.contains("Could not be read: ticketId 11"), notice);
  CHECK_MESSAGE(notice.contains(" were not asked for any more."), notice);
  CHECK(desk.notes_asked <= 16);
}

}  // namespace patchbay::gateway
