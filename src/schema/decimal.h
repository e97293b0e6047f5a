// Decimal numbers by their text. A double would say that 0.3 is no multiple of 0.1; these do not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::schema {

// digits × 10^exponent, without leading or trailing zeros; zero has no digits.
class Decimal {
 public:
  explicit Decimal(const json::Number& number);

  bool is_zero() const { return digits_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_integer() const { return exponent_ >= 0; }
  std::size_t digit_count() const { return digits_.size(); }

  // Exact. `divisor` must be positive and have at most kMaxDivisorDigits digits.
  bool is_multiple_of(const Decimal& divisor) const;
  static constexpr std::size_t kMaxDivisorDigits = 18;  // 10^18 fits 64 bits

  // One text per value: 1, 1.0 and 10e-1 have the same.
  std::string canonical() const;

  // Below, equal, above: negative, 0, positive.
  static int compare(const Decimal& a, const Decimal& b);

 private:
  bool negative_ = false;
  std::string digits_;
  std::int64_t exponent_ = 0;  // hostile exponents are held at ±10^12
};

// Whether `text` is a JSON number token ("12", "-0.50", "1e9").
bool is_number_token(std::string_view text);

}  // namespace patchbay::schema
