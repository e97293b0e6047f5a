// Pages of an upstream whose records the test makes up: size, cursors, the ways to go on.
#include <algorithm>
#include <atomic>
#include <random>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/test_harness.h"
#include "io/event.h"

namespace patchbay::gateway {

namespace {

using Seen = StubUpstream::Seen;

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";

// Tickets 1 to n, newest first, by keyset ("id < 7") or by page number.
struct Tickets {
  std::vector<std::string> records;  // JSON, by id - 1
  http::Response operator()(const Seen& seen) const {
    std::int64_t below = static_cast<std::int64_t>(records.size()) + 1;
    const auto conditions = seen.query.find("conditions");
    constexpr std::string_view kBelow = "id < ";
    if (const auto at =
            conditions != seen.query.end() ? conditions->second.rfind(kBelow) : std::string::npos;
        at != std::string::npos) {
      const auto digits = conditions->second.substr(at + kBelow.size());
      below = parse_int64(digits.substr(0, digits.find_first_not_of("0123456789"))).value();
    }
    const auto number = [&](const char* name, std::int64_t otherwise) {
      const auto found = seen.query.find(name);
      return found != seen.query.end() ? parse_int64(found->second).value() : otherwise;
    };
    const auto size = number("pageSize", 25);
    const auto skip = (number("page", 1) - 1) * size;
    std::string body = "[";
    for (std::int64_t i = 0; i < size && below - 1 - skip - i > 0; ++i) {
      body += (i > 0 ? "," : "") + records[static_cast<std::size_t>(below - skip - i - 2)];
    }
    return http::Response::json(200, body + ']');
  }
};

Tickets made_up(std::size_t count, std::size_t longest, unsigned seed) {
  std::mt19937 random(seed);
  static const std::vector<std::string> kPieces = {
      "a", "\"", "\\", "\n", "\xC3\xBC", "\xE2\x82\xAC", "word ", "\x01", "\xF0\x9F\x98\x80"};
  Tickets tickets;
  for (std::size_t id = 1; id <= count; ++id) {
    std::string text;
    for (auto left = random() % (longest + 1); text.size() < left;) {
      text += kPieces[random() % kPieces.size()];
    }
    json::Object record;
    record.append("id", static_cast<std::int64_t>(id));
    record.append("summary", text);
    record.append("budgetHours", json::Number("1.50"));
    record.append("board", json::Object{{"id", 1}, {"name", "Triage"}});
    tickets.records.push_back(json::to_string(record));
  }
  return tickets;
}

std::vector<std::int64_t> follow(Harness& harness, json::Value query) {
  std::vector<std::int64_t> ids;
  for (int page = 0; page < 5000; ++page) {
    const auto outcome = harness.call_value(kTickets, query);
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    for (const auto& record : *outcome.value.find("result")->if_array()) {
      ids.push_back(record.int64_or("id", 0));
      CHECK(record.find("budgetHours")->if_number()->token() == "1.50");
    }
    const auto cursor = outcome.value.string_or("next_cursor", "");
    if (cursor.empty()) return ids;
    query["next_cursor"] = cursor;
  }
  FAIL("the cursors never end");
  return ids;
}

std::vector<std::int64_t> down_from(std::size_t count) {
  std::vector<std::int64_t> ids;
  for (auto id = static_cast<std::int64_t>(count); id > 0; --id) ids.push_back(id);
  return ids;
}

// The shipped pack with changes.
std::shared_ptr<const catalog::ToolCatalog> tools_with(
    const std::function<void(integration::Integration&)>& change) {
  auto copy = std::make_shared<integration::Integration>(shipped_tools()->integration());
  change(*copy);
  return catalog::ToolCatalog::generate(std::move(copy)).value();
}

struct Setup {
  io::Runtime runtime{{.loops = 1}};
  StubUpstream upstream;
  Harness harness;
  explicit Setup(StubUpstream::Answers answers,
                 std::shared_ptr<const catalog::ToolCatalog> tools = shipped_tools())
      : upstream((runtime.start(), runtime), std::move(answers)),
        harness(runtime, upstream.port(), {}, kDemoCredentials, std::move(tools)) {}
  ~Setup() { runtime.stop(); }
};

}  // namespace

TEST_CASE("whatever records hold, every page is valid JSON under the cap and none is lost") {
  std::mt19937 random(11);
  for (unsigned round = 0; round < 25; ++round) {
    const std::size_t count = 1 + random() % 60;
    Setup setup(made_up(count, 10 + random() % 3000, round));
    setup.harness.context.max_result_bytes = 1200 + random() % 6000;
    // The harness checks the size and the syntax of each result.
    CHECK(follow(setup.harness, json::Object{{"limit", 1 + random() % 30}}) == down_from(count));
  }
}

TEST_CASE("a record that is too large alone is cut, and the next page goes on after it") {
  auto tickets = made_up(5, 10, 1);
  tickets.records[2] =
      R"({"id":3,"budgetHours":1.50,"summary":")" + std::string(50'000, 'x') + "\"}";
  Setup setup(tickets);
  setup.harness.context.max_result_bytes = 2000;
  CHECK(follow(setup.harness, json::Object()) == down_from(5));
  const auto outcome = setup.harness.call(kTickets, R"({"limit":2})");
  CHECK(outcome.value.int64_or("result_count", 0) == 2);
}

