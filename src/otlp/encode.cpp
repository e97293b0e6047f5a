#include "otlp/encode.h"

#include "json/write.h"

namespace patchbay::otlp {
namespace {

using telemetry::Attribute;
using telemetry::FinishedTrace;
using telemetry::SpanData;

constexpr int kStatusError = 2;

void member(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  json::append_string(out, name);
  out += ':';
}

void text(std::string& out, std::string_view name, std::string_view value) {
  member(out, name);
  json::append_string(out, value);
}

struct ValueWriter {
  std::string& out;
  void operator()(const std::string& value) const { text(out, "stringValue", value); }
  void operator()(std::int64_t value) const { text(out, "intValue", std::to_string(value)); }
};

void append(std::string& out, const Attribute& attribute) {
  out += '{';
  text(out, "key", attribute.name);
  member(out, "value");
  out += '{';
  std::visit(ValueWriter{out}, attribute.value);
  out += "}}";
}

void append(std::string& out, std::span<const Attribute> attributes) {
  member(out, "attributes");
  out += '[';
  for (const Attribute& attribute : attributes) {
    if (out.back() != '[') out += ',';
    append(out, attribute);
  }
  out += ']';
}

void append(std::string& out, const FinishedTrace& trace, const SpanData& span) {
  out += '{';
  text(out, "traceId", telemetry::to_hex(trace.id));
  text(out, "spanId", telemetry::to_hex(span.id));
  if (!trace.state.empty()) text(out, "traceState", trace.state);
  if (span.parent != telemetry::SpanId{}) {
    text(out, "parentSpanId", telemetry::to_hex(span.parent));
  }
  text(out, "name", span.name);
  member(out, "kind");
  out += std::to_string(static_cast<int>(span.kind));
  text(out, "startTimeUnixNano", std::to_string(span.start_ns));
  text(out, "endTimeUnixNano", std::to_string(span.end_ns));
  append(out, span.attributes);
  if (span.failed) {
    member(out, "status");
    out += R"({"code":)" + std::to_string(kStatusError) + '}';
  }
  out += '}';
}

}  // namespace

std::string encode(const Resource& resource, std::span<const FinishedTrace> traces) {
  const std::array<Attribute, 3> who{{{"service.name", "patchbay"},
                                      {"service.version", resource.version},
                                      {"service.instance.id", resource.instance}}};
  std::string out = R"({"resourceSpans":[{"resource":{)";
  append(out, who);
  out += R"(},"scopeSpans":[{"scope":{)";
  text(out, "name", "patchbay");
  text(out, "version", resource.version);
  out += R"(},"spans":[)";
  for (const FinishedTrace& trace : traces) {
    for (const SpanData& span : trace.spans) {
      if (out.back() != '[') out += ',';
      append(out, trace, span);
    }
  }
  return out += "]}]}]}";
}

}  // namespace patchbay::otlp
