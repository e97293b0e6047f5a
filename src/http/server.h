// The HTTP/1.1 server: one listening socket per event loop (SO_REUSEPORT), a coroutine per
// connection, Beast's parser and our own read loop. See README.md for what it refuses.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ip_address.h"
#include "base/shares.h"
#include "http/message.h"
#include "io/runtime.h"
#include "io/tls.h"

namespace patchbay::telemetry {
class Log;
class Watch;
}  // namespace patchbay::telemetry

namespace patchbay::http {

// What is said to a request whose body has not come yet, by its path, its token and its head.
struct BodyVerdict {
  // Not known yet: what it comes to, once something was read. The rest is not looked at.
  std::function<io::Task<BodyVerdict>()> later = {};
  std::optional<Response> refused;  // sent without reading the body
  // Who is to answer for what the request holds: the environment or token that it came in with.
  // Empty: a stranger, whose address it is.
  std::string holder;
};

// What can be changed while it serves.
struct ServerLimits {
  std::size_t max_header_bytes;
  std::size_t max_body_bytes;
  std::size_t max_connections;  // of each loop
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;            // 0: any free one, see Server::port()
  std::string tls_certificate_file;  // PEM chain; with tls_key_file: serve TLS
  std::string tls_key_file;
  std::size_t max_header_bytes = 32 * 1024;  // 431 beyond
  std::size_t max_headers = 100;             // 431 beyond
  std::size_t max_body_bytes = 1024 * 1024;  // 413 beyond
  // Of requests to paths that it says yes to; null: to none (request_parser.h).
  bool (*takes_large_body)(std::string_view path) = nullptr;
  std::size_t max_large_body_bytes = 0;
  std::chrono::milliseconds header_timeout{10'000};  // from first byte to end of headers; 408
  std::chrono::milliseconds body_timeout{30'000};    // from end of headers to end of body; 408
  std::chrono::milliseconds write_timeout{30'000};   // one write without progress
  std::chrono::milliseconds idle_timeout{75'000};    // keep-alive without a request
  // Per loop; 503 and close beyond. One client (an IPv4 address, an IPv6 /64) has as many as it
  // leaves free: half of them if it is alone, as a reverse proxy is. So no client, and no few of
  // them, keep all others out. Of all there may be half as many whose head has not come.
  std::size_t max_connections = 10'000;
  // Proxies that are believed who they speak for (peer.h): such a request is its client's, in all
  // that is counted from there on.
  std::vector<IpRange> trusted_proxies;
  // Bodies that have not come whole: of one holder, and of one address without a token. Beyond,
  // 503.
  std::size_t max_unfinished = 64;
  std::size_t max_unfinished_of_stranger = 4;
  // Bytes that bodies and answers may take, shared with whoever else holds some. Null: no bound.
  std::shared_ptr<Shares> bytes;
  // Asked of requests whose body is not all there with the head. Empty: all are let in, and not
  // counted.
  std::function<BodyVerdict(const Request&)> judge_body;
  std::string server_name = "patchbay";
  const telemetry::Log* log = nullptr;  // where a handler's exception is told; null: nowhere
  telemetry::Watch* watch = nullptr;    // told of bounds that were reached; null: nobody is
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
  // From each connection's next request on. Connections beyond a smaller bound stay. Thread-safe.
  void set_limits(const ServerLimits& limits);
  // For handshakes from now on; connections go on with what they have. Only where it serves TLS.
  // Thread-safe.
  void set_certificate(io::TlsContext certificate);
  // Connections that are open, on all loops. Thread-safe.
  std::size_t connections() const;
  // Stops accepting, lets running requests finish until the deadline, then closes. Thread-safe.
  // Waits for that, save when called on a loop. Streams count as running requests.
  void stop(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::http
