#include "http/proxy.h"

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/text.h"

namespace patchbay::http {

namespace {

// Small letters first, as curl has it.
std::string read(const Variables& variable, std::string name) {
  if (auto value = variable(name.c_str()); value && !value->empty()) return *value;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  return variable(name.c_str()).value_or("");
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
         host.starts_with("127.");
}

// "example.com", ".example.com", "*.example.com", "example.com:8443", "*".
bool names_host(std::string_view entry, const Origin& origin) {
  entry = trim(entry);
  if (entry == "*") return true;
  const auto colon = entry.rfind(':');
  if (colon != std::string_view::npos && entry.find(':') == colon) {
    if (parse_int64(entry.substr(colon + 1)) != origin.port) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || origin.host.size() < entry.size()) return false;
  const std::string_view host = origin.host;
  const std::string_view before = host.substr(0, host.size() - entry.size());
  return equal_ignoring_case(host.substr(before.size()), entry) &&
         (before.empty() || before.ends_with('.'));
}

std::unexpected<Error> unusable(std::string why) {
  return fail(ErrorCode::invalid_argument, "The proxy of the environment cannot be used: " + why,
              "Set http_proxy and https_proxy to http://HOST:PORT, or name the host in no_proxy.");
}

}  // namespace

Result<std::shared_ptr<const Proxy>> choose_proxy(const Origin& origin, const Variables& variable) {
  if (is_this_machine(origin.host)) return nullptr;
  const std::string direct = read(variable, "no_proxy");
  for (const std::string_view entry : split(direct, ',')) {
    if (names_host(entry, origin)) return nullptr;
  }
  std::string text = read(variable, origin.secure ? "https_proxy" : "http_proxy");
  if (text.empty()) text = read(variable, "all_proxy");
  if (text.empty()) return nullptr;
  if (text.find("://") == std::string::npos) text.insert(0, "http://");
  auto proxy = std::make_shared<Proxy>();
  const auto begin = text.find("://") + 3;
  const auto end = std::min(text.find('/', begin), text.size());
  // The last "@" ends the name and password, whatever these hold.
  if (const auto at = text.rfind('@', end); at != std::string::npos && at > begin) {
    const auto user = percent_decode(std::string_view(text).substr(begin, at - begin), false);
    if (!user) return unusable("its name or password is not well encoded.");
    proxy->authorization = "Basic " + to_base64(*user);
    text.erase(begin, at + 1 - begin);
  }
  const auto url = parse_url(text);
  if (!url) {
    return unusable(text.starts_with("socks") ? "SOCKS is not spoken." : "it is no address.");
  }
  if (url->origin.secure) return unusable("proxies are spoken to over http only.");
  proxy->origin = url->origin;
  return std::shared_ptr<const Proxy>(std::move(proxy));
}

}  // namespace patchbay::http
