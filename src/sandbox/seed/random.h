// Numbers for the seeding: the same on every machine, which the standard library's distributions
// are not.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace patchbay::sandbox {

class Random {
 public:
  // Each subject has a sequence of its own, so that more tickets do not change the companies.
  Random(std::uint64_t seed, std::string_view subject);

  std::uint64_t next();
  int below(int bound);            // 0 to bound - 1
  int between(int low, int high);  // both included
  bool chance(int percent);
  double unit();  // 0 up to, not including, 1
  template <class Container>
  const auto& pick(const Container& from) {
    return *(std::begin(from) + below(static_cast<int>(std::size(from))));
  }

 private:
  std::uint64_t state_;
};

std::string random_guid(Random& random);

}  // namespace patchbay::sandbox
