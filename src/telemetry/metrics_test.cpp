#include "telemetry/metrics.h"

#include <thread>

#include <doctest/doctest.h>

namespace patchbay::telemetry {
namespace {

TEST_CASE("counters, gauges and histograms are exposed in Prometheus' text format") {
  Metrics metrics;
  metrics.counter("patchbay_tool_calls_total", "Calls of tools.", {{"tool", "b"}}).add(2);
  metrics.counter("patchbay_tool_calls_total", "Another help.", {{"tool", "a"}}).add();
  metrics.gauge("patchbay_connections", "Open connections.").set(-3);
  constexpr std::int64_t kBounds[] = {1'000, 2'500};
  Histogram& durations = metrics.histogram("patchbay_seconds", "How long.", Buckets{kBounds, 1e-6},
                                           {{"route", "mcp"}});
  durations.observe(1'000);
  durations.observe(1'001);
  durations.observe(9'000'000);

  CHECK(metrics.expose() == R"(# HELP patchbay_connections Open connections.
# TYPE patchbay_connections gauge
patchbay_connections -3
# HELP patchbay_seconds How long.
# TYPE patchbay_seconds histogram
patchbay_seconds_bucket{route="mcp",le="0.001"} 1
patchbay_seconds_bucket{route="mcp",le="0.0025"} 2
patchbay_seconds_bucket{route="mcp",le="+Inf"} 3
patchbay_seconds_sum{route="mcp"} 9.002001
patchbay_seconds_count{route="mcp"} 3
# HELP patchbay_tool_calls_total Calls of tools.
# TYPE patchbay_tool_calls_total counter
patchbay_tool_calls_total{tool="a"} 1
patchbay_tool_calls_total{tool="b"} 2
)");
}

TEST_CASE("the same name and labels are the same series") {
  Metrics metrics;
  Counter& one = metrics.counter("calls", "", {{"a", "1"}});
  CHECK(&one == &metrics.counter("calls", "", {{"a", "1"}}));
  CHECK(&one != &metrics.counter("calls", "", {{"a", "2"}}));
}

TEST_CASE("labels are escaped, and tokens in them are redacted") {
  Metrics metrics;
  metrics.counter("calls", "a\nb\\c", {{"x", "q\"\\\n"}, {"path", "/mcp/pbm_secret"}}).add();
  const std::string text = metrics.expose();
  CHECK(text.contains(R"(# HELP calls a\nb\\c)"));
  CHECK(text.contains(R"(calls{x="q\"\\\n",path="/mcp/[redacted]"} 1)"));
}

TEST_CASE("a name has a bounded number of series") {
  Metrics metrics;
  for (std::size_t i = 0; i < Metrics::kMaxSeries + 50; ++i) {
    metrics.counter("calls", "", {{"tool", std::to_string(i)}}).add();
  }
  CHECK(metrics.counter("calls", "", {{"tool", "other"}}).value() == 50);
}

// Who asks for `le="0.025"` finds it.
TEST_CASE("a bound of a time is told as it is written") {
  for (const Buckets* buckets : {&kDurations, &kCoarseDurations}) {
    Metrics metrics;
    metrics.histogram("times", "", *buckets);
    const std::string text = metrics.expose();
    constexpr std::string_view kLabel = "le=\"";
    for (auto at = text.find(kLabel); at != std::string::npos; at = text.find(kLabel, at + 1)) {
      const auto from = at + kLabel.size();
      const std::string bound = text.substr(from, text.find('"', from) - from);
      CAPTURE(bound);
      CHECK(bound.size() <= 7);  // 0.00025
    }
  }
}

TEST_CASE("nothing is lost when threads count at the same time") {
  Metrics metrics;
  Counter& counter = metrics.counter("calls", "");
  Histogram& histogram = metrics.histogram("times", "", kDurations);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kShards + 2);
    for (std::size_t t = 0; t < kShards + 2; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10'000; ++i) {
          counter.add();
          histogram.observe(i);
        }
      });
    }
  }
  CHECK(counter.value() == 10'000 * (kShards + 2));
  const Histogram::Reading reading = histogram.read();
  std::uint64_t total = 0;
  for (const std::uint64_t count : reading.counts) total += count;
  CHECK(total == counter.value());
  CHECK(reading.sum == 49'995'000LL * static_cast<std::int64_t>(kShards + 2));
}

}  // namespace
}  // namespace patchbay::telemetry
