#include "sandbox/seed/random.h"

#include <fmt/core.h>

namespace patchbay::sandbox {

Random::Random(std::uint64_t seed, std::string_view subject) : state_(seed) {
  for (const char c : subject) {
    state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;  // FNV-1a
  }
}

std::uint64_t Random::next() {
  // SplitMix64.
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

int Random::below(int bound) {
  return static_cast<int>(next() % static_cast<std::uint64_t>(bound));
}

int Random::between(int low, int high) {
  return low + below(high - low + 1);
}

bool Random::chance(int percent) {
  return below(100) < percent;
}

double Random::unit() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::string random_guid(Random& random) {
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, 0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffff);
}

}  // namespace patchbay::sandbox
