// The bytes of calls that lie together.
#include "audit/calls.h"

#include <doctest/doctest.h>

#include "audit/event_json.h"
#include "json/parse.h"

namespace patchbay::audit {
namespace {

constexpr WallTime kDay{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

struct Told {
  Caller by = {.environment_id = "env_1", .account_id = "acc_1", .server_id = "mcp_1"};
  Ending ending;
  std::string tool = "list_things";
  std::string resource = "things";
  std::string request_id = "req_1";

  EndedCall call(WallTime at = kDay) const {
    return {.by = by,
            .ending = ending,
            .at = at,
            .tool = tool,
            .resource = resource,
            .request_id = request_id};
  }
};

store::CallsRow row_of(const CallsWriter& writer, Arguments arguments = Arguments::none) {
  store::CallsRow row = writer.row("env_1", arguments);
  row.number = 10 + row.count;
  return row;
}

}  // namespace

TEST_CASE("what is written of a call is read, to the last member") {
  Told told;
  told.by.api_token_id = "tok_1";
  told.by.member = "Jane Doe (jdoe)";
  told.by.client = "Tester";
  told.by.client_version = "1.2";
  told.by.session_id = "ses_1";
  told.ending = {.outcome = Outcome::failed,
                 .error_code = "not_found",
                 .record_id = "5012",
                 .upstream_status = 404,
                 .duration = std::chrono::milliseconds(300),
                 .upstream_duration = std::chrono::milliseconds(200),
                 .waited = std::chrono::milliseconds(40),
                 .shaping = std::chrono::microseconds(1'700),
                 .upstream_bytes = 70'000'000'000,
                 .result_bytes = 400,
                 .summary = R"({"count":3})"};
  EndedCall call = told.call();
  call.kind = Kind::write;
  call.shown = Arguments::values;
  call.shown_arguments = R"({"id":7})";
  const vault::DigestCode digest{1, 2, 3};
  CallsWriter writer;
  writer.add(call, 77, &digest);
  const auto row = row_of(writer, Arguments::values);
  CHECK(row.count == 1);
  CHECK(row.first_at == kDay);
  CHECK(row.last_at == kDay);
  const auto calls = read_calls(row).value();
  REQUIRE(calls.size() == 1);
  const store::EventRow event = event_row(row, calls[0]);
  CHECK(event.chain == "env_1");
  CHECK(event.number == 11);
  CHECK(event.at == kDay);
  CHECK(event.kind == "write");
  CHECK(event.account_id == "acc_1");
  CHECK(event.server_id == "mcp_1");
  CHECK(event.tool == "list_things");
  CHECK(event.outcome == "failed");
  CHECK(event.digest.starts_with("01020300"));
  CHECK(event.digest.size() == 64);
  const json::Value shown = view(event);
  const auto text = [&](const char* name) { return std::string(shown.string_or(name, "")); };
  CHECK(text("api_token_id") == "tok_1");
  CHECK(text("member") == "Jane Doe (jdoe)");
  CHECK(text("client") == "Tester");
  CHECK(text("client_version") == "1.2");
  CHECK(text("session_id") == "ses_1");
  CHECK(text("request_id") == "req_1");
  CHECK(text("resource") == "things");
  CHECK(text("record_id") == "5012");
  CHECK(text("error_code") == "not_found");
  CHECK(text("ended_at") == "2026-11-22T00:00:00.300Z");
  CHECK(shown.int64_or("upstream_status", 0) == 404);
  CHECK(shown.int64_or("duration_ms", 0) == 300);
  CHECK(shown.int64_or("upstream_duration_ms", 0) == 200);
  CHECK(shown.int64_or("waited_ms", 0) == 40);
  CHECK(shown.int64_or("shaping_us", 0) == 1'700);
  CHECK(shown.int64_or("upstream_bytes", 0) == 70'000'000'000);
  CHECK(shown.int64_or("result_bytes", 0) == 400);
  CHECK(shown.find("arguments")->int64_or("id", 0) == 7);
  CHECK(shown.find("summary")->int64_or("count", 0) == 3);
  // By its name the row is found that it lies in.
  const auto name = read_event_id(event.id);
  REQUIRE(name);
  CHECK(name->order == 77);
  CHECK(calls_id(*name) == row.id);
  // What the environment does not keep is not there.
  CHECK_FALSE(row_of(writer).events.contains("\"id\":7"));
  CHECK(read_calls(row_of(writer)).value()[0].summary.empty());
}

TEST_CASE("a row of the version before, whose calls told nothing of waiting, is read") {
  CallsWriter writer;
  Told told;
  told.ending.result_bytes = 400;
  writer.add(told.call(), 1, nullptr);
  writer.add(told.call(), 2, nullptr);
  auto row = row_of(writer);
  CHECK(read_calls(row).value().size() == 2);
  // The same without the two numbers at the end of each call, which are 0 here.
  CallsWriter first;
  first.add(told.call(), 1, nullptr);
  const std::size_t size_of_first = row_of(first).events.size() - 2;
  std::string calls = row.events.substr(2);
  REQUIRE(calls.size() < 128);
  calls.erase(calls.size() - 2);
  calls.erase(size_of_first - 2, 2);
  row.events = std::string{'\1', static_cast<char>(calls.size())} + calls;
  const auto read = read_calls(row).value();
  REQUIRE(read.size() == 2);
  CHECK(read[1].order == 2);
  CHECK(read[1].result_bytes == 400);
  CHECK(read[1].waited_ms == 0);
}

TEST_CASE("texts that calls have in common stand there once; others each for itself") {
  CallsWriter writer;
  Told told;
  Order order = Order{1} << 52U;
  for (std::size_t i = 0; i < CallsWriter::kMost; ++i) {
    CHECK_FALSE(writer.is_full());
    told.by.client = "Client number " + std::to_string(i);
    told.tool = i % 2 == 0 ? "list_things" : "get_a_thing";
    told.ending.error_code = i % 3 == 0 ? "timeout" : "";
    writer.add(told.call(kDay + std::chrono::milliseconds(i % 2 == 0 ? i : 0)), ++order, nullptr);
  }
  CHECK(writer.is_full());
  const auto row = row_of(writer);
  CHECK(row.last_at == kDay + std::chrono::milliseconds(98));
  CHECK(row.events.find("list_things") == row.events.rfind("list_things"));
  const auto calls = read_calls(row).value();
  REQUIRE(calls.size() == CallsWriter::kMost);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CHECK(calls[i].text(Text::client) == "Client number " + std::to_string(i));
    CHECK(calls[i].text(Text::tool) == (i % 2 == 0 ? "list_things" : "get_a_thing"));
    CHECK(calls[i].text(Text::error_code) == (i % 3 == 0 ? "timeout" : ""));
    CHECK(calls[i].at == kDay + std::chrono::milliseconds(i % 2 == 0 ? i : 0));
    CHECK(calls[i].number == 11 + static_cast<std::int64_t>(i));
    CHECK(calls[i].order == order - CallsWriter::kMost + i + 1);
  }
  // Of the same client over and over a call takes few bytes.
  CallsWriter usual;
  told.by.client = "c";
  for (int i = 0; i < 50; ++i) usual.add(told.call(), ++order, nullptr);
  CHECK(row_of(usual).events.size() < std::size_t{50} * 20 + 100);
}

TEST_CASE("bytes that somebody has altered are refused or read, and nothing else") {
  CallsWriter writer;
  Told told;
  Order order = 0;
  for (int i = 0; i < 3; ++i) {
    told.tool = "tool " + std::to_string(i);
    const vault::DigestCode digest{};
    EndedCall call = told.call();
    call.shown = Arguments::values;
    call.shown_arguments = "{}";
    writer.add(call, ++order, &digest);
  }
  const auto row = row_of(writer, Arguments::values);
  REQUIRE(read_calls(row));
  const auto look = [](const store::CallsRow& altered) {
    const auto calls = read_calls(altered);
    if (!calls) {
      CHECK(calls.error().code == ErrorCode::internal);
      return false;
    }
    for (const CallRead& call : *calls) static_cast<void>(view(event_row(altered, call)));
    return true;
  };
  for (std::size_t i = 0; i < row.events.size(); ++i) {
    for (const int bits : {0x01, 0x80, 0xff}) {
      store::CallsRow altered = row;
      altered.events[i] = static_cast<char>(altered.events[i] ^ bits);
      static_cast<void>(look(altered));
    }
    store::CallsRow cut = row;
    cut.events.resize(i);
    // Up to the end of the calls; what is shown may be cut between two.
    if (i < row.events.find("{}") - 2) CHECK_FALSE(look(cut));
  }
  for (const std::int64_t count : {INT64_MIN, std::int64_t{0}, std::int64_t{2}, INT64_MAX}) {
    store::CallsRow altered = row;
    altered.count = count;
    CHECK_FALSE(look(altered));
  }
}

TEST_CASE("what may have changed something does not lie with others") {
  Told told;
  EndedCall call = told.call();
  CHECK(lies_with_others(call));
  call.kind = Kind::write;
  CHECK_FALSE(lies_with_others(call));
  told.ending.outcome = Outcome::failed;
  CHECK(lies_with_others(call));
  call.kind = Kind::change;
  CHECK_FALSE(lies_with_others(call));
}

TEST_CASE("names of events sort as their order does, and tell it") {
  Order last = 0;
  std::string before;
  WallTime now = kDay;
  for (int i = 0; i < 10'000; ++i) {
    // More of a millisecond than have a place in it; a clock that goes back.
    if (i % 5'000 == 0) now -= std::chrono::milliseconds(3);
    last = next_order(last, now);
    std::string id = event_id(last, "aaaaaaaaaaaaaaaa");
    CHECK(id > before);
    REQUIRE(read_event_id(id));
    CHECK(read_event_id(id)->order == last);
    before = std::move(id);
  }
  CHECK(event_id(next_order(last, kDay + std::chrono::hours(1)), "a") > before);
  CHECK_FALSE(read_event_id("evt_abcdefghijklmnopqrstuvwxyz"));
  CHECK_FALSE(read_event_id("evt_0000000000waaaaaaaaaaaaaaaa"));
  CHECK_FALSE(read_event_id(""));
}

}  // namespace patchbay::audit
