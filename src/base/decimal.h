// Decimal numbers by their text. A double would say that 0.3 is no multiple of 0.1; these do not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

// digits × 10^exponent, without leading or trailing zeros; zero has no digits.
class Decimal {
 public:
  // Of a JSON number token: see is_number_token.
  explicit Decimal(std::string_view number);

  bool is_zero() const { return digits_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_integer() const { return exponent_ >= 0; }
  std::size_t digit_count() const { return digits_.size(); }

  // Exact. `divisor` must be positive and have at most kMaxDivisorDigits digits.
  bool is_multiple_of(const Decimal& divisor) const;
  static constexpr std::size_t kMaxDivisorDigits = 18;  // 10^18 fits 64 bits

  // Exact, or nothing: more than kMaxDigits digits or places are no amount, but an attempt to use
  // up memory (1e1000000000).
  static std::optional<Decimal> sum(const Decimal& a, const Decimal& b);
  static std::optional<Decimal> product(const Decimal& a, const Decimal& b);
  static constexpr std::size_t kMaxDigits = 100;
  Decimal negated() const;
  // A JSON number without exponent ("12.5", "-0.25", "100"). Only of what has few enough places.
  std::optional<std::string> plain() const;

  // One text per value: 1, 1.0 and 10e-1 have the same.
  std::string canonical() const;

  // Below, equal, above: negative, 0, positive.
  static int compare(const Decimal& a, const Decimal& b);

 private:
  Decimal(bool negative, std::string digits, std::int64_t exponent);
  void normalize();
  bool has_few_places() const;

  bool negative_ = false;
  std::string digits_;
  std::int64_t exponent_ = 0;  // hostile exponents are held at ±10^12
};

// Whether `text` is a JSON number token ("12", "-0.50", "1e9").
bool is_number_token(std::string_view text);

}  // namespace patchbay
