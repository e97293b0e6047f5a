// Decompression of response bodies (declared in response_parser.h).
#include <algorithm>

#include <zlib.h>

#include "http/response_parser.h"
#include "json/shape.h"

namespace patchbay::http {

namespace {

constexpr int kGzipOrZlib = 15 + 32;  // zlib looks at the header and decides
constexpr int kBareDeflate = -15;

struct Inflater {
  explicit Inflater(int window_bits) { ready = inflateInit2(&stream, window_bits) == Z_OK; }
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream stream{};
  bool ready = false;
};

bool inflate_as(int window_bits, std::string_view packed, std::string& body, std::size_t max_bytes,
                bool& too_large) {
  Inflater inflater(window_bits);
  if (!inflater.ready) return false;
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  body.clear();
  // JSON packs about eight to one; doubling from there costs at most one more copy.
  std::size_t room = std::min(max_bytes, std::max<std::size_t>(4096, packed.size() * 8));
  std::size_t size = 0;
  for (;;) {
    if (room > body.size()) {
      body.reserve(room + json::kPadding);
      body.resize_and_overwrite(room, [](char*, std::size_t count) { return count; });
    }
    stream.next_out = reinterpret_cast<Bytef*>(body.data() + size);
    stream.avail_out = static_cast<uInt>(room - size);
    int result = inflate(&stream, Z_NO_FLUSH);
    size = room - stream.avail_out;
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) break;
      // Gzip files may stand one behind the other.
      if (inflateReset(&stream) != Z_OK) return false;
      continue;
    }
    if (result != Z_OK && result != Z_BUF_ERROR) return false;
    if (stream.avail_out > 0) return false;  // it wants more input, and there is none
    if (room == max_bytes) {
      too_large = true;
      return false;
    }
    room = std::min(max_bytes, room * 2);
  }
  body.resize(size);
  return true;
}

}  // namespace

bool inflate_body(std::string_view packed, std::string& body, std::size_t max_bytes,
                  bool& too_large) {
  too_large = false;
  if (inflate_as(kGzipOrZlib, packed, body, max_bytes, too_large)) return true;
  if (too_large) return false;
  return inflate_as(kBareDeflate, packed, body, max_bytes, too_large);
}

}  // namespace patchbay::http
