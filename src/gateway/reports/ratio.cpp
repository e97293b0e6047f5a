#include "gateway/reports/ratio.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace patchbay::gateway::report {

namespace {

// A number without its sign: digits without leading zeros, of which the last `places` stand behind
// the point.
struct Digits {
  std::string digits;
  std::size_t places = 0;
};

std::optional<Digits> digits_of(const Decimal& number) {
  auto plain = number.plain();
  if (!plain) return std::nullopt;
  Digits out;
  const auto point = plain->find('.');
  if (point != std::string::npos) out.places = plain->size() - point - 1;
  std::erase_if(*plain, [](char c) { return c == '-' || c == '.'; });
  out.digits = plain->substr(std::min(plain->find_first_not_of('0'), plain->size()));
  return out;
}

bool is_below(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Of whole numbers; `number` is the greater.
void subtract_from(std::string& number, std::string_view less) {
  int borrow = 0;
  const auto ahead = number.size() - less.size();
  for (std::size_t i = number.size(); i-- > 0;) {
    int digit = number[i] - '0' - borrow - (i >= ahead ? less[i - ahead] - '0' : 0);
    borrow = digit < 0 ? 1 : 0;
    if (digit < 0) digit += 10;
    number[i] = static_cast<char>('0' + digit);
  }
  number.erase(0, std::min(number.find_first_not_of('0'), number.size()));
}

}  // namespace

std::optional<Decimal> ratio_of(const Decimal& a, const Decimal& b, std::size_t places) {
  auto dividend = digits_of(a);
  auto divisor = digits_of(b);
  if (!dividend || !divisor || divisor->digits.empty()) return std::nullopt;
  // As whole numbers, so that one digit more is found than is wanted.
  dividend->digits.append(divisor->places + places + 1, '0');
  divisor->digits.append(dividend->places, '0');
  std::string quotient;
  std::string rest;
  for (const char digit : dividend->digits) {
    if (!rest.empty() || digit != '0') rest += digit;
    char times = '0';
    for (; !is_below(rest, divisor->digits); ++times) subtract_from(rest, divisor->digits);
    quotient += times;
  }
  const bool up = !quotient.empty() && quotient.back() >= '5';
  if (!quotient.empty()) quotient.pop_back();
  const std::string exponent = "e-" + std::to_string(places);
  const Decimal down((quotient.empty() ? "0" : quotient) + exponent);
  const auto out = up ? Decimal::sum(down, Decimal("1" + exponent)) : down;
  if (!out) return std::nullopt;
  return a.is_negative() != b.is_negative() ? out->negated() : *out;
}

}  // namespace patchbay::gateway::report
