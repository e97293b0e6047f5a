// Composites before the sandbox: each against what the plain lists say, summed up here.
#include <algorithm>
#include <map>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/test_composite_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kBrief = "connect_wise_psa_tickets_brief";
constexpr const char* kStale = "connect_wise_psa_tickets_stale";
constexpr const char* kWorkload = "connect_wise_psa_boards_workload";
constexpr const char* kUnbilled = "connect_wise_psa_time_entries_unbilled";
constexpr const char* kThinNotes = "connect_wise_psa_time_entries_thin_notes";
constexpr const char* kMargin = "connect_wise_psa_agreements_margin";

}  // namespace

TEST_CASE("composite: a brief is what its four tools say, and names them") {
  World world;
  const auto entry = world.direct(
      "/time/entries?conditions=chargeToType=%22ServiceTicket%22"
      "&pageSize=1&orderBy=id%20desc");
  const auto id = std::to_string(entry.if_array()->front().int64_or("chargeToId", 0));
  const auto brief = good(world, kBrief, R"({"ticketId":)" + id + "}");
  CHECK(brief.value.find("notice") == nullptr);
  for (const char* step : {"ticket", "notes", "time", "configurations"}) {
    CAPTURE(step);
    const auto alone = repeated(world, call_of(brief, step));
    CHECK(json::to_string(alone.value) == json::to_string(member(brief.value, step)));
  }
  CHECK(member(brief.value, "ticket").int64_or("id", 0) == std::stoll(id));
  CHECK(!member(member(brief.value, "time"), "result").if_array()->empty());
}

TEST_CASE("composite: a brief's lists go on with the tool that it names") {
  World world;
  const auto ticket = talked_about(world);
  const auto brief = good(world, kBrief, R"({"limit":1,"ticketId":)" + ticket + "}");
  const auto& notes = member(brief.value, "notes");
  CHECK(member(notes, "result").if_array()->size() == 1);
  const auto all = world.direct_ids("/service/tickets/" + ticket + "/notes");
  auto arguments = member(call_of(brief, "notes"), "arguments");
  std::vector<std::int64_t> ids = {notes.find("result")->if_array()->front().int64_or("id", 0)};
  arguments["next_cursor"] = notes.string_or("next_cursor", "");
  for (const auto next :
       world.follow("list_all_connect_wise_psa_ticket_notes", json::to_string(arguments))) {
    ids.push_back(next);
  }
  std::ranges::sort(ids);
  CHECK(ids == all);
}

TEST_CASE("composite: a brief of no ticket says which step found nothing") {
  World world;
  const auto outcome = world.call(kBrief, R"({"ticketId":99999999})");
  REQUIRE(outcome.result.is_error);
  CHECK(outcome.error().starts_with("step ticket (get_single_connect_wise_psa_ticket_by_id): "));
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 404);
  CHECK(outcome.result.upstream_status == 404);
}

TEST_CASE("composite: stale tickets are the open ones, oldest change first") {
  World world;
  const auto outcome = good(world, kStale, R"({"board":"Triage","days":3,"limit":7})");
  const auto& call = call_of(outcome, "tickets");
  const std::string before(member(call, "arguments").string_or("updatedBefore", ""));
  std::vector<std::pair<std::string, std::int64_t>> expected;
  for (const auto& ticket : all_of(
           world, "/service/tickets?conditions=board/name=%22Triage%22%20AND%20closedFlag=false")) {
    const std::string updated(ticket.find("_info")->string_or("lastUpdated", ""));
    if (updated < before) expected.emplace_back(updated, ticket.int64_or("id", 0));
  }
  std::ranges::sort(expected);
  REQUIRE(expected.size() > 7);
  const auto& records = *member(member(outcome.value, "tickets"), "result").if_array();
  REQUIRE(records.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(records[i].string_or("lastUpdated", "") == expected[i].first);
  }
  // Its cursor goes on with the tool that it names.
  auto arguments = member(call, "arguments");
  CHECK(call.string_or("tool", "") == "list_all_connect_wise_psa_tickets");
  arguments["next_cursor"] = member(outcome.value, "tickets").string_or("next_cursor", "");
  auto ids = world.follow("list_all_connect_wise_psa_tickets", json::to_string(arguments));
  CHECK(ids.size() + 7 == expected.size());

  // By id as by name; what the name became is told.
  const auto& board = member(member(outcome.value, "resolved"), "board");
  const auto by_id =
      good(world, kStale,
           R"({"board":)" + std::to_string(board.int64_or("id", 0)) + R"(,"days":"3","limit":7})");
  CHECK(json::to_string(member(member(by_id.value, "tickets"), "result")) ==
        json::to_string(member(member(outcome.value, "tickets"), "result")));
}

