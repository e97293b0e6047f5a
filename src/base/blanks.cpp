#include "base/blanks.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace patchbay {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// White_Space of Unicode 15, and what of Default_Ignorable_Code_Point stands alone: what joins
// emoji and shapes letters does so between others, not at an end. U+2800 and U+3164 are letters by
// name, and show nothing.
constexpr auto kBlanks = std::to_array<Range>({
    {0x0000, 0x0020},
    {0x007F, 0x00A0},
    {0x00AD, 0x00AD},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x1680, 0x1680},
    {0x180E, 0x180E},
    {0x2000, 0x200F},
    {0x2028, 0x202F},
    {0x205F, 0x206F},
    {0x2800, 0x2800},
    {0x3000, 0x3000},
    {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
});

bool is_blank(char32_t point) {
  return std::ranges::any_of(
      kBlanks, [&](const Range& range) { return range.first <= point && point <= range.last; });
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// How many bytes the first character has, of a text that begins beyond ASCII; 0: it is none of two
// or three bytes, as all blanks are.
std::size_t read_point(std::string_view text, char32_t& point) {
  const auto byte = [&](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at]));
  };
  if ((byte(0) & 0xE0) == 0xC0 && text.size() >= 2 && continues(text[1])) {
    point = (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    return 2;
  }
  if ((byte(0) & 0xF0) == 0xE0 && text.size() >= 3 && continues(text[1]) && continues(text[2])) {
    point = (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    return 3;
  }
  return 0;
}

}  // namespace

std::size_t blank_at_start(std::string_view text) {
  if (text.empty()) return 0;
  // All but a few texts begin and end in ASCII.
  if (const auto first = static_cast<unsigned char>(text.front()); first < 0x80) {
    return first <= 0x20 || first == 0x7F ? 1 : 0;
  }
  char32_t point = 0;
  const std::size_t bytes = read_point(text, point);
  return bytes > 0 && is_blank(point) ? bytes : 0;
}

std::string_view trim_blanks(std::string_view text) {
  while (const std::size_t bytes = blank_at_start(text)) text.remove_prefix(bytes);
  while (!text.empty()) {
    const auto last = static_cast<unsigned char>(text.back());
    if (last > 0x20 && last < 0x7F) break;
    std::size_t bytes = 1;
    while (bytes < 3 && bytes < text.size() && continues(text[text.size() - bytes])) ++bytes;
    if (blank_at_start(text.substr(text.size() - bytes)) != bytes) break;
    text.remove_suffix(bytes);
  }
  return text;
}

}  // namespace patchbay
