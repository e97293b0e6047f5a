#include "gateway/reports/ratio.h"

#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

namespace patchbay::gateway::report {

TEST_CASE("ratios are rounded half away from zero") {
  const auto ratio = [](const char* a, const char* b, std::size_t places) {
    const auto found = ratio_of(Decimal(a), Decimal(b), places);
    return found ? found->plain().value_or("?") : "none";
  };
  CHECK(ratio("1", "3", 4) == "0.3333");
  CHECK(ratio("2", "3", 4) == "0.6667");
  CHECK(ratio("-2", "3", 2) == "-0.67");
  CHECK(ratio("0.125", "1", 2) == "0.13");
  CHECK(ratio("-0.125", "1", 2) == "-0.13");
  CHECK(ratio("100", "0.25", 2) == "400");
  CHECK(ratio("9.999", "1", 2) == "10");
  CHECK(ratio("0.001", "7", 2) == "0");
  CHECK(ratio("0", "7", 2) == "0");
  CHECK(ratio("7", "0", 2) == "none");
  CHECK(ratio("12345678901234567890", "7", 0) == "1763668414462081127");
  for (std::int64_t a = -500; a <= 500; a += 7) {
    for (std::int64_t b = 1; b <= 40; ++b) {
      // Whole numbers: twice the size, and half of b more, cut off.
      const std::int64_t size = (2 * std::abs(a) * 100 + b) / (2 * b);
      const auto expected =
          Decimal::product(Decimal(std::to_string(a < 0 ? -size : size)), Decimal("0.01"));
      CHECK(ratio(std::to_string(a).c_str(), std::to_string(b).c_str(), 2) == expected->plain());
    }
  }
}

}  // namespace patchbay::gateway::report
