// Whether the bytes of a JSON token are what RFC 8259 allows, for walks that copy them as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/digit.h"

namespace patchbay::json {

inline bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Section 6.
inline bool is_number(std::string_view token) {
  const char* at = token.data();
  const char* const end = at + token.size();
  const auto digits = [&] {
    const char* const start = at;
    while (at != end && is_digit(*at)) ++at;
    return at != start;
  };
  if (at != end && *at == '-') ++at;
  if (at != end && *at == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at != end && *at == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return false;
  }
  return at == end;
}

// The value of the first four hexadecimal digits; nothing if there are fewer.
std::optional<std::uint32_t> four_hex(std::string_view text);

// Section 7, and no lone surrogates. `text` is any run of whole tokens: backslashes stand only
// inside its strings, and a quote ends an escape that is too short.
bool has_valid_escapes(std::string_view text);

}  // namespace patchbay::json
