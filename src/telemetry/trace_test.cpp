#include "telemetry/trace.h"

#include <set>

#include <doctest/doctest.h>

namespace patchbay::telemetry {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

// A tracer, and what it handed over.
struct World {
  explicit World(double ratio)
      : tracer(ratio, [this](FinishedTrace trace) { told.push_back(std::move(trace)); }) {}
  std::vector<FinishedTrace> told;
  Tracer tracer;
};

}  // namespace

TEST_CASE("a traceparent is read, and written as it was") {
  const auto context = read_traceparent(kParent);
  REQUIRE(context);
  CHECK(context->sampled);
  CHECK(to_hex(context->trace) == "0af7651916cd43dd8448eb211c80319c");
  CHECK(write_traceparent(*context) == kParent);
  const auto unsampled =
      read_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02");
  REQUIRE(unsampled);
  CHECK_FALSE(unsampled->sampled);
}

TEST_CASE("what is no traceparent is none") {
  for (const std::string_view text :
       {"", "00", "garbage", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"}) {
    CAPTURE(text);
    CHECK_FALSE(read_traceparent(text));
  }
}

TEST_CASE("spans lie within those that they stand under, and a trace is handed over whole") {
  World world(1);
  {
    const auto trace = world.tracer.begin(kParent, "vendor=1");
    REQUIRE(trace);
    const Span root(trace.get(), "root", SpanKind::server);
    {
      const Span inner(root.ref(), "inner");
      const Span request(inner.ref(), "GET", SpanKind::client);
      request.ref().say("http.response.status_code", 503);
      request.ref().fail("503");
      CHECK(to_hex(request.ref().context().trace) == "0af7651916cd43dd8448eb211c80319c");
    }
    root.ref().rename("tools/call one");
    CHECK(world.told.empty());
  }
  REQUIRE(world.told.size() == 1);
  const auto& told = world.told.front();
  CHECK(told.state == "vendor=1");
  REQUIRE(told.spans.size() == 3);
  CHECK(to_hex(told.spans[0].parent) == "b7ad6b7169203331");
  CHECK(told.spans[0].name == "tools/call one");
  for (std::size_t i = 1; i < 3; ++i) {
    const auto& span = told.spans[i];
    const auto& parent = told.spans[i - 1];
    CHECK(span.parent == parent.id);
    CHECK(parent.start_ns <= span.start_ns);
    CHECK(span.start_ns <= span.end_ns);
    CHECK(span.end_ns <= parent.end_ns);
  }
  CHECK(told.spans[2].failed);
  CHECK(told.spans[2].attributes.back().name == "error.type");
}

TEST_CASE("the caller's flag decides, and without one the ratio does") {
  const std::string off = std::string(kParent.substr(0, 53)) + "00";
  World never(0);
  CHECK(never.tracer.begin(kParent, ""));
  CHECK_FALSE(never.tracer.begin("", ""));
  World always(1);
  CHECK_FALSE(always.tracer.begin(off, ""));
  CHECK(always.tracer.begin("", ""));
  CHECK(always.tracer.begin("garbage", ""));
  World some(0.25);
  int recorded = 0;
  for (int i = 0; i < 10'000; ++i) recorded += some.tracer.begin("", "") ? 1 : 0;
  CHECK(recorded > 2'000);
  CHECK(recorded < 3'000);
  some.tracer.set_ratio(0);
  CHECK_FALSE(some.tracer.begin("", ""));
}

TEST_CASE("ids differ") {
  World world(1);
  for (int i = 0; i < 1'000; ++i) {
    const auto trace = world.tracer.begin("", "");
    const Span root(trace.get(), "root", SpanKind::server);
  }
  std::set<std::string> ids;
  for (const auto& trace : world.told) {
    ids.insert(to_hex(trace.id));
    ids.insert(to_hex(trace.spans.front().id));
  }
  CHECK(ids.size() == 2'000);
}

TEST_CASE("a request that does very much is told as far as there is room") {
  World world(1);
  {
    const auto trace = world.tracer.begin("", "");
    const Span root(trace.get(), "root", SpanKind::server);
    for (std::size_t i = 0; i < 2 * Trace::kMostSpans; ++i) {
      const Span span(root.ref(), "one of many");
      span.ref().say("patchbay.number", static_cast<std::int64_t>(i));
    }
  }
  CHECK(world.told.front().spans.size() == Trace::kMostSpans);
}

TEST_CASE("a span of no trace does nothing") {
  const Span root(nullptr, "root", SpanKind::server);
  const Span inner(root.ref(), "inner");
  inner.ref().say("a", "b");
  inner.ref().fail("c");
  CHECK_FALSE(inner.ref());
}

}  // namespace patchbay::telemetry
