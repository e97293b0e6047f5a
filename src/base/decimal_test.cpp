#include "base/decimal.h"

#include <doctest/doctest.h>

namespace patchbay {
namespace {

Decimal decimal(std::string text) {
  return Decimal(text);
}
std::string sum(std::string a, std::string b) {
  const auto out = Decimal::sum(decimal(std::move(a)), decimal(std::move(b)));
  return out ? *out->plain() : "none";
}
std::string product(std::string a, std::string b) {
  const auto out = Decimal::product(decimal(std::move(a)), decimal(std::move(b)));
  return out ? *out->plain() : "none";
}

}  // namespace

TEST_CASE("sums of decimals are exact") {
  CHECK(sum("0.1", "0.2") == "0.3");
  CHECK(sum("0.00", "12.50") == "12.5");
  CHECK(sum("9999999999999999.99", "0.01") == "10000000000000000");
  CHECK(sum("-5", "3") == "-2");
  CHECK(sum("5", "-7.25") == "-2.25");
  CHECK(sum("5", "-5.0") == "0");
  CHECK(sum("1e3", "1e-3") == "1000.001");
  CHECK(sum("-1.5", "-2.5") == "-4");
  CHECK(sum("100", "-0.01") == "99.99");
}

TEST_CASE("products of decimals are exact") {
  CHECK(product("0.1", "0.2") == "0.02");
  CHECK(product("1.25", "149.99") == "187.4875");
  CHECK(product("-3", "1.5") == "-4.5");
  CHECK(product("0", "-7") == "0");
  CHECK(product("999999999999", "999999999999") == "999999999998000000000001");
}

TEST_CASE("sums agree with whole numbers over a wide range") {
  for (std::int64_t a = -1050; a <= 1050; a += 37) {
    for (std::int64_t b = -999; b <= 999; b += 41) {
      CHECK(sum(std::to_string(a), std::to_string(b)) == std::to_string(a + b));
      CHECK(product(std::to_string(a), std::to_string(b)) == std::to_string(a * b));
    }
  }
}

TEST_CASE("numbers that would fill the memory have no sum") {
  CHECK(sum("1e1000000000", "1") == "none");
  CHECK(product("1e-1000000000", "1") == "none");
  CHECK_FALSE(decimal("1e500").plain().has_value());
  CHECK(decimal("-0.05").plain().value() == "-0.05");
  CHECK(decimal("120").negated().plain().value() == "-120");
}

}  // namespace patchbay
