// For property tests: chance that can be repeated.
//
//   PATCHBAY_PROPERTY_SEED     what is drawn; the same by default in every run
//   PATCHBAY_PROPERTY_ROUNDS   how often each property is tried (1 by default, a few seconds)
//   PATCHBAY_PROPERTY_ONLY     only cases whose name has this part, to look at one that failed
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace patchbay::gateway {

inline std::uint64_t property_number(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}
inline std::uint64_t property_seed() {
  return property_number("PATCHBAY_PROPERTY_SEED", 20261122);
}
inline std::uint64_t property_rounds() {
  return property_number("PATCHBAY_PROPERTY_ROUNDS", 1);
}
inline bool property_wanted(std::string_view name) {
  const char* part = std::getenv("PATCHBAY_PROPERTY_ONLY");
  return part == nullptr || name.contains(part);
}

class Draw {
 public:
  // Each case draws by itself, so that it can be repeated without the others.
  Draw(std::string_view name, std::uint64_t round) {
    std::uint64_t mixed = property_seed() * 1'000'003 + round;
    for (const char c : name) mixed = mixed * 1'099'511'628'211 + static_cast<unsigned char>(c);
    random_.seed(mixed);
  }
  // 0 to count - 1
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <class List>
  const auto& pick(const List& list) {
    return list[below(list.size())];
  }
  std::uint64_t bits() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace patchbay::gateway
