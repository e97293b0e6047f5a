// Escaping, the part of write.h that costs: the result of a tool call is JSON inside a JSON string,
// so that every eighth byte of it is a quote. Looking for the next quote and copying up to it runs
// at 1.2 GB/s, for the processor guesses wrong where the next one is; here sixteen bytes take the
// same steps whatever stands in them, and a table says where backslashes come between. (Eight at a
// time cost half as much again.)
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
constexpr std::size_t kStep = 8;      // bytes of the text for which there is a table
constexpr std::size_t kSpare = 32;    // bytes written beyond what counts

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

// What sixteen bytes are, a bit each.
struct Block {
  explicit Block(const char* text)
      : bytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text))) {}

  const __m128i bytes;
  // Controls, and signed as they are compared, what lies beyond ASCII.
  unsigned stops() const {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' '))));
  }
  unsigned marks() const {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')))));
  }
};
constexpr std::size_t kBlock = 16;

// Eight bytes, with a backslash before each of `set`: writes 16, and returns the end of those that
// count.
char* put_spread(char* to, __m128i bytes, unsigned set) {
  const __m128i spread = _mm_load_si128(reinterpret_cast<const __m128i*>(kSpread[set].data()));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                   _mm_shuffle_epi8(_mm_unpacklo_epi64(bytes, _mm_set1_epi8('\\')), spread));
  return to + kStep + std::popcount(set);
}
char* put_spread(char* to, const Block& block, unsigned set) {
  to = put_spread(to, block.bytes, set & 0xFF);
  return put_spread(to, _mm_srli_si128(block.bytes, kStep), set >> kStep);
}

// Escapes the start of `text` up to the first byte that is a control character or not ASCII, and
// takes it from there. Writes fewer than kSpare bytes more than it says.
char* put_ascii(char* to, std::string_view& text) {
  // By whole blocks: what is read next does not depend on what was found, and need not wait for it.
  const char* from = text.data();
  const char* const end = from + text.size();
  for (; end - from >= static_cast<std::ptrdiff_t>(kBlock); from += kBlock) {
    const Block block(from);
    if (block.stops() != 0) break;
    to = put_spread(to, block, block.marks());
  }
  text.remove_prefix(static_cast<std::size_t>(from - text.data()));
  if (text.empty()) return to;

  std::array<char, kBlock> last;
  last.fill(' ');
  std::memcpy(last.data(), text.data(), std::min(kBlock, text.size()));
  const Block block(last.data());
  const std::size_t taken = std::min<std::size_t>(
      {kBlock, text.size(), static_cast<std::size_t>(std::countr_zero(block.stops() | 0x10000U))});
  const unsigned set = block.marks() & ((1U << taken) - 1);
  put_spread(to, block, set);
  text.remove_prefix(taken);
  return to + taken + std::popcount(set);
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

// Into `out` itself where that has room for the worst: a buffer between the two is one more copy of
// every answer. Else what is written decides how much room there must be.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::string_view piece = cut_utf8(text, kPiece);
    const std::size_t before = out.size();
    const std::size_t most = before + piece.size() * kLongest + kSpare;
    if (most <= out.capacity()) {
      out.resize_and_overwrite(most, [&](char* data, std::size_t) {
        return static_cast<std::size_t>(put_escaped(data + before, piece) - data);
      });
    } else {
      std::array<char, kPiece * kLongest + kSpare> escaped;
      const char* const end = put_escaped(escaped.data(), piece);
      out.append(escaped.data(), static_cast<std::size_t>(end - escaped.data()));
    }
    text.remove_prefix(piece.size());
  }
}

}  // namespace patchbay::json
