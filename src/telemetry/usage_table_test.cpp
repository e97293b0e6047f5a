#include "telemetry/usage_table.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace patchbay::telemetry {
namespace {

enum : std::size_t { calls, seconds };

constexpr std::int64_t kBounds[] = {10, 100};
const Buckets kFew{kBounds, 0.5};

UsageTable::Columns columns() {
  return {{.name = "calls_total", .help = "Calls.", .by = "outcome", .values = {"ok", "refused"}},
          {.name = "seconds", .help = "Time.", .buckets = &kFew}};
}

std::string text_of(UsageTable& table, MonotonicTime now = MonotonicTime(std::chrono::hours(1))) {
  std::string text;
  table.expose(text, now);
  return text;
}

bool says(const std::string& text, std::string_view line) {
  return ("\n" + text).contains("\n" + std::string(line) + "\n");
}

}  // namespace

TEST_CASE("what is counted of a value stands under its label") {
  UsageTable table("server", columns(), 1, 10);
  table.row(0, "a").add(calls);
  table.row(0, "a").add(calls, 2, 1);
  table.row(0, "a").observe(seconds, 10);
  table.row(0, "a").observe(seconds, 1000);
  table.row(0, "b\"\n").add(calls, 5);
  const std::string text = text_of(table);
  CHECK(says(text, "# TYPE calls_total counter"));
  CHECK(says(text, R"(calls_total{server="a",outcome="ok"} 1)"));
  CHECK(says(text, R"(calls_total{server="a",outcome="refused"} 2)"));
  CHECK(says(text, R"(calls_total{server="b\"\n",outcome="ok"} 5)"));
  CHECK_FALSE(text.contains(R"(b\"\n",outcome="refused")"));
  CHECK(says(text, "# TYPE seconds histogram"));
  CHECK(says(text, R"(seconds_bucket{server="a",le="5"} 1)"));
  CHECK(says(text, R"(seconds_bucket{server="a",le="50"} 1)"));
  CHECK(says(text, R"(seconds_bucket{server="a",le="+Inf"} 2)"));
  CHECK(says(text, R"(seconds_sum{server="a"} 505)"));
  CHECK(says(text, R"(seconds_count{server="a"} 2)"));
  CHECK_FALSE(text.contains("other"));
}

TEST_CASE("of 100,000 values there are as many series as may be, and all is counted") {
  UsageTable table("server", columns(), 1, 50);
  for (int i = 0; i < 100'000; ++i) table.row(0, "server " + std::to_string(i)).add(calls);
  const std::string text = text_of(table);
  CHECK(says(text, R"(calls_total{server="server 49",outcome="ok"} 1)"));
  CHECK(says(text, R"(calls_total{server="other",outcome="ok"} 99950)"));
  CHECK(text.size() < 50 * 600);
}

TEST_CASE("what is used much gets the row of what is used little, and counters only go up") {
  UsageTable table("server", columns(), 2, 2);
  const auto at = [](int minutes) { return MonotonicTime(std::chrono::minutes(minutes)); };
  for (int i = 0; i < 100; ++i) table.row(0, "busy").add(calls);
  table.row(1, "idle").add(calls);
  text_of(table, at(10));
  for (int i = 0; i < 1000; ++i) {
    table.row(1, "newcomer").add(calls);
    table.row(0, "busy").add(calls);
  }
  // Too soon after the last time.
  CHECK_FALSE(text_of(table, at(10)).contains("newcomer"));
  const std::string before = text_of(table, at(11));
  CHECK(before.contains("newcomer"));
  CHECK_FALSE(before.contains("idle"));
  CHECK(says(before, R"(calls_total{server="busy",outcome="ok"} 1100)"));
  CHECK(says(before, R"(calls_total{server="other",outcome="ok"} 1000)"));
  table.row(0, "newcomer").add(calls);
  table.row(1, "newcomer").add(calls);
  CHECK(says(text_of(table, at(12)), R"(calls_total{server="newcomer",outcome="ok"} 2)"));
}

TEST_CASE("a stranger that calls as often as the least of those with a row takes none") {
  UsageTable table("server", columns(), 1, 1);
  const auto at = [](int minutes) { return MonotonicTime(std::chrono::minutes(minutes)); };
  table.row(0, "one").add(calls);
  text_of(table, at(1));
  for (int minute = 2; minute < 10; ++minute) {
    for (int i = 0; i < 200; ++i) {
      table.row(0, "one").add(calls);
      table.row(0, "two").add(calls);
    }
    CHECK_FALSE(text_of(table, at(minute)).contains("two"));
  }
}

TEST_CASE("what was not used for a day goes") {
  UsageTable table("server", columns(), 1, 10);
  const auto at = [](int hours) { return MonotonicTime(std::chrono::hours(hours)); };
  table.row(0, "gone").add(calls);
  table.row(0, "used").add(calls);
  CHECK(text_of(table, at(1)).contains("gone"));
  CHECK(text_of(table, at(24)).contains("gone"));
  table.row(0, "used").add(calls);
  CHECK(text_of(table, at(24)).contains("gone"));
  table.row(0, "used").add(calls);
  const std::string text = text_of(table, at(25));
  CHECK_FALSE(text.contains("gone"));
  CHECK(says(text, R"(calls_total{server="used",outcome="ok"} 3)"));
}

TEST_CASE("threads count while others read, and nothing is lost") {
  constexpr std::size_t kThreads = 4;
  constexpr int kEach = 20'000;
  UsageTable table("server", columns(), kThreads, 8);
  // A sweep would give the row of one to another, and end its series: none falls due in between.
  const MonotonicTime now{std::chrono::hours(1)};
  text_of(table, now);
  std::vector<std::thread> threads;
  for (std::size_t mine = 0; mine < kThreads; ++mine) {
    threads.emplace_back([&table, mine] {
      for (int i = 0; i < kEach; ++i) table.row(mine, "s" + std::to_string(i % 40)).add(calls);
    });
  }
  for (int reading = 0; reading < 200; ++reading) text_of(table, now);
  for (auto& thread : threads) thread.join();
  std::uint64_t all = 0;
  const std::string text = text_of(table, now);
  for (std::size_t at = text.find("} "); at != std::string::npos; at = text.find("} ", at + 1)) {
    if (text.rfind("calls_total", at) > text.rfind('\n', at))
      all += std::stoull(text.substr(at + 2));
  }
  CHECK(all == kThreads * kEach);
}

TEST_CASE("threads count while rows come and go") {
  constexpr std::size_t kThreads = 4;
  UsageTable table("server", columns(), kThreads, 8);
  std::vector<std::thread> threads;
  for (std::size_t mine = 0; mine < kThreads; ++mine) {
    threads.emplace_back([&table, mine] {
      for (int i = 0; i < 20'000; ++i) {
        table.row(mine, "s" + std::to_string(i % 40 * i % 13)).add(calls);
      }
    });
  }
  for (int minute = 1; minute < 300; ++minute) {
    const std::string text = text_of(table, MonotonicTime(std::chrono::minutes(minute)));
    CHECK(std::ranges::count(text, '\n') < 9 * 8 + 4);
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace patchbay::telemetry
