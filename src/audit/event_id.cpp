#include "audit/event_id.h"

#include <algorithm>

#include "base/random.h"

namespace patchbay::audit {
namespace {

constexpr std::string_view kPrefix = "evt_";
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuv";
constexpr int kBitsPerDigit = 5;
constexpr std::size_t kOrderDigits = 11;
constexpr std::size_t kRandomLetters = 16;
constexpr int kCountBits = 12;

}  // namespace

Order next_order(Order last, WallTime at) {
  const auto millis = std::max<std::int64_t>(0, at.time_since_epoch().count());
  return std::max(last + 1, static_cast<Order>(millis) << kCountBits);
}

std::string random_part() {
  constexpr std::string_view kAny = "r";
  return random_id(kAny).substr(kAny.size() + 1, kRandomLetters);
}

std::string event_id(Order order, std::string_view random) {
  std::string id(kPrefix.size() + kOrderDigits, '0');
  id.reserve(id.size() + random.size());
  std::ranges::copy(kPrefix, id.begin());
  for (std::size_t place = id.size(); place > kPrefix.size(); order >>= kBitsPerDigit) {
    id[--place] = kDigits[order & (kDigits.size() - 1)];
  }
  return id.append(random);
}

std::optional<EventName> read_event_id(std::string_view id) {
  if (id.size() != kPrefix.size() + kOrderDigits + kRandomLetters || !id.starts_with(kPrefix)) {
    return std::nullopt;
  }
  EventName name{.random = id.substr(kPrefix.size() + kOrderDigits)};
  for (const char letter : id.substr(kPrefix.size(), kOrderDigits)) {
    const std::size_t digit = kDigits.find(letter);
    if (digit == std::string_view::npos) return std::nullopt;
    name.order = name.order << kBitsPerDigit | digit;
  }
  return name;
}

}  // namespace patchbay::audit