TEST_CASE("a cut page says where it was cut") {
  Setup setup(made_up(30, 300, 3));
  setup.harness.context.max_result_bytes = 2500;
  const auto outcome = setup.harness.call(kTickets, "{}");
  CHECK(outcome.value.string_or("notice", "").starts_with("Cut at "));
  CHECK(!outcome.value.string_or("next_cursor", "").empty());
  // As much as fits: another record would not have.
  CHECK(outcome.result.text.size() > 2500 - 1000);
}

TEST_CASE("an altered or foreign cursor asks nothing of the upstream") {
  Setup setup(made_up(60, 10, 4));
  const auto first = setup.harness.call(kTickets, R"({"limit":10})");
  const std::string cursor(first.value.string_or("next_cursor", ""));
  REQUIRE(!cursor.empty());
  setup.upstream.forget();
  const auto with = [&](const std::string& arguments) {
    return setup.harness.call(kTickets, arguments).error();
  };
  auto altered = cursor;
  altered[40] = altered[40] == 'A' ? 'B' : 'A';
  CHECK(with(R"({"next_cursor":")" + altered + "\"}").contains("was not issued by this server"));
  CHECK(with(R"({"next_cursor":"7"})").contains("was not issued by this server"));
  CHECK(with(R"({"next_cursor":")" + cursor + R"(","closed":true})").contains("another query"));
  setup.harness.context.scope_id = "srv_other";
  CHECK(with(R"({"next_cursor":")" + cursor + "\"}").contains("was not issued by this server"));
  CHECK(setup.upstream.seen().empty());
  setup.harness.context.scope_id = "srv_test";
  // Another limit is no other query.
  const auto next = setup.harness.call(kTickets, R"({"limit":50,"next_cursor":")" + cursor + "\"}");
  CHECK(next.value.int64_or("result_count", 0) == 50);
  CHECK(next.value.find("next_cursor") == nullptr);
}

TEST_CASE("where the order cannot be told, pages go by number and say so") {
  const auto by_number = tools_with([](integration::Integration& integration) {
    integration.dialects.filter = "";
    integration.pagination.order_parameter = "";
  });
  for (const std::size_t count : {0, 1, 7, 25, 50, 51}) {
    Setup setup(made_up(count, 20, 5), by_number);
    CHECK(follow(setup.harness, json::Object()) == down_from(count));
    CHECK(follow(setup.harness, json::Object{{"limit", 7}}) == down_from(count));
    setup.harness.context.max_result_bytes = 900;
    CHECK(follow(setup.harness, json::Object()) == down_from(count));
  }
  Setup setup(made_up(60, 20, 5), by_number);
  const auto outcome = setup.harness.call(kTickets, "{}");
  CHECK(outcome.value.string_or("notice", "").contains("paged by number"));
}

TEST_CASE("an API without pages is cut into pages here") {
  const auto whole = tools_with([](integration::Integration& integration) {
    integration.dialects.filter = "";
    integration.pagination.style = integration::PaginationStyle::none;
  });
  const auto tickets = made_up(60, 20, 6);
  Setup setup([&](const Seen&) { return tickets(Seen{"GET", "", {{"pageSize", "1000"}}, ""}); },
              whole);
  CHECK(follow(setup.harness, json::Object{{"limit", 25}}) == down_from(60));
}

TEST_CASE("names among more records than one look-up brings are asked for by name") {
  const auto small_pages = tools_with(
      [](integration::Integration& integration) { integration.pagination.max_size = 3; });
  Setup setup(
      [](const Seen& seen) {
        const auto conditions = seen.query.find("conditions");
        const std::string filter =
            conditions != seen.query.end() ? conditions->second : std::string();
        if (seen.path == "/service/tickets") {
          return seen.method == "GET" ? http::Response::json(200, "[]")
                                      : http::Response::json(201, R"({"id":1})");
        }
        if (filter == R"(name = "Zeta Ltd")" || filter == R"(name contains "zeta l")") {
          return http::Response::json(200, R"([{"id":77,"name":"Zeta Ltd","identifier":"Zeta"}])");
        }
        if (!filter.empty()) return http::Response::json(200, "[]");
        return http::Response::json(200, R"([{"id":1,"name":"Alpha","identifier":"A"},
          {"id":2,"name":"Beta","identifier":"B"},{"id":3,"name":"Gamma","identifier":"C"}])");
      },
      small_pages);
  const auto create = [&](const std::string& company) {
    return setup.harness.call("create_a_connect_wise_psa_ticket",
                              R"({"summary":"s","company":")" + company + "\"}");
  };
  auto outcome = create("Zeta Ltd");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.find("resolved")->find("company")->int64_or("id", 0) == 77);
  outcome = create("zeta l");
  CHECK_MESSAGE(!outcome.result.is_error, outcome.result.text);
  outcome = create("Bet\\\" or 1=1");
  CHECK(outcome.error().contains("does not exist; there are: "));
  CHECK(outcome.error().contains("Beta"));
}

