#include "io/certificate.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "io/deadline.h"
#include "io/resolve.h"
#include "io/stream.h"
#include "io/tls.h"

namespace patchbay::io {
namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::optional<WallTime> as_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

Result<Validity> validity_of(const Certificate& certificate) {
  const auto begins = as_time(X509_get0_notBefore(certificate.get()));
  const auto ends = as_time(X509_get0_notAfter(certificate.get()));
  if (begins && ends) return Validity{.begins = *begins, .ends = *ends};
  return fail(ErrorCode::invalid_argument, "The certificate does not say how long it is valid.");
}

using Addresses = std::vector<boost::asio::ip::address>;

// To the first address that takes it; null where none does in time.
Task<std::unique_ptr<Stream>> connect(const Addresses& addresses, const TlsPeer& peer) {
  for (const auto& address : addresses) {
    Socket socket(Loop::current().executor());
    Deadline deadline(Loop::current(), [&socket] {
      boost::system::error_code ignored;
      socket.close(ignored);
    });
    deadline.expires_at(std::chrono::steady_clock::now() + peer.patience);
    const auto token = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>());
    const auto [failure] = co_await socket.async_connect({address, peer.port}, token);
    if (!failure) co_return std::make_unique<Stream>(std::move(socket));
  }
  co_return nullptr;
}

}  // namespace

Result<Validity> certificate_validity(const std::string& pem_file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(pem_file.c_str(), "re"),
                                                             &std::fclose);
  const Certificate certificate(
      file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  if (certificate) return validity_of(certificate);
  return fail(ErrorCode::invalid_argument, "There is no certificate in '" + pem_file + "'.");
}

Task<Result<Validity>> peer_validity(Runtime& runtime, TlsPeer peer) {
  const auto context = TlsContext::client(peer.ca_file);
  if (!context) co_return std::unexpected(context.error());
  const std::string host = peer.host;
  auto addresses = co_await runtime.run_blocking([host] { return resolve_blocking(host); });
  if (!addresses) co_return std::unexpected(addresses.error());
  std::erase_if(*addresses, [&](const auto& each) { return !allows(peer.rules, each); });
  auto stream = co_await connect(*addresses, peer);
  if (!stream) {
    co_return fail(ErrorCode::unavailable, "Cannot connect to " + peer.host + ".");
  }
  Deadline deadline(Loop::current(), [&stream] { stream->close(); });
  deadline.expires_at(std::chrono::steady_clock::now() + peer.patience);
  if (!co_await stream->handshake(context->new_client_session(peer.host))) {
    co_return fail(ErrorCode::unavailable,
                   "No TLS connection to " + peer.host + ": " + tls_failure(stream->tls()) + ".");
  }
  const Certificate certificate(SSL_get1_peer_certificate(stream->tls().get()), &X509_free);
  if (!certificate) {
    co_return fail(ErrorCode::unavailable, "The other side showed no certificate.");
  }
  co_return validity_of(certificate);
}

}  // namespace patchbay::io
