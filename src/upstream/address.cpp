#include "upstream/address.h"

#include "upstream/template.h"

namespace patchbay::upstream {

Result<http::Url> fill_address(std::string_view text, const integration::Integration& integration,
                               const std::map<std::string, Secret>& values) {
  // "{site}/v1" with a site of "https://host/" must not become "https://host//v1".
  auto trimmed = values;
  for (auto& [name, value] : trimmed) {
    std::string_view kept = value.reveal();
    while (kept.ends_with('/')) kept.remove_suffix(1);
    if (kept.size() != value.reveal().size()) value = Secret(std::string(kept));
  }
  auto filled = fill(text, trimmed);
  if (!filled) return std::unexpected(filled.error());
  std::string address(filled->reveal());
  // "https://{site}" filled with an origin that brings its own scheme.
  for (const std::string_view doubled : {"https://https://", "https://http://"}) {
    if (address.starts_with(doubled)) address.erase(0, std::string_view("https://").size());
  }
  if (!address.contains("://")) address.insert(0, "https://");
  auto url = http::parse_url(address);
  if (!url) {
    return fail(ErrorCode::invalid_argument,
                "The credentials make no valid address: " + url.error().message, url.error().hint);
  }
  if (!url->query.empty()) {
    return fail(ErrorCode::invalid_argument, "The address of an API cannot hold a query.");
  }
  if (!url->origin.secure && !integration.allow_loopback_http) {
    return fail(ErrorCode::invalid_argument,
                "The address must begin with https://, so that credentials travel encrypted.");
  }
  if (!url->origin.secure) {
    const std::string& host = url->origin.host;
    // An address, not a name that begins like one ("127.0.0.1.example.com").
    const bool ipv4_loopback =
        host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
    if (host != "localhost" && host != "::1" && host != "[::1]" && !ipv4_loopback) {
      return fail(ErrorCode::invalid_argument,
                  "Without https:// only addresses of this machine are allowed "
                  "(http://127.0.0.1:<port>).");
    }
  }
  while (url->path.ends_with('/')) url->path.pop_back();
  return url;
}

std::string text_of(const http::Origin& origin) {
  return (origin.secure ? "https://" : "http://") + origin.host + ':' + std::to_string(origin.port);
}

}  // namespace patchbay::upstream
