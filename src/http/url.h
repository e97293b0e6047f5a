// Absolute URLs, percent-encoding (RFC 3986 section 2.1) and queries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/error.h"

namespace patchbay::http {

// "https://host:443" with its parts.
struct Origin {
  bool secure = true;
  std::string host;
  std::uint16_t port = 443;
  bool operator==(const Origin&) const = default;
};

struct Url {
  Origin origin;
  std::string path;   // "/…", as sent
  std::string query;  // without '?', may be empty
};
// http and https only; no user info, no fragment. Error invalid_argument.
Result<Url> parse_url(std::string_view text);
// What a browser sends as Origin (RFC 6454 section 6.2): scheme, host and port, and nothing else.
// http and https only. Error invalid_argument.
Result<Origin> parse_origin(std::string_view text);

// What a Host header names (RFC 9110 section 7.2).
struct Authority {
  std::string host;  // lower case; an IPv6 address in its shortest form, without brackets
  std::optional<std::uint16_t> port;
  bool operator==(const Authority&) const = default;
};
// Error invalid_argument.
Result<Authority> parse_authority(std::string_view text);

// Percent-decodes; nothing on a broken escape or NUL. '+' is a space in queries only.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
using patchbay::percent_encode;
// Decoded name-value pairs in their order; nothing on a broken escape.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

}  // namespace patchbay::http
