#include "http/url.h"

#include <algorithm>

#include <arpa/inet.h>

#include "base/digit.h"
#include "base/text.h"

namespace patchbay::http {

namespace {

std::optional<std::string> shortest_ipv6(const std::string& text) {
  in6_addr address{};
  char shortest[INET6_ADDRSTRLEN];
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1 ||
      ::inet_ntop(AF_INET6, &address, shortest, sizeof shortest) == nullptr) {
    return std::nullopt;
  }
  return shortest;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::unexpected<Error> bad_url(std::string why) {
  return fail(ErrorCode::invalid_argument, "This is not a usable URL: " + std::move(why) + ".",
              "Give an absolute URL such as https://api.example.com/path.");
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      int high = hex_value(text[i + 1]);
      int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      decoded.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    } else if (c == '+' && plus_is_space) {
      decoded.push_back(' ');
    } else if (c == '\0') {
      return std::nullopt;
    } else {
      decoded.push_back(c);
    }
  }
  return decoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    std::size_t equals = part.find('=');
    auto name = percent_decode(part.substr(0, equals), true);
    auto value = percent_decode(
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

Result<Authority> parse_authority(std::string_view text) {
  Authority out;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t closing = text.find(']');
    if (closing == std::string_view::npos) return bad_url("its address lacks a ']'");
    auto address = shortest_ipv6(std::string(text.substr(1, closing - 1)));
    if (!address) return bad_url("its IPv6 address is malformed");
    out.host = std::move(*address);
    port = text.substr(closing + 1);
  } else {
    const std::size_t at = std::min(text.find(':'), text.size());
    out.host = to_lower(text.substr(0, at));
    port = text.substr(at);
    if (out.host.empty() || out.host.size() > 253) return bad_url("it has no host");
    if (!std::ranges::all_of(out.host, is_name_character)) {
      return bad_url("its host name is malformed");
    }
  }
  if (port.empty()) return out;
  const auto number = port.front() == ':' ? parse_int64(port.substr(1)) : std::nullopt;
  if (!number || *number < 1 || *number > 65'535) return bad_url("its port is malformed");
  out.port = static_cast<std::uint16_t>(*number);
  return out;
}

Result<Origin> parse_origin(std::string_view text) {
  auto url = parse_url(text);
  if (!url) return std::unexpected(std::move(url.error()));
  // What parse_url adds to an origin is a path; what stands behind one is none.
  const std::size_t authority = text.find("://") + 3;
  if (text.find_first_of("/?", authority) != std::string_view::npos) {
    return bad_url("an origin ends with its host or port");
  }
  return std::move(url->origin);
}

Result<Url> parse_url(std::string_view text) {
  for (char c : text) {
    if (c <= ' ' || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>') {
      return bad_url("it contains a character that must be percent-encoded");
    }
  }
  std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return bad_url("it has no scheme");
  Url url;
  std::string scheme = to_lower(text.substr(0, colon));
  if (scheme != "https" && scheme != "http") return bad_url("only http and https are spoken");
  url.origin.secure = scheme == "https";
  url.origin.port = url.origin.secure ? 443 : 80;

  text.remove_prefix(colon + 3);
  std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  std::string_view rest = text.substr(end);
  if (rest.find('#') != std::string_view::npos) return bad_url("it has a fragment");
  if (authority.find('@') != std::string_view::npos) return bad_url("it has user info");

  auto parsed = parse_authority(authority);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  url.origin.host = std::move(parsed->host);
  if (parsed->port) url.origin.port = *parsed->port;
  std::size_t question = std::min(rest.find('?'), rest.size());
  url.path = rest.substr(0, question);
  if (url.path.empty()) url.path = "/";
  if (question < rest.size()) url.query = rest.substr(question + 1);
  return url;
}

}  // namespace patchbay::http
