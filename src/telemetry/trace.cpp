#include "telemetry/trace.h"

#include <algorithm>
#include <exception>
#include <span>

#include "base/encoding.h"
#include "base/random.h"

namespace patchbay::telemetry {
namespace {

// "00-", 32 digits, "-", 16 digits, "-", 2 digits.
constexpr std::size_t kLength = 55;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Lower-case hexadecimal digits, as many as `out` needs.
bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::string hex_of(std::span<const std::uint8_t> bytes) {
  return patchbay::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Ids have to differ, not to be secret: one seed of the system's for each thread, splitmix64 after.
std::uint64_t draw() {
  thread_local std::uint64_t state = [] {
    std::uint64_t seed = 0;
    fill_random(std::as_writable_bytes(std::span(&seed, 1)));
    return seed;
  }();
  std::uint64_t mixed = state += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

template <std::size_t size>
std::array<std::uint8_t, size> draw_id() {
  std::array<std::uint8_t, size> id;
  do {
    for (std::size_t i = 0; i < size; i += 8) {
      std::uint64_t drawn = draw();
      for (std::size_t k = 0; k < 8; ++k, drawn >>= 8) id[i + k] = static_cast<std::uint8_t>(drawn);
    }
  } while (all_zero(id));
  return id;
}

// Whether a trace of this id is one of the part that is recorded.
bool is_sampled(const TraceId& id, double ratio) {
  if (ratio >= 1) return true;
  std::uint64_t last = 0;
  for (std::size_t i = 9; i < id.size(); ++i) last = last << 8 | id[i];
  constexpr double kAll = 72057594037927936.0;  // 2^56
  return static_cast<double>(last) < ratio * kAll;
}

}  // namespace

std::string to_hex(const TraceId& id) {
  return hex_of(id);
}
std::string to_hex(const SpanId& id) {
  return hex_of(id);
}

std::optional<SpanContext> read_traceparent(std::string_view text) {
  if (text.size() != kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') {
    return std::nullopt;
  }
  SpanContext context;
  std::array<std::uint8_t, 1> version;
  std::array<std::uint8_t, 1> flags;
  if (!read_hex(text.substr(0), version) || !read_hex(text.substr(3), context.trace) ||
      !read_hex(text.substr(36), context.span) || !read_hex(text.substr(53), flags) ||
      version[0] == 0xff || all_zero(context.trace) || all_zero(context.span)) {
    return std::nullopt;
  }
  context.sampled = (flags[0] & 1) != 0;
  return context;
}

std::string write_traceparent(const SpanContext& context) {
  std::string text = "00-";
  text += to_hex(context.trace);
  text += '-';
  text += to_hex(context.span);
  return text += context.sampled ? "-01" : "-00";
}

Trace::Trace(TraceId id, SpanId remote, std::string state, const Sink& sink)
    : told_{.id = id, .state = std::move(state), .spans = {}}, remote_(remote), sink_(sink) {}

Trace::~Trace() {
  try {
    sink_(std::move(told_));
  } catch (const std::exception&) {
    return;  // no memory to tell it
  }
}

std::int64_t Trace::now() const {
  using std::chrono::duration_cast;
  using std::chrono::nanoseconds;
  // By one clock that does not jump, so that no span ends before it began.
  const auto since = std::chrono::steady_clock::now() - began_;
  return duration_cast<nanoseconds>(began_at_.time_since_epoch()).count() +
         duration_cast<nanoseconds>(since).count();
}

SpanContext SpanRef::context() const {
  return {.trace = trace_->told_.id, .span = data().id, .sampled = true};
}

void SpanRef::fail(std::string_view type) const {
  if (trace_ == nullptr) return;
  data().failed = true;
  say("error.type", type);
}

void Span::begin(Trace& trace, SpanId parent, std::string_view name, SpanKind kind) {
  auto& spans = trace.told_.spans;
  if (spans.size() >= Trace::kMostSpans) return;
  spans.push_back({.name = std::string(name),
                   .id = draw_id<8>(),
                   .parent = parent,
                   .kind = kind,
                   .start_ns = trace.now(),
                   .end_ns = 0,
                   .attributes = {}});
  ref_ = SpanRef(&trace, spans.size() - 1);
  open_ = true;
}

void Span::end() {
  if (!open_) return;
  open_ = false;
  ref_.data().end_ns = ref_.trace_->now();
}

std::unique_ptr<Trace> Tracer::begin(std::string_view traceparent,
                                     std::string_view tracestate) const {
  if (const auto remote = read_traceparent(traceparent)) {
    if (!remote->sampled) return nullptr;
    return std::make_unique<Trace>(remote->trace, remote->span, std::string(tracestate), sink_);
  }
  const double ratio = ratio_.load(std::memory_order_relaxed);
  if (ratio <= 0) return nullptr;
  const auto id = draw_id<16>();
  if (!is_sampled(id, ratio)) return nullptr;
  return std::make_unique<Trace>(id, SpanId{}, std::string(), sink_);
}

}  // namespace patchbay::telemetry
