// Decompression of response bodies (declared in response_parser.h), by libdeflate.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include <libdeflate.h>

#include "http/response_parser.h"
#include "json/shape.h"

namespace patchbay::http {

namespace {

// A byte of deflate stands for no more than these (RFC 1951: 258 bytes take two bits at least).
constexpr std::size_t kMostPerByte = 1032;

struct Free {
  void operator()(libdeflate_decompressor* one) const { libdeflate_free_decompressor(one); }
};

// It holds tables of 11 KB that each use fills anew.
libdeflate_decompressor* decompressor() {
  static thread_local const std::unique_ptr<libdeflate_decompressor, Free> kOne(
      libdeflate_alloc_decompressor());
  return kOne.get();
}

// Which of libdeflate's three: a stream in its wrapping, of which it says how much it took.
using Decompress = libdeflate_result (*)(libdeflate_decompressor*, const void*, std::size_t, void*,
                                         std::size_t, std::size_t*, std::size_t*);

// What a gzip file says of its size (RFC 1952 2.3.1), where there is but one; a guess otherwise.
std::size_t expected_size(std::string_view packed, bool is_gzip) {
  const std::size_t usual = packed.size() * 8;
  if (!is_gzip || packed.size() < 4) return usual;
  std::array<unsigned char, 4> tail{};
  std::memcpy(tail.data(), packed.data() + packed.size() - tail.size(), tail.size());
  std::size_t said = 0;
  for (std::size_t i = 0; i < tail.size(); ++i) said |= std::size_t{tail[i]} << (8 * i);
  return std::min(said, packed.size() * kMostPerByte);
}

bool inflate_with(Decompress decompress, bool is_gzip, std::string_view packed, std::string& body,
                  std::size_t max_bytes, bool& too_large) {
  body.clear();
  std::size_t size = 0;
  std::size_t room = std::min(max_bytes, std::max<std::size_t>(64, expected_size(packed, is_gzip)));
  for (;;) {
    if (room > body.size()) {
      body.reserve(room + json::kPadding);
      body.resize_and_overwrite(room, [](char*, std::size_t count) { return count; });
    }
    std::size_t taken = 0, made = 0;
    switch (decompress(decompressor(), packed.data(), packed.size(), body.data() + size,
                       room - size, &taken, &made)) {
      case LIBDEFLATE_SUCCESS:
        size += made;
        packed.remove_prefix(taken);
        if (packed.empty()) {
          body.resize(size);
          return true;
        }
        if (!is_gzip) return false;
        break;  // gzip files may stand one behind the other
      case LIBDEFLATE_INSUFFICIENT_SPACE:
        if (room == max_bytes) {
          too_large = true;
          return false;
        }
        room = std::min(max_bytes, std::max<std::size_t>(4096, room * 2));
        break;
      default:
        return false;
    }
  }
}

}  // namespace

bool inflate_body(std::string_view packed, std::string& body, std::size_t max_bytes,
                  bool& too_large) {
  too_large = false;
  if (decompressor() == nullptr) return false;
  if (packed.starts_with("\x1f\x8b")) {
    return inflate_with(libdeflate_gzip_decompress_ex, true, packed, body, max_bytes, too_large);
  }
  if (inflate_with(libdeflate_zlib_decompress_ex, false, packed, body, max_bytes, too_large)) {
    return true;
  }
  if (too_large) return false;
  return inflate_with(libdeflate_deflate_decompress_ex, false, packed, body, max_bytes, too_large);
}

}  // namespace patchbay::http
