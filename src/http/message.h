// HTTP messages as handlers see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/method.h"
#include "io/cancel.h"
#include "io/task.h"

namespace patchbay::io {
class Receipt;
}

namespace patchbay::http {

// Header fields in their order. Names compare without regard to case; values are trimmed of spaces
// and tabs when they come in. All text stands in one buffer, so that reading a request's headers
// into a used object allocates nothing; what find() returns is valid until the next change.
class Headers {
 public:
  using Field = std::pair<std::string_view, std::string_view>;

  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces all of that name
  void remove(std::string_view name);
  std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  std::vector<std::string_view> find_all(std::string_view name) const;
  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  void clear();  // keeps the memory

  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Field operator*() const { return headers_->at(index_); }
    Iterator& operator++() { return ++index_, *this; }
    Iterator operator++(int) { return {headers_, index_++}; }
    bool operator==(const Iterator&) const = default;

   private:
    friend class Headers;
    Iterator(const Headers* headers, std::size_t index) : headers_(headers), index_(index) {}
    const Headers* headers_ = nullptr;
    std::size_t index_ = 0;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, places_.size()}; }
  Field at(std::size_t index) const;

 private:
  struct Place {
    std::uint32_t name_at, name_size, value_at, value_size;
  };
  std::string text_;
  std::vector<Place> places_;
};

struct Response;
class StreamWriter;

// A request as read and checked: origin-form target, one Host, no request smuggling.
// Lives in its connection until the response is written; handlers take it by reference.
struct Request {
  Method method = Method::get;
  std::string_view target;  // as sent: "/mcp/x?y=z"
  std::string_view path;    // the target up to '?', not decoded
  std::string_view query;   // what follows '?', not decoded
  Headers headers;
  std::string body;     // kPadding bytes of capacity lie behind its end (json/shape.h)
  std::string peer;     // the client's address, without port (peer.h)
  std::string id;       // request id: taken from X-Request-Id if sane, else made
  bool secure = false;  // arrived over TLS
  // Cancelled when the client goes away while the handler runs. Watching costs a system call:
  // it begins when a handler first asks.
  std::function<io::CancelToken()> watch_disconnect;
  // For an answer that is long in coming: begins a response that goes on while the handler still
  // runs, and gives what writes its body. Status and headers are those of `head`, and leave with
  // the first bytes. The handler must then return a response with a stream, which writes the rest
  // and ends it. Once a request at most; one write at a time.
  std::function<std::shared_ptr<StreamWriter>(const Response& head)> begin_stream;
  // Set by a handler that wants to know, later, whether its answer arrived; else null.
  std::shared_ptr<io::Receipt> receipt;
};

// Writes to a response that goes on (Server-Sent Events). Ends when the producer returns.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // False: the client is gone; stop. Waits while the socket is full.
  virtual io::Task<bool> write(std::string_view bytes) = 0;
  // Cancelled when the client goes away.
  virtual io::CancelToken disconnected() const = 0;
};

// Body: `head`, then `shared`, then `tail`, written with one gathering system call and without
// copying `shared` (a rendered listing that all requests share); or a stream.
struct Response {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection and Server are the server's
  std::string head;
  std::shared_ptr<const std::string> shared;
  std::string tail;
  std::function<io::Task<>(StreamWriter&)> stream;
  bool close = false;  // close the connection afterwards

  static Response json(int status, std::string body);
  static Response text(int status, std::string body);
  static Response html(int status, std::string body);
};

using Handler = std::function<io::Task<Response>(Request&)>;

}  // namespace patchbay::http
