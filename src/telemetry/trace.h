// Traces: what one request did, as spans with times, for whoever gathers them (OpenTelemetry).
//
// A Trace is one request's, and touched on its loop alone. It keeps its spans until it goes, and
// hands them over whole. Where nothing is recorded there is no Trace, and a Span of no Trace costs
// a comparison.
//
// Ids and flags: W3C Trace Context, level 1. Sampling: the flag of who asks decides; without one, a
// part of all trace ids (the last 7 bytes of one, as OpenTelemetry has it).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace patchbay::telemetry {

using TraceId = std::array<std::uint8_t, 16>;
using SpanId = std::array<std::uint8_t, 8>;

std::string to_hex(const TraceId& id);
std::string to_hex(const SpanId& id);

struct SpanContext {
  TraceId trace{};
  SpanId span{};
  bool sampled = false;
};

// version "-" trace-id "-" parent-id "-" flags. Nothing: it is not exactly that, of version 00 or a
// later one that says no more; or an id is all zeros.
std::optional<SpanContext> read_traceparent(std::string_view text);
std::string write_traceparent(const SpanContext& context);

// Names are those of OpenTelemetry's semantic conventions, or begin with "patchbay.". Values hold
// no argument, no secret and no name that a customer chose.
struct Attribute {
  std::string_view name;  // outlives the trace: a literal
  std::variant<std::string, std::int64_t> value;
};

enum class SpanKind : std::uint8_t { internal = 1, server = 2, client = 3 };  // OTLP's numbers

struct SpanData {
  std::string name;
  SpanId id{};
  SpanId parent{};  // all zeros: none
  SpanKind kind = SpanKind::internal;
  std::int64_t start_ns = 0;  // since 1970
  std::int64_t end_ns = 0;
  std::vector<Attribute> attributes;
  bool failed = false;
};

struct FinishedTrace {
  TraceId id{};
  std::string state;  // tracestate of who asked
  std::vector<SpanData> spans;
};

class Trace {
 public:
  // A request that does very much is told as far as this.
  static constexpr std::size_t kMostSpans = 256;
  using Sink = std::function<void(FinishedTrace)>;

  // `remote`: the span that it belongs under, or all zeros.
  Trace(TraceId id, SpanId remote, std::string state, const Sink& sink);
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

 private:
  friend class SpanRef;
  friend class Span;
  std::int64_t now() const;

  FinishedTrace told_;
  const SpanId remote_;
  const Sink& sink_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const std::chrono::system_clock::time_point began_at_ = std::chrono::system_clock::now();
};

// A span that somebody else holds, to say something of it or to put others under it. Of no Trace:
// does nothing.
class SpanRef {
 public:
  SpanRef() = default;
  explicit operator bool() const { return trace_ != nullptr; }

  // Both only of one that is recorded.
  SpanContext context() const;
  const std::string& name() const { return data().name; }
  void rename(std::string name) const {
    if (trace_ != nullptr) data().name = std::move(name);
  }
  void say(std::string_view name, std::string_view value) const {
    if (trace_ != nullptr) data().attributes.push_back({name, std::string(value)});
  }
  void say(std::string_view name, std::int64_t value) const {
    if (trace_ != nullptr) data().attributes.push_back({name, value});
  }
  // `type`: what kind of error ("timeout", "503").
  void fail(std::string_view type) const;

 private:
  friend class Span;
  SpanRef(Trace* trace, std::size_t index) : trace_(trace), index_(index) {}
  SpanData& data() const { return trace_->told_.spans[index_]; }

  Trace* trace_ = nullptr;
  std::size_t index_ = 0;
};

// Ends with its scope.
class Span {
 public:
  // The first of a trace; null: nothing is recorded.
  Span(Trace* trace, std::string_view name, SpanKind kind) {
    if (trace != nullptr) begin(*trace, trace->remote_, name, kind);
  }
  Span(SpanRef parent, std::string_view name, SpanKind kind = SpanKind::internal) {
    if (parent) begin(*parent.trace_, parent.data().id, name, kind);
  }
  ~Span() { end(); }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  // Before its scope does.
  void end();
  // Valid as long as the Trace.
  SpanRef ref() const { return ref_; }

 private:
  void begin(Trace& trace, SpanId parent, std::string_view name, SpanKind kind);

  SpanRef ref_;
  bool open_ = false;
};

// Decides what is recorded. Shared by all loops.
class Tracer {
 public:
  // `ratio`: 0 to 1, of the requests whose caller has not decided. `sink` takes each trace that has
  // ended, on the loop of its request; it must not block.
  Tracer(double ratio, Trace::Sink sink) : ratio_(ratio), sink_(std::move(sink)) {}
  void set_ratio(double ratio) { ratio_.store(ratio, std::memory_order_relaxed); }

  // Null: nothing is recorded. The Tracer outlives it. `traceparent`, `tracestate`: the caller's;
  // what is none is as none.
  std::unique_ptr<Trace> begin(std::string_view traceparent, std::string_view tracestate) const;

 private:
  std::atomic<double> ratio_;
  const Trace::Sink sink_;
};

}  // namespace patchbay::telemetry
