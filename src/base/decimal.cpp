#include "base/decimal.h"

#include <algorithm>

#include "base/digit.h"

namespace patchbay {
namespace {

constexpr std::int64_t kMaxExponent = 1'000'000'000'000;

// The exponent's digits as a number that cannot overflow.
std::int64_t read_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  for (const char c : text) {
    value = std::min(value * 10 + (c - '0'), kMaxExponent);
  }
  return negative ? -value : value;
}

int compare_magnitudes(std::string_view a_digits, std::int64_t a_exponent,
                       std::string_view b_digits, std::int64_t b_exponent) {
  const auto a_size = static_cast<std::int64_t>(a_digits.size()) + a_exponent;
  const auto b_size = static_cast<std::int64_t>(b_digits.size()) + b_exponent;
  if (a_size != b_size) return a_size < b_size ? -1 : 1;
  // The same number of places before the point: the digits decide, as texts do.
  const int order = a_digits.compare(b_digits);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace

Decimal::Decimal(std::string_view text) {
  if (!text.empty() && text.front() == '-') {
    negative_ = true;
    text.remove_prefix(1);
  }
  const auto e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    exponent_ = read_exponent(text.substr(e + 1));
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  digits_ = std::string(text.substr(0, point));
  if (point != std::string_view::npos) {
    digits_ += text.substr(point + 1);
    exponent_ -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  normalize();
}

Decimal::Decimal(bool negative, std::string digits, std::int64_t exponent)
    : negative_(negative), digits_(std::move(digits)), exponent_(exponent) {
  normalize();
}

void Decimal::normalize() {
  digits_.erase(0, std::min(digits_.find_first_not_of('0'), digits_.size()));
  const auto last = digits_.find_last_not_of('0');
  if (last == std::string::npos) {
    digits_.clear();
    exponent_ = 0;
    negative_ = false;
    return;
  }
  exponent_ += static_cast<std::int64_t>(digits_.size() - last - 1);
  digits_.resize(last + 1);
}

bool Decimal::is_multiple_of(const Decimal& divisor) const {
  if (is_zero()) return true;
  // Our digits do not end in zero, so they hold no power of ten that the divisor would need.
  if (exponent_ < divisor.exponent_) return false;
  std::uint64_t modulus = 0;
  for (const char c : divisor.digits_) modulus = modulus * 10 + static_cast<std::uint64_t>(c - '0');

  unsigned __int128 rest = 0;
  for (const char c : digits_) rest = (rest * 10 + static_cast<unsigned>(c - '0')) % modulus;
  // rest × 10^(difference of the exponents), by squaring: the exponent may be huge.
  auto power = static_cast<std::uint64_t>(exponent_ - divisor.exponent_);
  unsigned __int128 base = 10 % modulus;
  for (; power > 0; power >>= 1U) {
    if ((power & 1U) != 0) rest = rest * base % modulus;
    base = base * base % modulus;
  }
  return rest == 0;
}

std::string Decimal::canonical() const {
  if (is_zero()) return "0";
  return (negative_ ? "-" : "") + digits_ + "e" + std::to_string(exponent_);
}

int Decimal::compare(const Decimal& a, const Decimal& b) {
  if (a.is_zero() || b.is_zero()) {
    if (a.is_zero() && b.is_zero()) return 0;
    if (a.is_zero()) return b.negative_ ? 1 : -1;
    return a.negative_ ? -1 : 1;
  }
  if (a.negative_ != b.negative_) return a.negative_ ? -1 : 1;
  const int order = compare_magnitudes(a.digits_, a.exponent_, b.digits_, b.exponent_);
  return a.negative_ ? -order : order;
}

bool Decimal::has_few_places() const {
  constexpr auto kMost = static_cast<std::int64_t>(kMaxDigits);
  return digits_.size() <= kMaxDigits && exponent_ >= -kMost && exponent_ <= kMost;
}

std::optional<Decimal> Decimal::sum(const Decimal& a, const Decimal& b) {
  if (!a.has_few_places() || !b.has_few_places()) return std::nullopt;
  const std::int64_t exponent = std::min(a.exponent_, b.exponent_);
  // Both as whole numbers of 10^exponent, equally long, with room for a carry.
  std::string left = a.digits_ + std::string(static_cast<std::size_t>(a.exponent_ - exponent), '0');
  std::string right =
      b.digits_ + std::string(static_cast<std::size_t>(b.exponent_ - exponent), '0');
  const std::size_t places = std::max(left.size(), right.size()) + 1;
  left.insert(0, places - left.size(), '0');
  right.insert(0, places - right.size(), '0');
  const bool subtract = a.negative_ != b.negative_;
  bool negative = a.negative_;
  if (subtract && left < right) {
    left.swap(right);
    negative = b.negative_;
  }
  int carry = 0;
  for (std::size_t i = places; i-- > 0;) {
    const int other = right[i] - '0';
    int digit = left[i] - '0' + (subtract ? -other : other) + carry;
    carry = digit < 0 ? -1 : digit / 10;
    digit = (digit + 10) % 10;
    left[i] = static_cast<char>('0' + digit);
  }
  return Decimal(negative, std::move(left), exponent);
}

std::optional<Decimal> Decimal::product(const Decimal& a, const Decimal& b) {
  if (!a.has_few_places() || !b.has_few_places()) return std::nullopt;
  std::string digits(a.digits_.size() + b.digits_.size(), '0');
  for (std::size_t i = a.digits_.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t j = b.digits_.size(); j-- > 0;) {
      const int digit =
          (digits[i + j + 1] - '0') + (a.digits_[i] - '0') * (b.digits_[j] - '0') + carry;
      digits[i + j + 1] = static_cast<char>('0' + digit % 10);
      carry = digit / 10;
    }
    digits[i] = static_cast<char>('0' + carry);
  }
  return Decimal(a.negative_ != b.negative_, std::move(digits), a.exponent_ + b.exponent_);
}

Decimal Decimal::negated() const {
  Decimal out = *this;
  out.negative_ = !is_zero() && !negative_;
  return out;
}

std::optional<std::string> Decimal::plain() const {
  if (!has_few_places()) return std::nullopt;
  if (is_zero()) return "0";
  std::string text = digits_;
  if (exponent_ >= 0) {
    text.append(static_cast<std::size_t>(exponent_), '0');
  } else {
    const auto places = static_cast<std::size_t>(-exponent_);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, ".");
  }
  return (negative_ ? "-" : "") + text;
}

bool is_number_token(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else if (!digits()) {
    return false;
  }
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

}  // namespace patchbay