TEST_CASE("composite: the workload of a board is what its open tickets add up to") {
  World world;
  for (const std::string board : {"Triage", "Server Team"}) {
    const auto outcome = good(world, kWorkload, R"({"board":")" + board + "\"}");
    const auto& part = member(outcome.value, "open_tickets");
    std::map<std::int64_t, std::int64_t> by_owner;
    std::map<std::string, std::int64_t> by_status;
    std::string oldest = "9";
    std::int64_t count = 0;
    const std::string quoted = board == "Triage" ? "%22Triage%22" : "%22Server%20Team%22";
    for (const auto& ticket : all_of(world, "/service/tickets?conditions=board/name=" + quoted +
                                                "%20AND%20closedFlag=false")) {
      ++count;
      const auto* owner = ticket.find("owner");
      ++by_owner[owner != nullptr ? owner->int64_or("id", 0) : 0];
      ++by_status[std::string(ticket.find("status")->string_or("name", ""))];
      oldest = std::min(oldest, std::string(ticket.find("_info")->string_or("dateEntered", "")));
    }
    REQUIRE(count > 20);
    CHECK(member(part, "total").int64_or("tickets", 0) == count);
    CHECK(member(part, "total").string_or("oldest_entered", "") == oldest);
    CHECK(member(part, "total").int64_or("oldest_age_days", -1) >= 0);
    CHECK(part.int64_or("records_read", 0) == count);
    const auto& owners = *member(part, "by_owner").if_array();
    CHECK(owners.size() == by_owner.size());
    std::int64_t before = count;
    for (const auto& group : owners) {
      const auto& owner = member(group, "owner");
      CHECK(by_owner[owner.is_null() ? 0 : owner.int64_or("id", -1)] ==
            group.int64_or("tickets", 0));
      CHECK(group.int64_or("tickets", 0) <= before);
      before = group.int64_or("tickets", 0);
    }
    for (const auto& group : *member(part, "by_status").if_array()) {
      CHECK(by_status[std::string(member(group, "status").string_or("name", ""))] ==
            group.int64_or("tickets", 0));
    }
    CHECK(!member(part, "by_priority").if_array()->empty());
  }
}

TEST_CASE("composite: thin notes are those shorter than asked, counted by member") {
  World world;
  for (const int characters : {12, 30, 60}) {
    const auto outcome = good(world, kThinNotes,
                              R"({"startAfter":"2026-11-10T00:00:00Z","limit":3,"characters":)" +
                                  std::to_string(characters) + "}");
    const auto& part = member(outcome.value, "time");
    std::int64_t expected = 0;
    std::int64_t read = 0;
    for (const auto& entry :
         all_of(world, "/time/entries?conditions=timeStart%3E=%5B2026-11-10T00:00:00Z%5D")) {
      ++read;
      const auto notes = entry.string_or("notes", "");
      if (count_characters(trim(notes)) < static_cast<std::size_t>(characters)) ++expected;
    }
    CHECK(part.int64_or("records_read", 0) == read);
    CHECK(part.int64_or("matching", -1) == expected);
    CHECK(part.int64_or("result_count", -1) == std::min<std::int64_t>(expected, 3));
    CHECK(member(part, "total").int64_or("entries", -1) == expected);
    std::int64_t of_members = 0;
    for (const auto& group : *member(part, "by_member").if_array()) {
      CHECK(!member(group, "member").string_or("identifier", "").empty());
      of_members += group.int64_or("entries", 0);
    }
    CHECK(of_members == expected);
    for (const auto& record : *member(part, "result").if_array()) {
      CHECK(count_characters(record.string_or("notes", "")) < static_cast<std::size_t>(characters));
    }
    CHECK((expected > 3) == part.string_or("notice", "").contains(" match; "));
  }
}

TEST_CASE("composite: a span that ends before it begins is refused") {
  World world;
  for (const auto& [tool, arguments] :
       {std::pair{kMargin,
                  R"({"agreement":1,"startAfter":"2026-11-01","startBefore":"2026-10-01"})"},
        std::pair{kMargin, R"({"agreement":1,"startBefore":"2026-09-01"})"},
        std::pair{kMargin, R"({"agreement":1,"startAfter":"2027-01-01"})"},
        std::pair{kUnbilled, R"({"startAfter":"2026-11-01","startBefore":"2026-10-01"})"},
        std::pair{kThinNotes, R"({"startAfter":"2026-11-01","startBefore":"2026-11-01"})"}}) {
    CAPTURE(tool);
    CAPTURE(arguments);
    const auto outcome = world.call(tool, arguments);
    REQUIRE(outcome.result.is_error);
    CHECK_MESSAGE(outcome.error().contains("must be before startBefore ("), outcome.result.text);
    CHECK(outcome.value.find("error")->int64_or("status", 0) == 400);
  }
}

