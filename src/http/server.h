// The HTTP/1.1 server: one listening socket per event loop (SO_REUSEPORT), a coroutine per
// connection, Beast's parser and our own read loop. See README.md for what it refuses.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "http/message.h"
#include "io/runtime.h"

namespace patchbay::telemetry {
class Log;
}

namespace patchbay::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;            // 0: any free one, see Server::port()
  std::string tls_certificate_file;  // PEM chain; with tls_key_file: serve TLS
  std::string tls_key_file;
  std::size_t max_header_bytes = 32 * 1024;          // 431 beyond
  std::size_t max_headers = 100;                     // 431 beyond
  std::size_t max_body_bytes = 1024 * 1024;          // 413 beyond
  std::chrono::milliseconds header_timeout{10'000};  // from first byte to end of headers; 408
  std::chrono::milliseconds body_timeout{30'000};    // from end of headers to end of body; 408
  std::chrono::milliseconds write_timeout{30'000};   // one write without progress
  std::chrono::milliseconds idle_timeout{75'000};    // keep-alive without a request
  std::size_t max_connections = 10'000;              // per loop; 503 and close beyond
  std::string server_name = "patchbay";
  const telemetry::Log* log = nullptr;  // where a handler's exception is told; null: nowhere
};

class Server {
 public:
  // `handler` is called on the connection's loop, for each request; what it throws becomes 500.
  Server(io::Runtime& runtime, ServerOptions options, Handler handler);
  ~Server();

  // Whether a server could listen there now; the errors are start()'s. Port 0 is always free.
  static Result<> try_port(io::Runtime& runtime, const std::string& address, std::uint16_t port);

  // Binds and accepts. Errors: unavailable (address in use, message says which), invalid_argument
  // (address, certificate).
  Result<> start();
  std::uint16_t port() const;
  // Stops accepting, lets running requests finish until the deadline, then closes. Thread-safe.
  // Waits for that, save when called on a loop. Streams count as running requests.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::http
