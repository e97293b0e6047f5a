#include "http/origin_policy.h"

#include <algorithm>

namespace patchbay::http {

namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

// Of programs that show pages of their own. Such an origin has no port to compare.
bool is_of_another_scheme(std::string_view text) {
  const std::size_t colon = text.find("://");
  return colon != std::string_view::npos && colon > 0 && colon + 3 < text.size() &&
         !text.starts_with("http") && text.find('/', colon + 3) == std::string_view::npos;
}

}  // namespace

Result<OriginPolicy> OriginPolicy::make(std::span<const std::string> origins,
                                        std::span<const std::string> hosts) {
  OriginPolicy policy;
  for (const std::string& text : origins) {
    if (text == "*") {
      policy.any_origin_ = true;
      continue;
    }
    auto origin = parse_origin(text);
    if (!origin && is_of_another_scheme(text)) {
      policy.other_schemes_.push_back(text);
      continue;
    }
    if (!origin) {
      return fail(ErrorCode::invalid_argument,
                  "'" + text + "' is no web origin, such as https://app.example.com.");
    }
    policy.origins_.push_back(std::move(*origin));
  }
  for (const std::string& text : hosts) {
    auto host = parse_authority(text);
    if (!host) {
      return fail(ErrorCode::invalid_argument,
                  "'" + text + "' is no host name, such as mcp.example.com or [::1]:8080.");
    }
    policy.hosts_.push_back(std::move(*host));
  }
  return policy;
}

bool OriginPolicy::allows_origin(std::string_view text) const {
  if (any_origin_) return true;
  const auto origin = parse_origin(text);
  if (!origin && std::ranges::find(other_schemes_, text) != other_schemes_.end()) return true;
  return origin &&
         (is_loopback(origin->host) || std::ranges::find(origins_, *origin) != origins_.end());
}

bool OriginPolicy::allows_host(std::string_view text) const {
  if (hosts_.empty()) return true;
  const auto host = parse_authority(text);
  if (!host) return false;
  return is_loopback(host->host) || std::ranges::any_of(hosts_, [&](const Authority& allowed) {
           return allowed.host == host->host && (!allowed.port || allowed.port == host->port);
         });
}

}  // namespace patchbay::http
