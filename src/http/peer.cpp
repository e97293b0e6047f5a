#include "http/peer.h"

#include <algorithm>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_endpoint.hpp>

#include "base/text.h"

namespace patchbay::http {

namespace ip = boost::asio::ip;

std::string peer_of(const io::Socket& socket) {
  boost::system::error_code error;
  auto endpoint = socket.remote_endpoint(error);
  if (error) return {};
  auto address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  if (address.is_v6()) address = ip::address_v6(address.to_v6().to_bytes());
  return address.to_string();
}

bool is_one_of(std::string_view address, std::span<const IpRange> ranges) {
  if (ranges.empty()) return false;
  const auto parsed = IpAddress::parse(address);
  return parsed &&
         std::ranges::any_of(ranges, [&](const IpRange& range) { return range.contains(*parsed); });
}

namespace {

// "192.0.2.7:4711" and "[2001:db8::7]:4711", as some proxies write them, without the port.
std::string_view without_port(std::string_view entry) {
  if (entry.starts_with('[')) {
    const auto end = entry.find(']');
    if (end == std::string_view::npos) return entry;
    const std::string_view rest = entry.substr(end + 1);
    const bool is_port = rest.empty() || (rest.starts_with(':') && parse_int64(rest.substr(1)));
    return is_port ? entry.substr(1, end - 1) : entry;
  }
  const auto colon = entry.find(':');
  const bool is_port = colon != std::string_view::npos &&
                       entry.find(':', colon + 1) == entry.npos &&
                       parse_int64(entry.substr(colon + 1));
  return is_port ? entry.substr(0, colon) : entry;
}

}  // namespace

std::optional<std::string> forwarded_client(std::string_view proxy, const Headers& headers,
                                            std::span<const IpRange> trusted) {
  std::string_view first = proxy;
  const std::vector<std::string_view> fields = headers.find_all("X-Forwarded-For");
  for (std::size_t i = fields.size(); i > 0; --i) {
    std::string_view field = fields[i - 1];
    while (true) {
      const auto comma = field.rfind(',');
      const std::string_view entry =
          without_port(trim(comma == field.npos ? field : field.substr(comma + 1)));
      if (!IpAddress::parse(entry)) return std::nullopt;
      first = entry;
      if (!is_one_of(entry, trusted)) return std::string(first);
      if (comma == field.npos) break;
      field = field.substr(0, comma);
    }
  }
  return std::string(first);
}

std::string network_of(std::string_view address) {
  boost::system::error_code error;
  const auto parsed = ip::make_address(std::string(address), error);
  if (error || !parsed.is_v6()) return std::string(address);
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + bytes.size() / 2, bytes.end(), 0);
  return ip::make_address_v6(bytes).to_string() + "/64";
}

}  // namespace patchbay::http
