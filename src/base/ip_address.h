// IP addresses and ranges of them, as people write them: "192.0.2.7", "10.0.0.0/8",
// "2001:db8::/32". An IPv4 address within IPv6 (::ffff:192.0.2.7) is that IPv4 address, and a range
// of one family has no address of the other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace patchbay {

class IpAddress {
 public:
  // Nothing: it is none, or more than one: a port, brackets, a zone, numbers with zeros before
  // them.
  static std::optional<IpAddress> parse(std::string_view text);
  bool operator==(const IpAddress&) const = default;

 private:
  friend class IpRange;
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: mapped into IPv6
  bool is_v4_ = false;
};

// A single address, or a block in CIDR notation.
class IpRange {
 public:
  // Error invalid_argument: what is wrong with it, and where it can be told what was meant.
  static Result<IpRange> parse(std::string_view text);
  bool contains(const IpAddress& address) const;
  bool operator==(const IpRange&) const = default;

 private:
  IpAddress first_;
  unsigned bits_ = 128;  // that all its addresses have in common, of the mapped form
};

}  // namespace patchbay
