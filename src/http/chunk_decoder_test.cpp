#include "http/chunk_decoder.h"

#include <doctest/doctest.h>

namespace patchbay::http {

namespace {

struct Decoded {
  ChunkDecoder::Step step;
  std::string body;
  std::size_t used;
};

Decoded decode(std::string_view bytes, std::size_t piece, std::size_t max_body = 100) {
  ChunkDecoder decoder;
  Decoded result{ChunkDecoder::Step::need_more, {}, 0};
  while (result.step == ChunkDecoder::Step::need_more && result.used < bytes.size()) {
    auto [step, used] = decoder.put(bytes.substr(result.used, piece), result.body, max_body);
    result.step = step;
    result.used += used;
  }
  return result;
}

}  // namespace

TEST_CASE("chunks become a body, however they arrive") {
  constexpr std::string_view kText = "5\r\nhello\r\nB;a=\"b\"\r\n world, how\r\n0\r\n\r\n";
  for (std::size_t piece = 1; piece <= kText.size(); ++piece) {
    Decoded decoded = decode(kText, piece);
    CHECK(decoded.step == ChunkDecoder::Step::done);
    CHECK(decoded.body == "hello world, how");
  }
}

TEST_CASE("what follows the last chunk is left") {
  Decoded decoded = decode("1\r\na\r\n0\r\nT: x\r\n\r\nHTTP/1.1", 100);
  CHECK(decoded.step == ChunkDecoder::Step::done);
  CHECK(decoded.used == 17);
}

TEST_CASE("only one spelling of a chunk is taken") {
  for (std::string_view bad : {"\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "1\na\n", "1\r\na\n",
                               "1\r\nab\r\n", "g\r\n", "+1\r\n", "1\r\r\n", "1;a\nb\r\n", "0\r\n\n",
                               "0\r\nT: a\nU: b\r\n\r\n", "0\r\n\rX", "1\r\na\rX"}) {
    CAPTURE(bad);
    CHECK(decode(bad, 100).step == ChunkDecoder::Step::malformed);
    CHECK(decode(bad, 1).step == ChunkDecoder::Step::malformed);
  }
}

TEST_CASE("a body is refused at the chunk that would make it too large") {
  CHECK(decode("64\r\n", 10).step == ChunkDecoder::Step::need_more);
  CHECK(decode("65\r\n", 10).step == ChunkDecoder::Step::body_too_large);
  CHECK(decode("1\r\na\r\n64\r\n", 10).step == ChunkDecoder::Step::body_too_large);
  CHECK(decode("ffffffffffffffff\r\n", 10).step == ChunkDecoder::Step::body_too_large);
  CHECK(decode("fffffffffffffffff\r\n", 1, SIZE_MAX).step == ChunkDecoder::Step::malformed);
}

}  // namespace patchbay::http
