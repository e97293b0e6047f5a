// The HTTP/1.1 client: keep-alive pools per loop and origin, TLS with verification, gzip, chunked
// bodies, and the address guard. Does not follow redirects.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/shares.h"
#include "http/message.h"
#include "http/url.h"
#include "io/cancel.h"
#include "io/runtime.h"
#include "io/tls.h"

namespace patchbay::telemetry {
class Watch;
}  // namespace patchbay::telemetry

namespace patchbay::http {

struct Proxy;

struct ClientRequest {
  Method method = Method::get;
  Origin origin;
  std::string target;  // path and query, encoded
  Headers headers;     // Host, Content-Length, Accept-Encoding and Connection are the client's
  std::string body;
  std::chrono::milliseconds timeout{60'000};           // for all of it: resolving to last byte
  std::size_t max_response_bytes = 32u * 1024 * 1024;  // after decompression
  // Addresses that this request may reach after DNS resolution. Loopback, private (RFC 1918, 4193),
  // link-local, multicast and unspecified ones only if allowed here.
  bool allow_private_addresses = false;
  bool allow_loopback = false;
  io::CancelToken cancel;
  std::shared_ptr<const Proxy> proxy;  // http/proxy.h; null: straight there
  // For answers that go on (text/event-stream), used by `patchbay stdio`: called with each piece of
  // a 2xx text/event-stream body as it comes; the response's body then stays empty, and `timeout`
  // bounds the silence between pieces instead of the whole. False ends the exchange. Empty: buffer.
  std::function<bool(std::string_view piece)> on_event_stream;
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;  // decoded; json::kPadding bytes of capacity lie behind its end
};

struct ClientError {
  Error error;
  // Whether the other side may have acted on it: false if no byte of the request left, or the
  // connection was a stale keep-alive one that took none of it.
  bool maybe_sent = false;
};

struct ClientOptions {
  std::size_t max_idle_per_origin = 256;           // per loop
  std::chrono::milliseconds idle_timeout{30'000};  // idle connections are closed after this
  std::string ca_file;                             // extra trusted CAs (PEM); empty: system's only
  bool accept_gzip = true;                         // ask for compressed answers
  // Bytes of large answers are put down here, by host. Null: no bound.
  std::shared_ptr<Shares> bytes = nullptr;
  // Name look-ups at a time, by domain: each blocks a thread. Null: no bound.
  std::shared_ptr<Shares> look_ups = nullptr;
  telemetry::Watch* watch = nullptr;  // told of bounds that were reached; null: nobody is
};

class Client {
 public:
  Client(io::Runtime& runtime, ClientOptions options);
  ~Client();

  // Trusts by this from now on; connections of before serve what runs on them, and no more. From
  // any thread, while the runtime runs.
  void trust(io::TlsContext tls);

  // On the calling loop. A request on a stale idle connection is sent again on a new one if none of
  // its answer came and its method is safe to repeat (GET, HEAD), or no byte of it left.
  io::Task<std::expected<ClientResponse, ClientError>> send(ClientRequest request);
  // The same, for who may have to send it once more: the request lives until this has ended.
  io::Task<std::expected<ClientResponse, ClientError>> send_kept(const ClientRequest& request);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::http
