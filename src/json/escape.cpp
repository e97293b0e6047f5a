// Escaping, the part of write.h that costs: the result of a tool call is JSON inside a JSON string,
// so that every eighth byte of it is a quote. Looking for the next quote and copying up to it runs
// at 1.2 GB/s, for the processor guesses wrong where the next one is; here eight bytes take the
// same steps whatever stands in them, and a table says where backslashes come between.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSSE3__)
#include <immintrin.h>
#endif

#include "base/text.h"
#include "json/plain_text.h"
#include "json/write.h"

namespace patchbay::json {
namespace {

constexpr std::size_t kPiece = 1024;  // of the text, escaped in one go
constexpr std::size_t kLongest = 6;   // of the escapes: \u0000
constexpr std::size_t kStep = 8;      // bytes of the text that the fast way takes at once

char* put(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

char* put_control(char* to, unsigned char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      return put(to, "\\\"");
    case '\\':
      return put(to, "\\\\");
    case '\b':
      return put(to, "\\b");
    case '\f':
      return put(to, "\\f");
    case '\n':
      return put(to, "\\n");
    case '\r':
      return put(to, "\\r");
    case '\t':
      return put(to, "\\t");
    default:
      to = put(to, "\\u00");
      *to++ = kDigits[c >> 4];
      *to++ = kDigits[c & 15];
      return to;
  }
}

// The length of the UTF-8 character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= text.size() && is_valid_utf8(text.substr(0, length)) ? length : 0;
}

// `text` has bytes from 0x80 on only.
char* put_beyond_ascii(char* to, std::string_view text) {
  if (is_valid_utf8(text)) return put(to, text);
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    to = put(to, length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD");  // U+FFFD
    text.remove_prefix(length > 0 ? length : 1);
  }
  return to;
}

#if defined(__SSSE3__)

// For each set of quotes and backslashes among eight bytes: which byte of them comes where, and a
// backslash (what follows the eight) before each of the set.
alignas(16) constexpr auto kSpread = [] {
  std::array<std::array<std::uint8_t, 16>, 256> table{};
  for (std::size_t set = 0; set < table.size(); ++set) {
    std::size_t at = 0;
    for (std::uint8_t byte = 0; byte < kStep; ++byte) {
      if ((set >> byte & 1) != 0) table[set][at++] = kStep;
      table[set][at++] = byte;
    }
  }
  return table;
}();

// Escapes the start of `text` up to the first byte that is a control character or not ASCII, and
// takes it from there. Writes less than 16 bytes more than it says.
char* put_ascii(char* to, std::string_view& text) {
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(' ');
  while (!text.empty()) {
    const std::size_t size = std::min(kStep, text.size());
    std::uint64_t word = detail::repeat(' ');
    if (size == kStep) {
      std::memcpy(&word, text.data(), kStep);
    } else {
      std::memcpy(&word, text.data(), size);
    }
    const __m128i bytes = _mm_cvtsi64_si128(static_cast<long long>(word));
    // Signed, so that what lies beyond ASCII is below the space as well.
    const auto stops = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmplt_epi8(bytes, space)));
    const auto marks = static_cast<unsigned>(_mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash))));
    const auto taken =
        std::min<std::size_t>(size, static_cast<std::size_t>(std::countr_zero(stops & 0xFF)));
    const unsigned set = marks & ((1U << taken) - 1);
    const __m128i spread = _mm_load_si128(reinterpret_cast<const __m128i*>(kSpread[set].data()));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm_shuffle_epi8(_mm_unpacklo_epi64(bytes, backslash), spread));
    to += taken + static_cast<std::size_t>(std::popcount(set));
    text.remove_prefix(taken);
    if (taken < size) break;
  }
  return to;
}

#else

char* put_ascii(char* to, std::string_view& text) {
  const std::size_t plain = plain_length<Plain::ascii_only>(text);
  to = put(to, text.substr(0, plain));
  text.remove_prefix(plain);
  return to;
}

#endif

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

char* put_escaped(char* to, std::string_view text) {
  while (true) {
    to = put_ascii(to, text);
    if (text.empty()) return to;
    if (is_ascii(text.front())) {
      to = put_control(to, static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    } else {
      std::size_t size = 1;
      while (size < text.size() && !is_ascii(text[size])) ++size;
      to = put_beyond_ascii(to, text.substr(0, size));
      text.remove_prefix(size);
    }
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::array<char, kPiece * kLongest + 16> escaped;
  while (!text.empty()) {
    const std::string_view piece = cut_utf8(text, kPiece);
    const char* const end = put_escaped(escaped.data(), piece);
    out.append(escaped.data(), static_cast<std::size_t>(end - escaped.data()));
    text.remove_prefix(piece.size());
  }
}

}  // namespace patchbay::json
