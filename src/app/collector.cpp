#include "app/collector.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"

namespace patchbay::app {
namespace {

constexpr std::size_t kMost = 20;
constexpr std::size_t kMostBytes = 8 * 1024;  // of a value: a JWT has one to four thousand
// Written by the exporter and by HTTP itself.
constexpr auto kOwn =
    std::to_array<std::string_view>({"content-type", "content-length", "host", "transfer-encoding",
                                     "connection", "expect", "te", "trailer", "upgrade"});

using Pairs = std::vector<std::pair<std::string, std::string>>;

// RFC 9110 section 5.6.2.
bool is_name(std::string_view text) {
  constexpr std::string_view kBeside = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kBeside.contains(c);
  });
}

bool is_value(std::string_view text) {
  return !text.empty() && text.size() <= kMostBytes &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7f; });
}

// Where it stands, and never what.
std::unexpected<Error> wrong(std::string_view where, std::size_t number, std::string_view rule) {
  return fail(
      ErrorCode::invalid_argument, fmt::format("{}: number {} {}.", where, number, rule),
      "Write `Name: value` on a line of the file, or name=value in the variable, with commas "
      "between several and values percent-encoded.");
}

Result<http::Headers> checked(const Pairs& pairs, std::string_view where) {
  http::Headers headers;
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    const auto& [name, value] = pairs[at];
    if (at >= kMost) return wrong(where, at + 1, "is more than the 20 that there may be");
    if (!is_name(name)) return wrong(where, at + 1, "has no name that a header may have");
    if (std::ranges::find(kOwn, to_lower(name)) != kOwn.end()) {
      return wrong(where, at + 1, "is one that is written anyway: leave it out");
    }
    if (!is_value(value)) return wrong(where, at + 1, "has no value that a header may have");
    headers.add(name, value);
  }
  return headers;
}

Result<http::Headers> of_variable(std::string_view text) {
  constexpr std::string_view kWhere = "PATCHBAY_OTLP_HEADERS";
  Pairs pairs;
  for (const std::string_view entry : split(text, ',')) {
    if (trim(entry).empty()) continue;
    const std::size_t sign = entry.find('=');
    if (sign == std::string_view::npos) return wrong(kWhere, pairs.size() + 1, "has no '='");
    auto value = http::percent_decode(trim(entry.substr(sign + 1)), false);
    if (!value) return wrong(kWhere, pairs.size() + 1, "is not percent-encoded");
    pairs.emplace_back(trim(entry.substr(0, sign)), std::move(*value));
  }
  return checked(pairs, kWhere);
}

Result<http::Headers> of_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return fail(ErrorCode::not_found,
                fmt::format("Cannot read the collector's headers from '{}'.", path),
                "Name a file with --otlp-headers-file that the server may read, or leave it out.");
  }
  Pairs pairs;
  for (std::string line; std::getline(file, line);) {
    if (trim(line).empty()) continue;
    const std::size_t sign = line.find(':');
    if (sign == std::string::npos) return wrong(path, pairs.size() + 1, "has no ':'");
    const std::string_view text = line;
    pairs.emplace_back(trim(text.substr(0, sign)), trim(text.substr(sign + 1)));
  }
  return checked(pairs, path);
}

}  // namespace

Result<http::Headers> collector_headers(const Config& config) {
  if (!config.otlp_headers.empty()) return of_variable(config.otlp_headers.reveal());
  if (!config.otlp_headers_file.empty()) return of_file(config.otlp_headers_file);
  return http::Headers{};
}

otlp::Collector collector_of(const Config& config) {
  return {.endpoint = *http::parse_url(config.otlp_endpoint),
          .headers = collector_headers(config).value_or(http::Headers{})};
}

}  // namespace patchbay::app
