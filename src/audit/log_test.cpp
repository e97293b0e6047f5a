// What events say, how they hang together, how they are read and how long they stay: over the real
// store.
#include "audit/log.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

#include "audit/event_json.h"
#include "audit/export.h"
#include "audit/journal.h"
#include "audit/retention.h"
#include "audit/test_desk.h"
#include "audit/verify.h"
#include "base/text.h"
#include "json/parse.h"

namespace patchbay::audit {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

using testing::call_of;
using testing::Desk;

}  // namespace

TEST_CASE("an event says who did what with what, and what came of it") {
  Desk desk;
  Event event = call_of("get_a_thing");
  event.at = desk.clock.now();
  event.by.api_token_id = "tok_1";
  event.request_id = "req_1";
  event.digest.emplace().fill(7);
  desk.journal->note(event, {.outcome = Outcome::failed,
                             .error_code = "not_found",
                             .record_id = "5012",
                             .upstream_status = 404,
                             .duration = milliseconds(30),
                             .upstream_duration = milliseconds(20),
                             .upstream_bytes = 4'000,
                             .result_bytes = 400});
  desk.settle();
  const json::Value shown = desk.shown("get_a_thing");
  const auto text = [&](const char* name) { return std::string(shown.string_or(name, "")); };
  CHECK(text("kind") == "read");
  CHECK(text("at") == "2026-11-22T00:00:00.000Z");
  CHECK(text("environment_id") == "env_1");
  CHECK(text("integrated_account_id") == "acc_1");
  CHECK(text("mcp_server_id") == "mcp_1");
  CHECK(text("api_token_id") == "tok_1");
  CHECK(text("client") == "Tester");
  CHECK(text("client_version") == "1");
  CHECK(text("request_id") == "req_1");
  CHECK(text("resource") == "things");
  CHECK(text("record_id") == "5012");
  CHECK(text("outcome") == "failed");
  CHECK(text("error_code") == "not_found");
  CHECK(text("arguments_digest").size() == 64);
  CHECK(shown.int64_or("upstream_status", 0) == 404);
  CHECK(shown.int64_or("duration_ms", 0) == 30);
  CHECK(shown.int64_or("upstream_duration_ms", 0) == 20);
  CHECK(shown.int64_or("tokens_saved_estimate", 0) == 900);
  CHECK(shown.find("arguments")->is_null());
}

TEST_CASE("arguments and summaries are kept where the environment says so, by what it says then") {
  Desk desk;
  const auto call = [&](const char* tool, Arguments shown) {
    Event event = call_of(tool);
    event.shown = shown;
    event.shown_arguments = R"({"id":7})";
    desk.journal->note(event, {.summary = R"({"count":3})"});
  };
  call("before", Arguments::values);
  desk.settle();
  CHECK(desk.shown("before").find("arguments")->is_null());
  CHECK(desk.shown("before").find("summary")->is_null());
  desk.keep("env_1", {{"arguments", "values"}});
  call("values", Arguments::values);
  desk.settle();
  CHECK(desk.shown("values").find("arguments")->int64_or("id", 0) == 7);
  CHECK(desk.shown("values").find("summary")->int64_or("count", 0) == 3);
}

TEST_CASE("what was begun and not ended is unknown after the next start, and says what to check") {
  Desk desk;
  static_cast<void>(desk.begin("create_a_thing", "List the things."));
  CHECK(desk.shown("create_a_thing").string_or("outcome", "") == "started");
  CHECK(desk.shown("create_a_thing").find("check")->is_null());
  desk.restart();
  const json::Value shown = desk.shown("create_a_thing");
  CHECK(shown.string_or("outcome", "") == "unknown");
  CHECK(shown.string_or("check", "") == "List the things.");
  CHECK(shown.string_or("why", "").contains("server ended"));
  CHECK(desk.faults().empty());
}

TEST_CASE(
    "where others write too, only what is older than the longest call is of one that is gone") {
  Desk desk(true);
  static_cast<void>(desk.begin("create_a_thing"));
  desk.restart();
  CHECK(desk.shown("create_a_thing").string_or("outcome", "") == "started");
  desk.clock.advance(std::chrono::minutes(4));
  desk.restart();
  CHECK(desk.shown("create_a_thing").string_or("outcome", "") == "unknown");
}

