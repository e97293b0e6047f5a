#include "base/ip_address.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include <arpa/inet.h>

#include "base/text.h"

namespace patchbay {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;
constexpr std::size_t kMaxEcho = 60;

std::string print(const std::array<std::uint8_t, 16>& bytes, bool is_v4) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const from = is_v4 ? bytes.data() + kMapped.size() : bytes.data();
  if (inet_ntop(is_v4 ? AF_INET : AF_INET6, from, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

// The bits beyond the first so many are zero.
std::array<std::uint8_t, 16> cut_to(std::array<std::uint8_t, 16> bytes, unsigned bits) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned kept = std::clamp(static_cast<int>(bits) - static_cast<int>(8 * i), 0, 8);
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00u >> kept));
  }
  return bytes;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.empty() || text.size() >= copy.size() || text.contains('\0')) return std::nullopt;
  std::memcpy(copy.data(), text.data(), text.size());
  IpAddress address;
  if (text.contains(':')) {
    if (inet_pton(AF_INET6, copy.data(), address.bytes_.data()) != 1) return std::nullopt;
    address.is_v4_ = std::ranges::equal(std::span(address.bytes_).first(kMapped.size()), kMapped);
    return address;
  }
  std::ranges::copy(kMapped, address.bytes_.begin());
  address.is_v4_ = true;
  if (inet_pton(AF_INET, copy.data(), address.bytes_.data() + kMapped.size()) != 1) {
    return std::nullopt;
  }
  return address;
}

Result<IpRange> IpRange::parse(std::string_view text) {
  const auto refuse = [&](std::string_view why, std::string hint = {}) {
    return fail(ErrorCode::invalid_argument,
                "'" + std::string(cut_utf8(text, kMaxEcho)) + "' " + std::string(why),
                std::move(hint));
  };
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) {
    return refuse("is no IP address or range.",
                  "Write addresses like 203.0.113.7 or 2001:db8::7, ranges like 10.0.0.0/8.");
  }
  IpRange range;
  range.first_ = *address;
  if (slash == std::string_view::npos) return range;
  // As it is written: a mapped one counts from the start of IPv6.
  const bool counts_from_v4 = address->is_v4_ && !text.contains(':');
  const unsigned most = counts_from_v4 ? kAllBits - kMappedBits : kAllBits;
  const std::string_view length = text.substr(slash + 1);
  const auto bits = parse_int64(length);
  const bool plain = bits && *bits >= 0 && std::to_string(*bits) == length;
  if (!plain || *bits > static_cast<std::int64_t>(most)) {
    return refuse("must end with a length from 0 to " + std::to_string(most) + " after the '/'.");
  }
  range.bits_ = static_cast<unsigned>(*bits) + (counts_from_v4 ? kMappedBits : 0);
  if (address->is_v4_ && range.bits_ < kMappedBits) {
    return refuse("holds IPv4 addresses and others; write the IPv4 range by itself.");
  }
  const auto first = cut_to(address->bytes_, range.bits_);
  if (first != address->bytes_) {
    return refuse("begins within its range.",
                  "The range is written " + print(first, address->is_v4_) + "/" +
                      std::to_string(range.bits_ - (address->is_v4_ ? kMappedBits : 0)) + ".");
  }
  return range;
}

bool IpRange::contains(const IpAddress& address) const {
  return address.is_v4_ == first_.is_v4_ && cut_to(address.bytes_, bits_) == first_.bytes_;
}

}  // namespace patchbay
