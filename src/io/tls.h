// TLS by OpenSSL, 1.2 and newer, for both sides.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"

// OpenSSL's own names, so that this header does not pull in OpenSSL.
struct ssl_st;
struct ssl_ctx_st;

namespace patchbay::io {

struct TlsSessionDeleter {
  void operator()(ssl_st* session) const;
};
using TlsSession = std::unique_ptr<ssl_st, TlsSessionDeleter>;

// Thread-safe; sessions are made on any loop.
class TlsContext {
 public:
  // PEM files. Errors: invalid_argument, naming the file.
  static Result<TlsContext> server(const std::string& certificate_file,
                                   const std::string& key_file);
  // Trusts the system's CAs and those of `extra_ca_file` (PEM; may be empty).
  static Result<TlsContext> client(const std::string& extra_ca_file);

  TlsSession new_server_session() const;
  // Verifies that the certificate is valid for `host`, a name or a literal address.
  TlsSession new_client_session(const std::string& host) const;

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

// Why the last handshake of a session failed, in words ("certificate has expired").
std::string tls_failure(const TlsSession& session);

}  // namespace patchbay::io
