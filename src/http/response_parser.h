// An upstream's bytes to a response's head, without a socket: the counterpart of RequestParser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/message.h"

namespace patchbay::http {

struct ResponseHead {
  int status = 0;
  Headers headers;
  enum class Body : std::uint8_t { none, sized, chunked, until_close };
  Body body = Body::none;
  std::uint64_t length = 0;  // if sized
  bool keep_alive = false;
};

class ResponseParser {
 public:
  ResponseParser();
  ~ResponseParser();
  ResponseParser(const ResponseParser&) = delete;
  ResponseParser& operator=(const ResponseParser&) = delete;

  void start(Method method);  // of the request: HEAD has no body

  enum class Step : std::uint8_t { need_more, done, malformed, too_large };
  struct Progress {
    Step step;
    std::size_t used;  // bytes taken; the others must be given again, with more behind them
  };
  Progress put_head(std::string_view bytes, ResponseHead& head);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Undoes Content-Encoding gzip or deflate (also the bare deflate that some servers send).
// False: malformed, cut off, or it would be longer than `max_bytes` (then `too_large` is set).
bool inflate_body(std::string_view packed, std::string& body, std::size_t max_bytes,
                  bool& too_large);

}  // namespace patchbay::http
