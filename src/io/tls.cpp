#include "io/tls.h"

#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "io/trust_store.h"

namespace patchbay::io {

namespace {

std::shared_ptr<SSL_CTX> new_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(method), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Without RELEASE_BUFFERS an idle connection keeps 34 KB. The write modes let Stream decide how
  // to continue a write.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

std::string last_error() {
  unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason ? reason : "unknown reason";
}

// Of the client's protocols we speak one.
int choose_http11(SSL*, const unsigned char** out, unsigned char* out_size,
                  const unsigned char* offered, unsigned int offered_size, void*) {
  constexpr std::string_view kWanted = "http/1.1";
  for (unsigned int at = 0; at < offered_size; at += 1u + offered[at]) {
    std::string_view name(reinterpret_cast<const char*>(offered + at + 1),
                          std::min<std::size_t>(offered[at], offered_size - at - 1));
    if (name == kWanted) {
      *out = offered + at + 1;
      *out_size = offered[at];
      return SSL_TLSEXT_ERR_OK;
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

void TlsSessionDeleter::operator()(ssl_st* session) const {
  SSL_free(session);
}

Result<TlsContext> TlsContext::server(const std::string& certificate_file,
                                      const std::string& key_file) {
  auto context = new_context(TLS_server_method());
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return fail(ErrorCode::invalid_argument, "The TLS certificate file '" + certificate_file +
                                                 "' cannot be used: " + last_error() + ".");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return fail(ErrorCode::invalid_argument,
                "The TLS key file '" + key_file + "' cannot be used: " + last_error() + ".");
  }
  SSL_CTX_set_alpn_select_cb(context.get(), choose_http11, nullptr);
  return TlsContext(std::move(context));
}

Result<TlsContext> TlsContext::client(const std::string& extra_ca_file) {
  auto context = new_context(TLS_client_method());
  ERR_clear_error();
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  trust_system(context.get());
  if (!extra_ca_file.empty() &&
      SSL_CTX_load_verify_file(context.get(), extra_ca_file.c_str()) != 1) {
    return fail(ErrorCode::invalid_argument,
                "The CA file '" + extra_ca_file + "' cannot be used: " + last_error() + ".");
  }
  return TlsContext(std::move(context));
}

TlsSession TlsContext::new_server_session() const {
  TlsSession session(SSL_new(context_.get()));
  SSL_set_accept_state(session.get());
  return session;
}

TlsSession TlsContext::new_client_session(const std::string& host) const {
  TlsSession session(SSL_new(context_.get()));
  SSL_set_connect_state(session.get());
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    SSL_set_tlsext_host_name(session.get(), host.c_str());
    // A name that stands in the subject alone (CN) is no name of a host (RFC 9525 section 6.3).
    SSL_set_hostflags(session.get(),
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    SSL_set1_host(session.get(), host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str());
  }
  return session;
}

std::string tls_failure(const TlsSession& session) {
  long verdict = SSL_get_verify_result(session.get());
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  return last_error();
}

}  // namespace patchbay::io
