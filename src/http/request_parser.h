// Bytes to a checked request, without a socket: Beast's parser for the grammar, and on top of it
// what Beast lets through and a server behind proxies must not (request smuggling).
//
// Beast refuses: bare LF, space before a colon, NUL, conflicting or overflowing lengths, a length
// beside chunked, malformed chunks. Refused here: a Transfer-Encoding other than exactly "chunked"
// or on HTTP/1.0, any repeated or listed Content-Length, a Host that is missing or repeated, folded
// lines, targets that are not origin-form, unknown methods, too many or too long headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace patchbay::http {

struct RequestLimits {
  std::size_t max_header_bytes = 32 * 1024;
  std::size_t max_headers = 100;
  std::size_t max_body_bytes = 1024 * 1024;
  // Bodies at the paths that it says yes to may be so large instead. Null: at none.
  bool (*takes_large_body)(std::string_view path) = nullptr;
  std::size_t max_large_body_bytes = 0;
};

// Why a request is not served: what is answered before the connection is closed.
struct Refusal {
  int status = 400;
  std::string_view code;
  std::string_view message;
};

class RequestParser {
 public:
  explicit RequestParser(const RequestLimits& limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  // From the next start() on.
  void limit(const RequestLimits& limits);
  // Begins the next request: clears method, target, headers and body of `request` and fills them
  // from then on. The views in it point into the parser.
  void start(Request& request);

  enum class Step : std::uint8_t { need_more, head_done, done, refused };
  struct Progress {
    Step step;
    std::size_t used;  // bytes taken; the others must be given again, with more behind them
  };
  // Until head_done (a body follows), or done (there is none), or refused.
  Progress put_head(std::string_view bytes);

  // After head_done: how long the body is. Nothing: it is chunked.
  std::optional<std::uint64_t> content_length() const;
  // A chunked body, until done or refused; appends to the request's body.
  Progress put_chunks(std::string_view bytes);

  bool keep_alive() const;
  bool is_http_11() const;
  bool expects_continue() const;
  const Refusal& refusal() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::http
