// Which addresses a request may reach. The guard looks at the address that is connected to, after
// name resolution, so that no name and no odd spelling of an address gets around it.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace patchbay::io {

enum class AddressKind : std::uint8_t {
  global,           // anything that the others do not claim
  loopback,         // 127/8, ::1
  private_network,  // RFC 1918, 4193, carrier-grade NAT (RFC 6598)
  // Never reachable, allowed or not: unspecified, link-local (where cloud metadata services live),
  // multicast, broadcast, reserved, documentation and benchmark ranges.
  forbidden,
};

// IPv4 addresses inside IPv6 (mapped, compatible, NAT64, 6to4, Teredo) count as what they hold.
AddressKind classify(const boost::asio::ip::address& address);

struct AddressRules {
  bool allow_private = false;
  bool allow_loopback = false;
  bool operator==(const AddressRules&) const = default;
};
bool allows(const AddressRules& rules, const boost::asio::ip::address& address);

}  // namespace patchbay::io
