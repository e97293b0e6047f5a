#include "http/peer.h"

#include <doctest/doctest.h>

namespace patchbay::http {

TEST_CASE("peer: who has one address of a /64 has them all") {
  CHECK(network_of("2001:db8:1:2::7") == network_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  CHECK(network_of("2001:db8:1:2::7") != network_of("2001:db8:1:3::7"));
  CHECK(network_of("2001:db8:1:2::7") == "2001:db8:1:2::/64");
  CHECK(network_of("fe80::1%2").ends_with("/64"));
}

TEST_CASE("peer: an IPv4 address is one client's") {
  CHECK(network_of("192.0.2.7") == "192.0.2.7");
  CHECK(network_of("192.0.2.7") != network_of("192.0.2.8"));
  CHECK(network_of("") == "");
}

}  // namespace patchbay::http
