#include "json/token.h"

namespace patchbay::json {

std::optional<std::uint32_t> four_hex(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    std::uint32_t digit;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

namespace {

// The length of the escape at the start of `text`, both halves of a pair counted; 0: not valid.
std::size_t escape_length(std::string_view text) {
  constexpr std::string_view kSimple = "\"\\/bfnrt";
  if (text.size() < 2) return 0;
  if (kSimple.contains(text[1])) return 2;
  if (text[1] != 'u') return 0;
  const auto code = four_hex(text.substr(2));
  if (!code || (*code >= 0xDC00 && *code <= 0xDFFF)) return 0;
  if (*code < 0xD800 || *code > 0xDBFF) return 6;
  if (!text.substr(6).starts_with("\\u")) return 0;
  const auto low = four_hex(text.substr(8));
  return low && *low >= 0xDC00 && *low <= 0xDFFF ? 12 : 0;
}

}  // namespace

bool has_valid_escapes(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const std::size_t length = escape_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace patchbay::json
