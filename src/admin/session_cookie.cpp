#include "admin/session_cookie.h"

#include "base/text.h"
#include "http/url.h"

namespace patchbay::admin {
namespace {

constexpr std::string_view kName = "patchbay_session";
constexpr std::string_view kSecureName = "__Host-patchbay_session";

bool is_own(const http::Origin& origin, const http::Request& request, std::string_view public_url) {
  if (const auto own = http::parse_url(public_url); own && own->origin == origin) return true;
  const auto hosts = request.headers.find_all("Host");
  const auto host = hosts.size() == 1 ? http::parse_authority(hosts.front())
                                      : fail(ErrorCode::invalid_argument, "");
  return host && host->host == origin.host &&
         host->port.value_or(origin.secure ? 443 : 80) == origin.port;
}

}  // namespace

bool is_secure(const http::Request& request, std::string_view public_url) {
  return request.secure || public_url.starts_with("https://");
}

std::string_view session_cookie(const http::Request& request, bool secure) {
  const std::string_view wanted = secure ? kSecureName : kName;
  std::string_view found;
  int times = 0;
  for (const std::string_view field : request.headers.find_all("Cookie")) {
    for (const std::string_view pair : split(field, ';')) {
      const std::string_view one = trim(pair);
      const auto equals = one.find('=');
      if (equals == std::string_view::npos || one.substr(0, equals) != wanted) continue;
      found = one.substr(equals + 1);
      ++times;
    }
  }
  return times == 1 ? found : std::string_view();
}

std::string set_cookie(std::string_view secret, bool secure) {
  std::string text(secure ? kSecureName : kName);
  text += '=';
  text += secret;
  text += "; HttpOnly; SameSite=Strict; Path=/";
  if (secure) text += "; Secure";
  if (secret.empty()) text += "; Max-Age=0";
  return text;
}

bool is_of_another_origin(const http::Request& request, std::string_view public_url) {
  const auto origins = request.headers.find_all("Origin");
  if (!origins.empty()) {
    const auto origin = origins.size() == 1 ? http::parse_origin(origins.front())
                                            : fail(ErrorCode::invalid_argument, "");
    return !origin || !is_own(*origin, request, public_url);
  }
  const auto site = request.headers.find("Sec-Fetch-Site").value_or("none");
  return site != "none" && site != "same-origin";
}

bool may_be_forged(const http::Request& request, std::string_view public_url) {
  using enum http::Method;
  if (request.method == get || request.method == head) return false;
  return request.headers.find(kSessionHeader) != "1" || is_of_another_origin(request, public_url);
}

}  // namespace patchbay::admin
