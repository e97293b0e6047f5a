#include "telemetry/exposition.h"

#include <charconv>

namespace patchbay::telemetry {

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string shown(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return std::string(text, end);
}

// A bound is asked for by name (`le="0.025"`), and its scale is no binary fraction: as many digits
// as a double surely keeps.
static std::string shown_bound(double value) {
  char text[32];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, value, std::chars_format::general, 15);
  return std::string(text, end);
}

void append_family(std::string& out, std::string_view name, std::string_view help,
                   std::string_view type) {
  out.append("# HELP ").append(name).append(" ");
  append_escaped(out, help, false);
  out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void append_sample(std::string& out, std::string_view name, std::string_view suffix,
                   std::string_view labels, std::string_view value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void append_histogram(std::string& out, std::string_view name, const std::string& labels,
                      const Histogram::Reading& reading, const Buckets& buckets) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < reading.counts.size(); ++i) {
    total += reading.counts[i];
    std::string with_bound = labels;
    if (!labels.empty()) with_bound += ',';
    with_bound += "le=\"";
    with_bound += i < buckets.bounds.size()
                      ? shown_bound(static_cast<double>(buckets.bounds[i]) * buckets.scale)
                      : "+Inf";
    with_bound += '"';
    append_sample(out, name, "_bucket", with_bound, std::to_string(total));
  }
  append_sample(out, name, "_sum", labels, shown(static_cast<double>(reading.sum) * buckets.scale));
  append_sample(out, name, "_count", labels, std::to_string(total));
}

}  // namespace patchbay::telemetry
