#include "io/address.h"

#include <algorithm>
#include <array>

namespace patchbay::io {

namespace {

namespace ip = boost::asio::ip;

struct Range4 {
  std::uint32_t network;
  int bits;
  AddressKind kind;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA IPv4 Special-Purpose Address Registry, without what is globally reachable.
constexpr Range4 kRanges4[] = {
    {v4(0, 0, 0, 0), 8, AddressKind::forbidden},             // "this network"
    {v4(10, 0, 0, 0), 8, AddressKind::private_network},      // RFC 1918
    {v4(100, 64, 0, 0), 10, AddressKind::private_network},   // carrier-grade NAT
    {v4(127, 0, 0, 0), 8, AddressKind::loopback},            //
    {v4(169, 254, 0, 0), 16, AddressKind::forbidden},        // link-local, cloud metadata
    {v4(172, 16, 0, 0), 12, AddressKind::private_network},   // RFC 1918
    {v4(192, 0, 0, 0), 24, AddressKind::forbidden},          // IETF protocol assignments
    {v4(192, 0, 2, 0), 24, AddressKind::forbidden},          // documentation
    {v4(192, 168, 0, 0), 16, AddressKind::private_network},  // RFC 1918
    {v4(198, 18, 0, 0), 15, AddressKind::forbidden},         // benchmarks
    {v4(198, 51, 100, 0), 24, AddressKind::forbidden},       // documentation
    {v4(203, 0, 113, 0), 24, AddressKind::forbidden},        // documentation
    {v4(224, 0, 0, 0), 4, AddressKind::forbidden},           // multicast
    {v4(240, 0, 0, 0), 4, AddressKind::forbidden},           // reserved, broadcast
};

AddressKind classify_v4(std::uint32_t address) {
  for (const Range4& range : kRanges4) {
    if ((address ^ range.network) >> (32 - range.bits) == 0) return range.kind;
  }
  return AddressKind::global;
}

std::uint32_t v4_at(const ip::address_v6::bytes_type& bytes, std::size_t at) {
  return v4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool starts_with(const ip::address_v6::bytes_type& bytes,
                 std::initializer_list<unsigned char> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

AddressKind classify_v6(const ip::address_v6& address) {
  auto bytes = address.to_bytes();
  if (address.is_loopback()) return AddressKind::loopback;
  if (address.is_unspecified() || address.is_multicast()) return AddressKind::forbidden;
  // ::ffff:a.b.c.d (mapped), ::a.b.c.d (compatible), ::ffff:0:a.b.c.d (translated, RFC 2765)
  if (starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0})) {
    std::uint32_t middle = v4_at(bytes, 8);
    if (middle == 0xffff || middle == 0 || middle == 0xffff0000) {
      return classify_v4(v4_at(bytes, 12));
    }
    return AddressKind::forbidden;
  }
  // NAT64: 64:ff9b::/96 and 64:ff9b:1::/48 (local use)
  if (starts_with(bytes, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    return classify_v4(v4_at(bytes, 12));
  }
  if (starts_with(bytes, {0, 0x64, 0xff, 0x9b, 0, 1})) return AddressKind::private_network;
  if (starts_with(bytes, {0x20, 0x02})) return classify_v4(v4_at(bytes, 2));  // 6to4
  // Teredo holds its client's address inverted.
  if (starts_with(bytes, {0x20, 0x01, 0, 0})) return classify_v4(~v4_at(bytes, 12));
  if (starts_with(bytes, {0x20, 0x01, 0x0d, 0xb8})) return AddressKind::forbidden;  // documentation
  if (starts_with(bytes, {0x3f, 0xff}) && bytes[2] < 0x10) return AddressKind::forbidden;
  if ((bytes[0] & 0xfe) == 0xfc) return AddressKind::private_network;                // RFC 4193
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) return AddressKind::forbidden;  // link-local
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0)
    return AddressKind::private_network;  // site-local
  if ((bytes[0] & 0xe0) != 0x20)
    return AddressKind::forbidden;  // outside of global unicast 2000::/3
  return AddressKind::global;
}

}  // namespace

AddressKind classify(const ip::address& address) {
  return address.is_v4() ? classify_v4(address.to_v4().to_uint()) : classify_v6(address.to_v6());
}

bool allows(const AddressRules& rules, const ip::address& address) {
  switch (classify(address)) {
    case AddressKind::global:
      return true;
    case AddressKind::loopback:
      return rules.allow_loopback;
    case AddressKind::private_network:
      return rules.allow_private;
    case AddressKind::forbidden:
      return false;
  }
  return false;
}

}  // namespace patchbay::io
