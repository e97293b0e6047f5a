#include "io/address.h"

#include <doctest/doctest.h>

namespace patchbay::io {

TEST_CASE("addresses are told apart, in whatever form they come") {
  struct Case {
    const char* address;
    AddressKind kind;
  };
  const Case kCases[] = {
      {"8.8.8.8", AddressKind::global},
      {"1.1.1.1", AddressKind::global},
      {"172.15.255.255", AddressKind::global},
      {"172.32.0.0", AddressKind::global},
      {"100.63.255.255", AddressKind::global},
      {"100.128.0.0", AddressKind::global},
      {"198.20.0.0", AddressKind::global},
      {"223.255.255.255", AddressKind::global},
      {"127.0.0.1", AddressKind::loopback},
      {"127.255.255.255", AddressKind::loopback},
      {"10.0.0.0", AddressKind::private_network},
      {"10.255.255.255", AddressKind::private_network},
      {"172.16.0.0", AddressKind::private_network},
      {"172.31.255.255", AddressKind::private_network},
      {"192.168.1.1", AddressKind::private_network},
      {"100.64.0.0", AddressKind::private_network},
      {"100.127.255.255", AddressKind::private_network},
      {"0.0.0.0", AddressKind::forbidden},
      {"0.1.2.3", AddressKind::forbidden},
      {"169.254.169.254", AddressKind::forbidden},
      {"192.0.0.1", AddressKind::forbidden},
      {"192.0.2.1", AddressKind::forbidden},
      {"198.18.0.1", AddressKind::forbidden},
      {"198.19.255.255", AddressKind::forbidden},
      {"198.51.100.1", AddressKind::forbidden},
      {"203.0.113.1", AddressKind::forbidden},
      {"224.0.0.1", AddressKind::forbidden},
      {"239.255.255.255", AddressKind::forbidden},
      {"240.0.0.1", AddressKind::forbidden},
      {"255.255.255.255", AddressKind::forbidden},
      {"2606:4700::1111", AddressKind::global},
      {"::1", AddressKind::loopback},
      {"::", AddressKind::forbidden},
      {"fc00::1", AddressKind::private_network},
      {"fdff::1", AddressKind::private_network},
      {"fec0::1", AddressKind::private_network},
      {"fe80::1", AddressKind::forbidden},
      {"febf::1", AddressKind::forbidden},
      {"ff02::1", AddressKind::forbidden},
      {"2001:db8::1", AddressKind::forbidden},
      {"3fff::1", AddressKind::forbidden},
      {"100::1", AddressKind::forbidden},
      {"4000::1", AddressKind::forbidden},
      // IPv4 inside IPv6
      {"::ffff:8.8.8.8", AddressKind::global},
      {"::ffff:127.0.0.1", AddressKind::loopback},
      {"::ffff:10.0.0.1", AddressKind::private_network},
      {"::ffff:169.254.169.254", AddressKind::forbidden},
      {"::127.0.0.1", AddressKind::loopback},
      {"::ffff:0:127.0.0.1", AddressKind::loopback},
      {"64:ff9b::7f00:1", AddressKind::loopback},
      {"64:ff9b::a00:1", AddressKind::private_network},
      {"64:ff9b:1::1", AddressKind::private_network},
      {"2002:7f00:1::", AddressKind::loopback},
      {"2002:a00:1::", AddressKind::private_network},
      {"2002:808:808::", AddressKind::global},
      {"2001:0:4136:e378:8000:63bf:80ff:fffe", AddressKind::loopback},  // Teredo, inverted
  };
  for (const Case& test : kCases) {
    CAPTURE(test.address);
    CHECK(classify(boost::asio::ip::make_address(test.address)) == test.kind);
  }
}

TEST_CASE("rules open what they name, and nothing opens the forbidden") {
  auto at = [](const char* text) { return boost::asio::ip::make_address(text); };
  CHECK(allows({}, at("8.8.8.8")));
  CHECK_FALSE(allows({}, at("10.0.0.1")));
  CHECK_FALSE(allows({}, at("127.0.0.1")));
  CHECK(allows({.allow_private = true}, at("10.0.0.1")));
  CHECK_FALSE(allows({.allow_private = true}, at("127.0.0.1")));
  CHECK(allows({.allow_loopback = true}, at("::1")));
  CHECK_FALSE(allows({.allow_loopback = true}, at("10.0.0.1")));
  CHECK_FALSE(allows({.allow_private = true, .allow_loopback = true}, at("169.254.169.254")));
  CHECK_FALSE(allows({.allow_private = true, .allow_loopback = true}, at("0.0.0.0")));
}

}  // namespace patchbay::io