TEST_CASE("composite: names that name nothing are refused before anything is read") {
  World world;
  for (const auto& [tool, arguments, field] :
       {std::tuple{kWorkload, R"({"board":"Trage"})", "board"},
        std::tuple{kStale, R"({"owner":"nobody at all"})", "owner"},
        std::tuple{kUnbilled, R"({"company":"No Such Company"})", "company"},
        std::tuple{kThinNotes, R"({"member":"xyzzy"})", "member"},
        std::tuple{kMargin, R"({"agreement":"No Such Agreement"})", "agreement"},
        std::tuple{kWorkload, R"({})", "board"},
        std::tuple{kBrief, R"({"ticketId":"twelve"})", "ticketId"},
        std::tuple{kStale, R"({"limit":1001})", "limit"},
        std::tuple{kStale, R"({"bord":"Triage"})", "bord"},
        std::tuple{kUnbilled, R"({"startAfter":"yesterday-ish"})", "startAfter"}}) {
    CAPTURE(tool);
    CAPTURE(arguments);
    const auto outcome = world.call(tool, arguments);
    REQUIRE(outcome.result.is_error);
    CHECK_MESSAGE(outcome.error().contains(field), outcome.result.text);
    CHECK(outcome.value.find("error")->int64_or("status", 0) == 400);
  }
}

TEST_CASE("composite: whatever the cap, the answer is JSON within it and its cursors go on") {
  World world;
  world.harness.context.max_result_bytes = 100'000;
  const std::string arguments_of_brief = R"({"limit":100,"ticketId":)" + talked_about(world) + "}";
  const auto whole = good(world, kBrief, arguments_of_brief);
  int cut = 0;
  for (const std::size_t cap : {40'000, 8'000, 5'000, 3'000, 2'000, 1'000}) {
    CAPTURE(cap);
    world.harness.context.max_result_bytes = cap;
    const auto brief = good(world, kBrief, arguments_of_brief);
    CHECK(brief.result.text.size() <= cap);
    const auto* notes = brief.value.find("notes");
    if (notes == nullptr || notes->find("next_cursor") == nullptr) continue;
    CHECK(notes->string_or("notice", "").contains("size limit"));
    ++cut;
    auto arguments = member(call_of(brief, "notes"), "arguments");
    arguments["next_cursor"] = notes->string_or("next_cursor", "");
    world.harness.context.max_result_bytes = 100'000;
    const auto rest =
        world.follow("list_all_connect_wise_psa_ticket_notes", json::to_string(arguments));
    CHECK(rest.size() + notes->find("result")->if_array()->size() ==
          member(member(whole.value, "notes"), "result").if_array()->size());
  }
  CHECK(cut > 0);
  for (const std::size_t cap : {6'000, 2'000}) {
    world.harness.context.max_result_bytes = cap;
    const auto outcome = good(world, kUnbilled, "{}");
    CHECK(outcome.result.text.size() <= cap);
    CHECK(outcome.result.text.contains("size limit"));
    CHECK(outcome.value.find("time") != nullptr);
  }
}

TEST_CASE("SLA at risk: what can still be met apart from what was missed") {
  World world;
  const auto now = world.clock.now();
  const auto until = now + std::chrono::hours(72);
  std::int64_t ahead = 0;
  std::int64_t over = 0;
  for (const auto& ticket : all_of(world, "/service/tickets?conditions=closedFlag%3Dfalse")) {
    const auto goal = parse_iso8601(ticket.string_or("resolutionGoalUTC", ""), TimeZone::utc());
    if (!goal || *goal >= until) continue;
    ++(*goal < now ? over : ahead);
  }
  REQUIRE(ahead > 0);
  REQUIRE(over > 0);
  const auto told =
      good(world, "connect_wise_psa_tickets_sla_at_risk", R"({"hours":72,"limit":1000})");
  const auto count = [&](const char* part) {
    return member(member(told.value, part), "total").int64_or("tickets", -1);
  };
  CHECK(count("to_resolve") == ahead);
  CHECK(count("missed_resolution") == over);
  for (const auto& ticket : *member(member(told.value, "to_respond"), "result").if_array()) {
    CHECK(parse_iso8601(ticket.string_or("respondByGoalUTC", ""), TimeZone::utc()).value() >= now);
  }
}

}  // namespace patchbay::gateway
