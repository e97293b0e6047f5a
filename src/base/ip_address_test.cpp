#include "base/ip_address.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace patchbay;

namespace {

bool has(std::string_view range, std::string_view address) {
  const auto parsed = IpRange::parse(range);
  REQUIRE_MESSAGE(parsed.has_value(), range);
  const auto one = IpAddress::parse(address);
  REQUIRE_MESSAGE(one.has_value(), address);
  return parsed->contains(*one);
}

}  // namespace

TEST_CASE("A range has the addresses of its block, and no others") {
  CHECK(has("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(has("10.0.0.0/8", "11.0.0.0"));
  CHECK(has("192.0.2.128/25", "192.0.2.128"));
  CHECK_FALSE(has("192.0.2.128/25", "192.0.2.127"));
  CHECK(has("203.0.113.7", "203.0.113.7"));
  CHECK_FALSE(has("203.0.113.7", "203.0.113.8"));
  CHECK(has("203.0.113.7/32", "203.0.113.7"));
  CHECK(has("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(has("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(has("2001:DB8::7", "2001:0db8:0::0007"));
}

TEST_CASE("An IPv4 address is the same within IPv6, and no range of one family has the other's") {
  CHECK(has("10.0.0.0/8", "::ffff:10.1.2.3"));
  CHECK(has("10.0.0.0/8", "::ffff:a01:203"));
  CHECK(has("::ffff:10.0.0.0/104", "10.1.2.3"));
  CHECK(has("0.0.0.0/0", "198.51.100.1"));
  CHECK_FALSE(has("0.0.0.0/0", "2001:db8::1"));
  CHECK(has("::/0", "2001:db8::1"));
  CHECK_FALSE(has("::/0", "198.51.100.1"));
  CHECK_FALSE(has("::/0", "::ffff:198.51.100.1"));
  // Compatible and translated ones are others.
  CHECK_FALSE(has("10.0.0.0/8", "::10.1.2.3"));
  CHECK_FALSE(has("10.0.0.0/8", "64:ff9b::10.1.2.3"));
}

TEST_CASE("What is no address is none, however near") {
  for (const std::string text : {"",
                                 " ",
                                 "10.0.0",
                                 "10.0.0.256",
                                 "010.0.0.1",
                                 "0x0a.0.0.1",
                                 "10.0.0.1 ",
                                 " 10.0.0.1",
                                 "167772161",
                                 "10.0.0.1:80",
                                 "[::1]",
                                 "::1%lo",
                                 "fe80::1%eth0",
                                 ":::1",
                                 "::1::",
                                 "localhost",
                                 "10.0.0.1\n",
                                 "::ffff:10.0.0.256",
                                 "1:2:3:4:5:6:7:8:9",
                                 "unknown",
                                 "_hidden"}) {
    CHECK_MESSAGE(!IpAddress::parse(text), text);
    CHECK_MESSAGE(!IpRange::parse(text), text);
  }
  CHECK_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0", 9)));
  CHECK_FALSE(IpAddress::parse(std::string(1000, '1')));
}

TEST_CASE("What is no range is refused, and what was meant is told where that is known") {
  for (const std::string text :
       {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0", "2001:db8::/129", "/8", "::ffff:0:0/95", "*", "10.*"}) {
    CHECK_MESSAGE(!IpRange::parse(text), text);
  }
  CHECK(IpRange::parse("10.1.2.3/8").error().hint == "The range is written 10.0.0.0/8.");
  CHECK(IpRange::parse("2001:db8::7/32").error().hint == "The range is written 2001:db8::/32.");
  CHECK(IpRange::parse("office").error().message == "'office' is no IP address or range.");
}
