#include "app/public_url.h"

#include <fmt/format.h>

namespace patchbay::app {

std::string public_url(const Config& config, std::uint16_t port) {
  std::string url = config.public_url;
  if (url.empty()) {
    const bool everywhere = config.address == "0.0.0.0" || config.address == "::";
    std::string host = everywhere ? "localhost" : config.address;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    url = fmt::format("{}://{}:{}", config.tls_certificate.empty() ? "http" : "https", host, port);
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace patchbay::app
