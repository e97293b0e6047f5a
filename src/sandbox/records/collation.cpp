#include "sandbox/records/collation.h"

#include <algorithm>

namespace patchbay::sandbox {

std::string fold(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto byte = static_cast<unsigned char>(folded[i]);
    if (byte >= 'A' && byte <= 'Z') {
      folded[i] = static_cast<char>(byte + 32);
    } else if (byte == 0xC3 && i + 1 < folded.size()) {
      // U+00C0 to U+00DE are C3 80 to C3 9E; 0x97 is the multiplication sign.
      const auto next = static_cast<unsigned char>(folded[i + 1]);
      if (next >= 0x80 && next <= 0x9E && next != 0x97)
        folded[i + 1] = static_cast<char>(next + 32);
      ++i;
    }
  }
  return folded;
}

bool contains_folded(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool like_folded(std::string_view text, std::string_view pattern) {
  // On a mismatch, go back to the last % and let it take one byte more.
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t last_percent = std::string_view::npos;
  std::size_t taken_until = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '%') {
      last_percent = in_pattern++;
      taken_until = at;
    } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
    } else if (last_percent != std::string_view::npos) {
      in_pattern = last_percent + 1;
      at = ++taken_until;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(in_pattern), pattern.end(),
                     [](char c) { return c == '%'; });
}

std::strong_ordering compare_text(std::string_view a, std::string_view b) {
  return fold(a) <=> fold(b);
}

}  // namespace patchbay::sandbox
