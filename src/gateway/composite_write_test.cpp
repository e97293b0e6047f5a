// Composites that write, by the one that is shipped: a ticket is closed with its time and its
// resolution, before the sandbox, and before an upstream that refuses a part of it.
#include <atomic>

#include "gateway/test_journal.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kClose = "connect_wise_psa_tickets_close";

// An open ticket of a board, as the sandbox has it.
std::string open_ticket(World& world, const std::string& board) {
  std::string name;
  for (const char c : board) name += c == ' ' ? "%20" : c == '&' ? "%26" : std::string(1, c);
  const auto found =
      world.direct("/service/tickets?pageSize=1&orderBy=id%20desc&conditions=board/name%3D'" +
                   name + "'%20and%20closedFlag%3Dfalse");
  REQUIRE(found.if_array()->size() == 1);
  return std::to_string(found.if_array()->front().int64_or("id", 0));
}

std::size_t count_of(World& world, const std::string& path) {
  return world.direct_ids(path).size();
}

// A ticket with everything that closing it asks for; some of the writes are refused.
struct Desk {
  io::Runtime runtime{{.loops = 1}};
  std::atomic<bool> notes_refused = false;
  std::atomic<bool> has_default = true;
  Journals journals;
  StubUpstream psa;
  Harness harness;

  Desk()
      : psa((runtime.start(), runtime),
            [this](const StubUpstream::Seen& seen) { return answer(seen); }),
        harness(runtime, psa.port(), {.journal = journals.journal}) {}
  ~Desk() { runtime.stop(); }

  http::Response answer(const StubUpstream::Seen& seen) const {
    const auto json = [](int status, std::string_view text) {
      return http::Response::json(status, std::string(text));
    };
    const bool reads = seen.method == "GET";
    if (seen.path == "/service/tickets/5" && reads) {
      return json(200, R"({"id":5,"summary":"Printer","board":{"id":1,"name":"Desk"},
                           "company":{"id":21,"name":"Acme"}})");
    }
    if (seen.path == "/service/boards/1") {
      return json(200, has_default ? R"({"id":1,"name":"Desk","autoCloseStatus":{"id":12}})"
                                   : R"({"id":1,"name":"Desk"})");
    }
    if (seen.path == "/service/boards/1/statuses") {
      return json(200, R"([{"id":11,"name":"Cancelled"},{"id":12,"name":"Closed"}])");
    }
    if (reads) return json(200, "[]");
    if (seen.path == "/time/entries") return json(201, R"({"id":77,"chargeToId":5})");
    if (seen.path == "/service/tickets/5/notes") {
      return notes_refused ? json(403, R"({"code":"Forbidden","message":"No notes for you."})")
                           : json(201, R"({"id":88,"ticketId":5,"text":"Done"})");
    }
    return json(200, R"({"id":5,"status":{"id":12,"name":"Closed"},"closedFlag":true})");
  }
  std::vector<std::string> writes() const {
    std::vector<std::string> paths;
    for (const auto& seen : psa.seen()) {
      if (seen.method != "GET") paths.push_back(seen.method + ' ' + seen.path);
    }
    return paths;
  }
  Preview preview(const std::string& arguments) {
    Preview shown;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> {
      shown = co_await harness.gateway().preview(*harness.tools->find(kClose),
                                                 *json::parse(arguments), harness.context,
                                                 [](const json::Object&) { return true; });
    });
    return shown;
  }
};

using Writes = std::vector<std::string>;

constexpr const char* kWhole =
    R"({"ticketId":5,"resolution":"Done","timeStart":"2026-11-22T14:00:00","hours":1.5})";

}  // namespace

