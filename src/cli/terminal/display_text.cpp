#include "cli/terminal/display_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace patchbay::cli {
namespace {

constexpr std::string_view kInstead = "\xEF\xBF\xBD";  // U+FFFD

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15: East Asian Width W and F, and emoji that are shown as such by themselves. Coarse at
// the borders of blocks, where nothing is assigned.
constexpr auto kWide = std::to_array<Range>({
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x25fd, 0x25fe},
    {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26aa, 0x26ab},   {0x26bd, 0x26be},
    {0x26c4, 0x26c5},   {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728},
    {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff},
    {0x1aff0, 0x1b2ff}, {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e},
    {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f}, {0x1f680, 0x1f6fc},
    {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1faff}, {0x20000, 0x3fffd},
});

// Marks that stand on the character before them, joiners and variation selectors.
constexpr auto kNoWidth = std::to_array<Range>({
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},   {0x064b, 0x065f},
    {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x0e31, 0x0e31},   {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e}, {0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x200b, 0x200d},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0x1f3fb, 0x1f3ff}, {0xe0100, 0xe01ef},
});

// What ends a line for some terminals, and what turns the direction of what follows: a name could
// be made to look like another one.
constexpr auto kSteers = std::to_array<Range>({
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x061c, 0x061c},
    {0x200e, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe007f},
});

template <std::size_t Count>
bool within(const std::array<Range, Count>& ranges, char32_t character) {
  const auto after =
      std::ranges::upper_bound(ranges, character, {}, [](const Range& each) { return each.first; });
  return after != ranges.begin() && character <= std::prev(after)->last;
}

struct Character {
  std::string_view bytes;
  char32_t code = 0;
  bool proper = true;  // else `bytes` is one byte that is no UTF-8
};

Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const std::string_view bytes = text.substr(0, size);
  if (bytes.size() < size || !is_valid_utf8(bytes)) return {text.substr(0, 1), 0, false};
  char32_t code = size == 1 ? lead : lead & (0xffU >> (size + 1));
  for (const char each : bytes.substr(1)) {
    code = (code << 6) | (static_cast<unsigned char>(each) & 0x3fU);
  }
  return {bytes, code, true};
}

std::size_t width_of(const Character& character) {
  if (!character.proper) return 1;
  if (within(kNoWidth, character.code)) return 0;
  return within(kWide, character.code) ? 2 : 1;
}

std::string made_fit(std::string_view text, bool lines) {
  std::string fit;
  fit.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_of(text);
    text.remove_prefix(character.bytes.size());
    if (character.code == '\t') {
      fit += lines ? "  " : " ";
    } else if (character.proper && character.code == '\n') {
      fit += lines ? '\n' : ' ';
    } else if (character.proper && character.code == '\r') {
      if (!lines) fit += ' ';
    } else if (!character.proper || within(kSteers, character.code)) {
      fit += kInstead;
    } else {
      fit += character.bytes;
    }
  }
  return fit;
}

}  // namespace

std::string one_line(std::string_view text) {
  return made_fit(text, false);
}

std::string many_lines(std::string_view text) {
  return made_fit(text, true);
}

std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  while (!line.empty()) {
    const Character character = first_of(line);
    columns += width_of(character);
    line.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string cut_to(std::string_view line, std::size_t columns) {
  if (columns_of(line) <= columns) return std::string(line);
  if (columns == 0) return {};
  std::string cut;
  std::size_t taken = 1;  // the "…"
  while (!line.empty()) {
    const Character character = first_of(line);
    taken += width_of(character);
    if (taken > columns) break;
    cut += character.bytes;
    line.remove_prefix(character.bytes.size());
  }
  return cut + "…";
}

std::vector<std::string> broken_at(std::string_view line, std::size_t columns) {
  std::vector<std::string> pieces;
  while (columns_of(line) > columns) {
    std::size_t size = 0;
    std::size_t taken = 0;
    while (size < line.size()) {
      const Character character = first_of(line.substr(size));
      taken += width_of(character);
      if (taken > columns && size > 0) break;
      size += character.bytes.size();
    }
    const std::size_t space = line.substr(0, size).find_last_of(' ');
    if (space != std::string_view::npos && space > 0) size = space + 1;
    pieces.emplace_back(line.substr(0, size));
    line.remove_prefix(size);
  }
  if (!line.empty() || pieces.empty()) pieces.emplace_back(line);
  return pieces;
}

}  // namespace patchbay::cli