TEST_CASE("how long a call may take can be changed, and what was begun before keeps its time") {
  Desk desk(true);
  desk.journal = std::make_unique<Journal>(*desk.repository, desk.vault, desk.clock,
                                           JournalOptions{.shared = true,
                                                          .longest_call = std::chrono::minutes(10),
                                                          .tidy_every = milliseconds(20)});
  const auto outcome = [&](std::string_view tool) {
    return std::string(desk.shown(tool).string_or("outcome", ""));
  };
  const auto is_left = [&](std::string_view tool) {
    std::this_thread::sleep_for(milliseconds(200));  // it is looked for ten times
    return outcome(tool) == "started";
  };
  const auto becomes_unknown = [&](std::string_view tool) {
    for (int i = 0; i < 500 && outcome(tool) == "started"; ++i) {
      std::this_thread::sleep_for(milliseconds(20));
    }
    return outcome(tool) == "unknown";
  };
  static_cast<void>(desk.begin("create_a_thing"));
  desk.clock.advance(std::chrono::minutes(4));
  CHECK(is_left("create_a_thing"));
  // It may be under way for as long as it was allowed when it began.
  desk.journal->set_longest_call(std::chrono::minutes(3));
  CHECK(is_left("create_a_thing"));
  desk.clock.advance(std::chrono::minutes(7));
  CHECK(becomes_unknown("create_a_thing"));
  // From then on the new one counts.
  desk.clock.advance(std::chrono::minutes(10));
  static_cast<void>(desk.begin("delete_a_thing"));
  desk.clock.advance(std::chrono::minutes(4));
  CHECK(becomes_unknown("delete_a_thing"));
}