TEST_CASE("a ticket is closed with its time, its resolution and the board's own closed status") {
  World world;
  const auto id = open_ticket(world, "Triage");
  const auto notes = count_of(world, "/service/tickets/" + id + "/notes");
  const auto outcome =
      world.call(kClose, R"({"ticketId":)" + id +
                             R"(,"resolution":"Routed to the vendor.","timeStart":)"
                             R"("2026-11-22T14:00:00","hours":0.5,"timeNotes":"Calls"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  // Two of the board's statuses close a ticket; the board says which is the usual one.
  const auto ticket = world.direct("/service/tickets/" + id);
  CHECK(ticket.find("status")->string_or("name", "") == "Closed");
  CHECK(ticket.bool_or("closedFlag", false));
  CHECK(outcome.value.find("close")->bool_or("closedFlag", false));
  const auto time = outcome.value.find("time")->int64_or("id", 0);
  const auto entry = world.direct("/time/entries/" + std::to_string(time));
  CHECK(entry.int64_or("chargeToId", 0) == ticket.int64_or("id", -1));
  CHECK(entry.string_or("notes", "") == "Calls");
  const auto note = outcome.value.find("note")->int64_or("id", 0);
  CHECK(world.direct("/service/tickets/" + id + "/notes/" + std::to_string(note))
            .bool_or("resolutionFlag", false));
  CHECK(count_of(world, "/service/tickets/" + id + "/notes") == notes + 1);
}

TEST_CASE("what is not given is not written") {
  Desk desk;
  const auto outcome = desk.harness.call(kClose, R"({"ticketId":5})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(desk.writes() == Writes{"PATCH /service/tickets/5"});
  CHECK(outcome.value.find("time") == nullptr);
  CHECK(outcome.value.find("note") == nullptr);
}

TEST_CASE("where several statuses close a ticket and none is the default, they are told") {
  World world;
  const auto id = open_ticket(world, "Procurement & Licensing");
  const auto before = world.direct("/service/tickets/" + id);
  const auto unsaid = world.call(kClose, R"({"ticketId":)" + id + R"(,"resolution":"x"})");
  CHECK(unsaid.was_applied() == "no");
  CHECK(unsaid.error().contains("several board statuses fit"));
  CHECK(unsaid.error().contains("Delivered ("));
  CHECK(unsaid.error().contains("Cancelled ("));
  CHECK(world.direct("/service/tickets/" + id) == before);
  const auto said = world.call(kClose, R"({"ticketId":)" + id + R"(,"status":"delivered"})");
  REQUIRE_MESSAGE(!said.result.is_error, said.result.text);
  CHECK(world.direct("/service/tickets/" + id).find("status")->string_or("name", "") ==
        "Delivered");
}

TEST_CASE("a status that does not close is refused with those that do, and nothing is written") {
  World world;
  const auto id = open_ticket(world, "Internal IT");
  const auto notes = count_of(world, "/service/tickets/" + id + "/notes");
  const auto outcome =
      world.call(kClose, R"({"ticketId":)" + id + R"(,"status":"Closed","resolution":"Checked"})");
  CHECK(outcome.error().contains("'Closed' is none of the board statuses that fit: Verified ("));
  CHECK(outcome.error().contains("status: "));
  CHECK(count_of(world, "/service/tickets/" + id + "/notes") == notes);
}

TEST_CASE("what is wrong with a later step is told before the first is sent") {
  Desk desk;
  const auto outcome = desk.harness.call(kClose, R"({"ticketId":5,"resolution":"Done","hours":2})");
  CHECK(outcome.error().contains("timeStart"));
  CHECK(outcome.was_applied() == "no");
  CHECK(desk.writes().empty());
}

TEST_CASE("a dry run shows each write and sends none") {
  Desk desk;
  auto arguments = json::parse(kWhole).value();
  arguments["dry_run"] = json::Value(true);
  const auto outcome = desk.harness.call_value(kClose, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.bool_or("dry_run", false));
  const auto* time = outcome.value.find("time")->find("request");
  CHECK(time->string_or("path", "") == "/time/entries");
  CHECK(outcome.value.find("close")->find("request")->string_or("method", "") == "PATCH");
  CHECK(desk.writes().empty());
}

TEST_CASE("where a step fails after another was done, the error says what became of each") {
  Desk desk;
  desk.notes_refused = true;
  const auto outcome = desk.harness.call(kClose, kWhole);
  CHECK(outcome.was_applied() == "yes");
  CHECK(outcome.error().contains("step note (create_a_connect_wise_psa_ticket_note)"));
  CHECK(outcome.error().contains("Not done after it: close."));
  CHECK(outcome.error().contains("Done before it, and not taken back: time."));
  CHECK(outcome.error().contains("without what is done (timeStart, hours)"));
  const auto* steps = outcome.value.find("error")->find("steps");
  REQUIRE(steps != nullptr);
  const auto& list = *steps->if_array();
  REQUIRE(list.size() == 3);
  CHECK(list[0].string_or("was_applied", "") == "yes");
  CHECK(list[0].string_or("record_id", "") == "77");
  CHECK(list[1].string_or("was_applied", "") == "no");
  CHECK(list[2].string_or("was_applied", "") == "no");
  CHECK(desk.writes() == Writes{"POST /time/entries", "POST /service/tickets/5/notes"});
}

TEST_CASE("with an idempotency key the same call goes on where it stopped") {
  Desk desk;
  desk.notes_refused = true;
  auto arguments = json::parse(kWhole).value();
  arguments["idempotency_key"] = json::Value("close-5");
  const auto first = desk.harness.call_value(kClose, arguments);
  CHECK(first.error().contains("with the same idempotency_key goes on where this one stopped"));
  desk.notes_refused = false;
  desk.psa.forget();
  const auto second = desk.harness.call_value(kClose, arguments);
  REQUIRE_MESSAGE(!second.result.is_error, second.result.text);
  // The time was logged by the first.
  CHECK(desk.writes() == Writes{"POST /service/tickets/5/notes", "PATCH /service/tickets/5"});
  CHECK(second.value.find("time")->int64_or("id", 0) == 77);
  desk.psa.forget();
  CHECK_FALSE(desk.harness.call_value(kClose, arguments).result.is_error);
  CHECK(desk.writes().empty());
}

TEST_CASE("a person is shown all that would be written, and it goes out as shown or not at all") {
  Desk desk;
  const auto shown = desk.preview(kWhole);
  REQUIRE_FALSE(shown.refused);
  const auto* requests = shown.shown.find("request");
  REQUIRE(requests != nullptr);
  CHECK(requests->find("time")->string_or("path", "") == "/time/entries");
  CHECK(requests->find("note")->string_or("method", "") == "POST");
  CHECK(requests->find("close")->string_or("path", "") == "/service/tickets/5");
  CHECK(shown.shown.find("before")->find("close") != nullptr);
  CHECK(desk.writes().empty());
  // The board has another usual status meanwhile: two fit, and none is preferred.
  desk.has_default = false;
  desk.harness.context.approved = &shown.shown;
  desk.harness.context.write_key = "apr_1";
  CHECK(desk.harness.call(kClose, kWhole).result.is_error);
  CHECK(desk.writes().empty());
  desk.has_default = true;
  const auto sent = desk.harness.call(kClose, kWhole);
  REQUIRE_MESSAGE(!sent.result.is_error, sent.result.text);
  CHECK(desk.writes().size() == 3);
  // Once for each approval.
  CHECK_FALSE(desk.harness.call(kClose, kWhole).result.is_error);
  CHECK(desk.writes().size() == 3);
  desk.harness.context.write_key.clear();
  auto other = shown.shown;
  other["request"]["note"]["body"]["text"] = json::Value("Something else");
  desk.harness.context.approved = &other;
  CHECK(desk.harness.call(kClose, kWhole).error().contains("What was approved is not what"));
  CHECK(desk.writes().size() == 3);
}

}  // namespace patchbay::gateway
