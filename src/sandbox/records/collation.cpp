#include "sandbox/records/collation.h"

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

std::strong_ordering compare_text(std::string_view a, std::string_view b) {
  return fold(a) <=> fold(b);
}

}  // namespace patchbay::sandbox
