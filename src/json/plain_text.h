// How far a text needs no care: the inner loop of reading and of writing strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/text.h"

namespace patchbay::json {

namespace detail {

constexpr std::uint64_t repeat(unsigned char byte) {
  return 0x0101010101010101ULL * byte;
}

// The high bit of each byte that is `byte`; never none if there is one, and the lowest is right.
constexpr std::uint64_t matches(std::uint64_t word, unsigned char byte) {
  const std::uint64_t x = word ^ repeat(byte);
  return (x - repeat(0x01)) & ~x & repeat(0x80);
}

}  // namespace detail

enum class Plain : std::uint8_t {
  any,         // all but quotes, backslashes and control characters
  ascii_only,  // nor any byte from 0x80 on
};

// How many bytes at the start of `text` are plain.
template <Plain kKind>
std::size_t plain_length(std::string_view text) {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, sizeof word);
    const std::uint64_t control = (word - detail::repeat(0x20)) & ~word & detail::repeat(0x80);
    std::uint64_t stops = control | detail::matches(word, '"') | detail::matches(word, '\\');
    if constexpr (kKind == Plain::ascii_only) stops |= word & detail::repeat(0x80);
    if (stops != 0) break;
  }
  for (; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 || c == '"' || c == '\\') break;
    if (kKind == Plain::ascii_only && c >= 0x80) break;
  }
  return at;
}

// The length of the UTF-8 character at the start of `text`, which is not ASCII; 0 if there is none.
inline std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= text.size() && is_valid_utf8(text.substr(0, length)) ? length : 0;
}

}  // namespace patchbay::json