TEST_CASE("the log is filtered by all that it can be, and read by the page to its end") {
  Desk desk;
  for (int i = 0; i < 7; ++i) {
    desk.read("r" + std::to_string(i), i % 2 == 0 ? "env_1" : "env_2");
    desk.clock.advance(milliseconds(1'000));
  }
  desk.write("w0", {.outcome = Outcome::failed, .error_code = "conflict"});
  desk.settle();
  CHECK(desk.tools({.kind = "read"}) == "r6 r5 r4 r3 r2 r1 r0 ");
  CHECK(desk.tools({.kind = "read"}, 2) == "r6 r5 r4 r3 r2 r1 r0 ");
  CHECK(desk.tools({.environment_id = "env_2"}) == "r5 r3 r1 ");
  CHECK(desk.tools({.environment_id = std::string(kInstance)}) == "chain_begun chain_begun ");
  CHECK(desk.tools({.outcome = "failed"}) == "w0 ");
  CHECK(desk.tools({.text = "CONFLICT"}) == "w0 ");
  CHECK(desk.tools({.kind = "write", .text = "tester"}) == "w0 ");
  CHECK(desk.tools({.server_id = "mcp_2"}) == "");
  CHECK(desk.tools({.account_id = "acc_1", .tool = "r3"}) == "r3 ");
  const WallTime start = desk.clock.now() - milliseconds(7'000);
  CHECK(desk.tools({.from = start + milliseconds(2'000), .to = start + milliseconds(4'000)}) ==
        "r3 r2 ");
  const auto page = read_log(*desk.repository, {.tool = "r3"}, {}, 10).value();
  const std::string id = page.events.front().id;
  CHECK(read_event(*desk.repository, "env_2", id));
  CHECK(read_event(*desk.repository, "", id));
  CHECK(read_event(*desk.repository, "env_1", id).error().code == ErrorCode::not_found);
}

TEST_CASE("events of the same millisecond are listed in the order in which they were recorded") {
  Desk desk;
  std::string expected;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "e" + std::to_string(i);
    if (i % 3 == 0) {
      desk.write(name);
    } else {
      desk.read(name, i % 2 == 0 ? "env_1" : "env_2");
    }
    expected.insert(0, name + " ");
  }
  desk.settle();
  std::string shown = desk.tools({.account_id = "acc_1"});
  CHECK(shown == expected);
  CHECK(desk.tools({.account_id = "acc_1"}, 1) == expected);
  CHECK(desk.tools({.account_id = "acc_1"}, 5) == expected);
}

TEST_CASE("calls that lie together are read with all other events, each at its time") {
  Desk desk;
  // Calls that took long are recorded after those that began later.
  const WallTime start = desk.clock.now();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i) {
      desk.clock.advance(milliseconds(700));
      const std::string name = "r" + std::to_string(round) + "_" + std::to_string(i);
      Event event = call_of(name);
      event.at = i % 8 == 7 ? start : desk.clock.now();
      desk.journal->note(event, {.duration = desk.clock.now() - event.at});
      if (i % 10 == 0) desk.write("w" + name);
    }
    if (round != 1) desk.settle();
  }
  desk.settle();
  std::vector<store::EventRow> all;
  for (LogPosition after;;) {
    auto page = read_log(*desk.repository, {.environment_id = "env_1"}, after, 7).value();
    for (auto& row : page.events) all.push_back(std::move(row));
    if (!page.next) break;
    after = *page.next;
  }
  REQUIRE(all.size() == 132);
  CHECK(std::ranges::is_sorted(
      all, std::greater(), [](const store::EventRow& row) { return std::pair(row.at, row.id); }));
  CHECK(std::ranges::count(all, start, &store::EventRow::at) == 15);
  // As in one page, and each by its name.
  const auto at_once = read_log(*desk.repository, {.environment_id = "env_1"}, {}, 1'000).value();
  REQUIRE(at_once.events.size() == all.size());
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(at_once.events[i].id == all[i].id);
    const auto alone = read_event(*desk.repository, "env_1", all[i].id);
    REQUIRE(alone);
    CHECK(json_line(*alone) == json_line(all[i]));
    numbers.push_back(all[i].number);
    if (all[i].ended_number) numbers.push_back(*all[i].ended_number);
  }
  // Each has a number of its own, and no number is left out.
  std::ranges::sort(numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(numbers[i] == static_cast<std::int64_t>(i + 1));
  }
  CHECK(desk.faults().empty());
  // A part of it by time.
  const WallTime from = start + milliseconds(9'000);
  const auto part =
      read_log(*desk.repository, {.environment_id = "env_1", .from = from, .to = from + days(1)},
               {}, 1'000)
          .value();
  CHECK(static_cast<std::ptrdiff_t>(part.events.size()) ==
        std::ranges::count_if(all, [&](const auto& row) { return row.at >= from; }));
}

TEST_CASE("a log that is looked through for what is rare goes on where it stopped") {
  Desk desk;
  desk.read("rare");
  for (std::size_t i = 0; i < kMostLookedAt + 50; ++i) {
    if (i % 5'000 == 4'999) desk.settle();
    desk.read("usual");
  }
  desk.settle();
  const auto page = read_log(*desk.repository, {.tool = "rare"}, {}, 10).value();
  CHECK(page.events.empty());
  REQUIRE(page.next);
  CHECK(desk.tools({.tool = "rare"}) == "rare ");
}

TEST_CASE("lines of an export can be read again, and no cell of it is a formula") {
  Desk desk;
  Event event = call_of("=cmd|' /C calc'!A0");
  event.by.client = "a,\"b\"\nc";
  desk.journal->note(event, {});
  desk.settle();
  const auto row =
      read_log(*desk.repository, {.environment_id = "env_1"}, {}, 1).value().events.front();
  CHECK(json::parse(json_line(row))->string_or("client", "") == "a,\"b\"\nc");
  const std::string line = csv_line(row);
  CHECK(line.contains("\"'=cmd|' /C calc'!A0\""));
  CHECK(line.contains("\"a,\"\"b\"\"\nc\""));
  CHECK(std::ranges::count(csv_head(), ',') + 1 == static_cast<std::ptrdiff_t>(view(row).size()));
}

TEST_CASE("the oldest events go by age and by number, and what is left still verifies") {
  Desk desk;
  desk.keep("env_1", {{"keep_days", 10}});
  desk.keep("env_2", {{"keep_entries", 1'000}});
  desk.read("old");
  desk.write("old_write");
  const Go long_one = desk.begin("long");
  desk.settle();     // the write that was open is told as unknown
  desk.read("old");  // past its end
  desk.clock.advance(days(11));
  for (int i = 0; i < 1'200; ++i) desk.read("many", "env_2");
  desk.write("new");
  desk.settle();
  REQUIRE(retain(*desk.repository, *desk.vault, desk.clock.now()));
  CHECK(desk.tools({.environment_id = "env_1"}) == "new ");
  CHECK(split(desk.tools({.environment_id = "env_2"}), ' ').size() == 1'001);
  CHECK(desk.faults().empty());
  // It goes on from there.
  desk.write("newer");
  CHECK(desk.tools({.environment_id = "env_1"}) == "newer new ");
  CHECK(desk.faults().empty());
  CHECK_FALSE(desk.journal->end(long_one, Unknown{}, {}));
}

// As one sees it beside a running server.
TEST_CASE("a log that grows, and is cut, while it is looked at is as it was written") {
  Desk desk;
  desk.keep("env_1", {{"keep_entries", 1'000}});
  for (int i = 0; i < 600; ++i) desk.write("before");
  std::atomic<bool> over = false;
  std::jthread others([&] {
    for (int i = 0; !over; ++i) {
      desk.write("meanwhile");
      if (i % 20 == 0) {
        CHECK(retain(*desk.repository, *desk.vault, desk.clock.now()));
      }
    }
  });
  for (int i = 0; i < 100; ++i) {
    const auto faults = desk.faults();
    CAPTURE(i);
    CHECK(faults.empty());
    if (!faults.empty()) MESSAGE(faults.front().what);
  }
  over = true;
}

TEST_CASE("what was begun before the cut and ended after it stays until the next one") {
  Desk desk;
  desk.keep("env_1", {{"keep_days", 10}});
  const Go crossing = desk.begin("crossing");
  desk.read("old");
  desk.clock.advance(days(11));
  REQUIRE(desk.journal->end(crossing, Unknown{}, {}));
  desk.settle();
  REQUIRE(retain(*desk.repository, *desk.vault, desk.clock.now()));
  CHECK(desk.tools({.environment_id = "env_1"}) == "crossing ");
  CHECK(desk.faults().empty());
}

TEST_CASE("between the parts that retention takes away writes begin and end, and stay") {
  Desk desk;
  desk.keep("env_1", {{"keep_entries", 1'000}});
  for (int i = 0; i < 6'500; ++i) desk.read("old");
  desk.settle();
  int parts = 0;
  std::optional<Go> open;
  REQUIRE(retain(*desk.repository, *desk.vault, desk.clock.now(), [&] {
    // Nobody waits for more than one part: this would not come back else.
    if (++parts == 1) open = desk.begin("meanwhile");
    if (parts == 2) REQUIRE(desk.journal->end(*open, Unknown{}, {}));
  }));
  CHECK(parts > 2);
  const json::Value shown = desk.shown("meanwhile");
  CHECK(shown.string_or("outcome", "") == "done");
  CHECK(shown.int64_or("ended_number", 0) > shown.int64_or("number", 0));
  CHECK(desk.faults().empty());
}

TEST_CASE("writes that begin at the same moment all come into one chain, in some order") {
  Desk desk;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&desk] {
      for (int round = 0; round < 20; ++round) desk.write("raced");
    });
  }
  threads.clear();
  const auto verified = verify(*desk.repository, *desk.vault).value();
  CHECK(verified.faults.empty());
  CHECK(verified.events == 160 + 1);  // and that the chain was begun
}

TEST_CASE("calls that were altered, or taken out from among others, are told") {
  Desk desk;
  for (int i = 0; i < 5; ++i) desk.read("one");
  desk.settle();
  for (int i = 0; i < 5; ++i) desk.read("two");
  desk.settle();
  REQUIRE(desk.faults().empty());
  const auto rows = desk.repository->calls_by_number("env_1", 0, 10).value();
  REQUIRE(rows.size() == 2);
  SUBCASE("one byte") {
    store::CallsRow other = rows[0];
    other.events[other.events.find("one")] = 'O';
    desk.alter(other);
    const auto faults = desk.faults();
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].chain == "env_1");
    CHECK(faults[0].event_id == other.id);
    CHECK(faults[0].number == 1);
    CHECK(faults[0].what ==
          "One of the calls 1 to 5, which lie together in " + other.id + ", was altered.");
  }
  SUBCASE("fewer") {
    store::CallsRow other = rows[1];
    other.count = 4;
    desk.alter(other);
    REQUIRE(desk.faults().size() == 1);
    CHECK(desk.faults()[0].what.contains("Link 6 is missing"));
    // It is no list of four either.
    CHECK(read_log(*desk.repository, {}, {}, 10).error().code == ErrorCode::internal);
  }
  SUBCASE("all") {
    desk.remove(rows[0].id);
    REQUIRE(desk.faults().size() == 1);
    CHECK(desk.faults()[0].what.contains("Links 1 to 5 are missing"));
  }
}

TEST_CASE("a chain that was made with another key is not taken for ours") {
  Desk desk;
  desk.read("one");
  desk.settle();
  CHECK(desk.faults().empty());
  const auto other = vault::Vault::open(Secret(std::string(64, 'b'))).value();
  CHECK_FALSE(verify(*desk.repository, *other).value().faults.empty());
}

}  // namespace patchbay::audit
