// Chunked bodies (RFC 9112 section 7.1), for requests and responses alike.
//
// Our own, since Beast's decoder asserts on "0\r\n" that arrives in a packet of its own (1.81,
// parse_chunk_header: n >= 5): any client could end a process that is built with assertions. This
// one takes every byte that it is given, keeps no input, and knows line ends as CRLF only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::http {

class ChunkDecoder {
 public:
  enum class Step : std::uint8_t {
    need_more,
    done,
    malformed,
    body_too_large,
    lines_too_long,  // extensions and trailers together
  };
  struct Progress {
    Step step;
    std::size_t used;  // all, save when done: then what follows is the next message's
  };

  // Appends to `body`, which must not grow beyond `max_body`. Trailers and extensions are dropped.
  Progress put(std::string_view bytes, std::string& body, std::size_t max_body);

 private:
  enum class State : std::uint8_t {
    size_start,  // at least one digit must come
    size,        // further digits
    extension,   // to the CR
    size_lf,     // the LF of a chunk's head
    data,        // remaining_ bytes
    data_cr,     // the line end behind the data
    data_lf,     //
    line_start,  // of a trailer, or of the empty line at the end
    trailer,     // to the CR
    trailer_lf,  //
    end_lf,      // the very last byte
  };
  // Takes one byte of what is not data.
  Step take(char c, std::size_t room);

  State state_ = State::size_start;
  std::uint64_t remaining_ = 0;
  std::size_t line_bytes_ = 0;  // spent on extensions and trailers
};

}  // namespace patchbay::http
