#include "app/tls_files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace patchbay::app {
namespace {

// TLS libraries say "no such file" in many words, and not at all that a file may not be read.
Result<> check_readable(std::string_view what, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("The {} '{}' cannot be read: {}.", what, path, std::strerror(errno)),
                "Name a file in PEM form that the server's user can read.");
  }
  ::close(file);
  return {};
}

std::optional<io::TlsContext> open_server(const Config& config, Faults& faults) {
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    faults.add({ErrorCode::invalid_argument,
                "TLS needs both a certificate file and a key file; one is missing.",
                "Give both --tls-cert and --tls-key, or neither."});
    return std::nullopt;
  }
  if (config.tls_certificate.empty()) return std::nullopt;
  const auto certificate = check_readable("TLS certificate file", config.tls_certificate);
  const auto key = check_readable("TLS key file", config.tls_key);
  faults.check(certificate);
  faults.check(key);
  if (!certificate || !key) return std::nullopt;
  return faults.take(io::TlsContext::server(config.tls_certificate, config.tls_key),
                     "Give the certificate chain in PEM form with --tls-cert, and the private key "
                     "that belongs to it with --tls-key.");
}

std::optional<io::TlsContext> open_upstream(const Config& config, Faults& faults) {
  if (!config.upstream_ca_file.empty()) {
    const auto readable = check_readable("CA file", config.upstream_ca_file);
    faults.check(readable);
    if (!readable) return std::nullopt;
  }
  return faults.take(io::TlsContext::client(config.upstream_ca_file),
                     "Give certificates in PEM form with --upstream-ca-file, or leave it out.");
}

}  // namespace

TlsFiles open_tls_files(const Config& config, Faults& faults) {
  return {.server = open_server(config, faults), .upstream = open_upstream(config, faults)};
}

void check_tls_files(const Config& config, Faults& faults) {
  open_server(config, faults);
  if (!config.upstream_ca_file.empty()) open_upstream(config, faults);
}

}  // namespace patchbay::app
