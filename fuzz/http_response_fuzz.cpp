// What an upstream sends: head, chunked body, compressed body. Nothing may crash, and no limit may
// be passed. The first byte says how the rest is cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/chunk_decoder.h"
#include "http/response_parser.h"

namespace {

using namespace patchbay::http;

constexpr std::size_t kMaxBody = 10'000;

void check(bool holds) {
  if (!holds) std::abort();
}

std::string read_chunks(std::string_view bytes, std::size_t piece, ChunkDecoder::Step& step) {
  ChunkDecoder decoder;
  std::string body;
  std::size_t used = 0;
  step = ChunkDecoder::Step::need_more;
  while (step == ChunkDecoder::Step::need_more && used < bytes.size()) {
    auto progress = decoder.put(bytes.substr(used, piece), body, kMaxBody);
    check(progress.used > 0);
    used += progress.used;
    step = progress.step;
  }
  check(body.size() <= kMaxBody);
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::size_t piece = 1 + data[0] % 32;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  ResponseParser parser;
  parser.start(data[0] % 2 == 0 ? Method::get : Method::head);
  ResponseHead head;
  std::size_t used = 0;
  for (std::size_t end = std::min(piece, bytes.size());;) {
    std::string window(bytes.substr(used, end - used));
    auto progress = parser.put_head(window, head);
    check(progress.used <= window.size());
    used += progress.used;
    if (progress.step != ResponseParser::Step::need_more || end == bytes.size()) break;
    end = std::min(end + piece, bytes.size());
  }

  ChunkDecoder::Step whole_step;
  ChunkDecoder::Step cut_step;
  std::string whole = read_chunks(bytes, bytes.size() + 1, whole_step);
  std::string cut = read_chunks(bytes, piece, cut_step);
  check(whole_step == cut_step);
  if (whole_step == ChunkDecoder::Step::done) check(whole == cut);

  std::string inflated;
  bool too_large = false;
  if (inflate_body(bytes, inflated, kMaxBody, too_large)) check(inflated.size() <= kMaxBody);
  return 0;
}
