#include "http/peer.h"

#include <initializer_list>
#include <string>
#include <vector>

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

namespace {

std::string client(std::initializer_list<const char*> fields) {
  const std::vector<IpRange> trusted{IpRange::parse("10.0.0.0/8").value(),
                                     IpRange::parse("2001:db8:aaaa::/48").value()};
  Headers headers;
  for (const char* field : fields) headers.add("X-Forwarded-For", field);
  return forwarded_client("10.0.0.1", headers, trusted).value_or("refused");
}

}  // namespace

TEST_CASE("peer: a trusted proxy's client is the last address that is no proxy's") {
  CHECK(client({}) == "10.0.0.1");
  CHECK(client({"192.0.2.7"}) == "192.0.2.7");
  CHECK(client({"198.51.100.1, 192.0.2.7"}) == "192.0.2.7");
  CHECK(client({"192.0.2.7, 10.0.0.9"}) == "192.0.2.7");
  CHECK(client({"192.0.2.7,10.0.0.9 , 2001:db8:aaaa::9"}) == "192.0.2.7");
  CHECK(client({"192.0.2.7", "10.0.0.9"}) == "192.0.2.7");
  CHECK(client({"192.0.2.7", "198.51.100.1"}) == "198.51.100.1");
  CHECK(client({"10.0.0.7, 10.0.0.8"}) == "10.0.0.7");
  CHECK(client({"192.0.2.7:80"}) == "192.0.2.7");
  CHECK(client({"[2001:db8::7]:80"}) == "2001:db8::7");
  CHECK(client({"[2001:db8::7]"}) == "2001:db8::7");
  CHECK(client({"2001:db8::7"}) == "2001:db8::7");
  CHECK(client({"nonsense, 192.0.2.7"}) == "192.0.2.7");
}

TEST_CASE("peer: where an address should stand, nothing else may") {
  for (const char* wrong : {"", " ", ",", "192.0.2.7,", "nonsense, 10.0.0.9", "unknown",
                            "192.0.2.7:x", "[192.0.2.7", "[2001:db8::7]x", "2001:db8::7%eth0",
                            "192.0.2.7 10.0.0.9", "\"192.0.2.7\"", "192.0.2.7/32"}) {
    CHECK_MESSAGE(client({wrong}) == "refused", wrong);
  }
  CHECK(client({"192.0.2.7", ""}) == "refused");
}

}  // namespace patchbay::http
