// Digits by their ASCII characters, whatever the locale is.
#pragma once

namespace patchbay {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What a hexadecimal digit of either case stands for; -1 if it is none.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace patchbay