TEST_CASE("a caller that gives up does not take those down who wait for the same look-up") {
  std::atomic<int> asked = 0;
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  http::Server slow(runtime, {}, [&asked](http::Request& request) -> io::Task<http::Response> {
    if (request.path.ends_with("/service/boards")) {
      ++asked;
      co_await io::sleep(std::chrono::milliseconds(300));
      co_return http::Response::json(200, R"([{"id":1,"name":"Triage"}])");
    }
    co_return http::Response::json(200, "[]");
  });
  REQUIRE(slow.start());
  Harness harness(runtime, slow.port());
  CallResult patient;
  CallResult hasty;
  runtime.run(runtime.loop(0), [&]() -> io::Task<> {
    io::CancelSource source;
    auto context = harness.context;
    context.cancel = source.token();
    const auto& tool = *harness.tools->find(kTickets);
    const auto arguments = json::parse(R"({"board":"Triage"})").value();
    io::Event first_done;
    runtime.spawn(io::Loop::current(), [&]() -> io::Task<> {
      hasty = co_await harness.gateway().call(tool, arguments, context);
      first_done.set();
    });
    runtime.spawn(io::Loop::current(), [&]() -> io::Task<> {
      co_await io::sleep(std::chrono::milliseconds(100));
      source.cancel();
    });
    co_await io::sleep(std::chrono::milliseconds(20));
    patient = co_await harness.gateway().call(tool, arguments, harness.context);
    co_await first_done.wait();
  });
  CHECK(hasty.is_error);
  CHECK_MESSAGE(!patient.is_error, patient.text);
  CHECK(asked == 2);
  runtime.stop();
}

TEST_CASE("a server that may wait waits for reads only, and not for long") {
  int refused = 0;
  Setup setup([&](const Seen&) {
    if (refused-- > 0) {
      auto answer = http::Response::json(429, "{}");
      answer.headers.add("Retry-After", "1");
      return answer;
    }
    return http::Response::json(200, "[]");
  });
  setup.harness.context.wait_on_rate_limit = true;
  refused = 1;
  CHECK(!setup.harness.call(kTickets, "{}").result.is_error);
  refused = 1;
  CHECK(setup.harness
            .call("create_a_connect_wise_psa_ticket",
                  R"({"allow_duplicate":true,"summary":"s","company":1})")
            .value.find("error")
            ->int64_or("status", 0) == 429);
  setup.harness.context.wait_on_rate_limit = false;
  refused = 1;
  CHECK(setup.harness.call(kTickets, "{}").result.is_error);
}

TEST_CASE("an order by a fact that stands in _info alone is continued by its value") {
  Setup setup([](const Seen&) {
    return http::Response::json(200, R"([{"id":1,"_info":{"dateEntered":"2026-01-02T03:04:05Z"}},
                                         {"id":2,"_info":{"dateEntered":"2026-01-01T03:04:05Z"}}])");
  });
  const std::string kSources = "list_all_connect_wise_psa_sources";
  auto query = json::parse(R"({"orderBy":"dateEntered desc","fields":["name"],"limit":1})").value();
  const auto page = setup.harness.call_value(kSources, query);
  query["next_cursor"] = page.value.string_or("next_cursor", "");
  setup.harness.call_value(kSources, query);
  const auto seen = setup.upstream.seen();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].query.at("fields") == "id,name,dateEntered,_info");
  CHECK(seen[1].query.at("conditions").contains("dateEntered < [2026-01-02T03:04:05Z]"));
}

TEST_CASE("an API that takes no notice of the filter is no list without end") {
  Setup setup([](const Seen&) { return http::Response::json(200, R"([{"id":3},{"id":2}])"); });
  json::Value query = json::Object{{"limit", 1}};
  const auto page = setup.harness.call_value(kTickets, query);
  query["next_cursor"] = page.value.string_or("next_cursor", "");
  const auto again = setup.harness.call_value(kTickets, query);
  CHECK(again.result.is_error);
  CHECK(again.error().contains("cannot be continued"));
  CHECK(again.error().contains("limit up to 1000"));
}

}  // namespace patchbay::gateway
