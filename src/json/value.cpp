#include "json/value.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/digit.h"

namespace patchbay::json {
namespace {

// The exponent's digits, far-off ones held at a bound that no token's length can bring back.
std::int64_t exponent_of(std::string_view digits) {
  constexpr std::int64_t kBound = 1'000'000'000'000;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : digits) value = std::min(kBound, value * 10 + (c - '0'));
  return negative ? -value : value;
}

// "5.0", "50e-1", "1.5e1": whole if no digit but zero stands behind the decimal point.
std::optional<std::int64_t> whole_from_decimal(std::string_view token) {
  const bool negative = token.starts_with('-');
  if (negative) token.remove_prefix(1);
  const std::size_t e = std::min(token.find_first_of("eE"), token.size());
  std::int64_t scale = e < token.size() ? exponent_of(token.substr(e + 1)) : 0;

  std::string digits;
  bool after_point = false;
  for (const char c : token.substr(0, e)) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    if (after_point) --scale;
    if (c != '0' || !digits.empty()) digits.push_back(c);
  }
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++scale;
  }
  if (digits.empty()) return 0;
  // 2^63 has 19 digits.
  if (scale < 0 || scale > 19 || digits.size() + static_cast<std::size_t>(scale) > 19) {
    return std::nullopt;
  }
  digits.append(static_cast<std::size_t>(scale), '0');
  if (negative) digits.insert(digits.begin(), '-');
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

Number::Number(double value) {
  assert(std::isfinite(value));
  if (!std::isfinite(value)) value = 0;  // JSON has no token for it
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  token_.assign(text, end);
  if (token_.find_first_of(".e") == std::string::npos) token_ += ".0";
}

Object::Object(std::initializer_list<Member> members) : members_(members) {}

void Object::reserve(std::size_t members) {
  members_.reserve(members);
}

const Value* Object::find(std::string_view key) const {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Value* Object::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Object::operator[](std::string_view key) {
  if (Value* value = find(key)) return *value;
  return append(std::string(key), nullptr);
}

bool Object::erase(std::string_view key) {
  const auto at = std::ranges::find(members_, key, &Member::first);
  if (at == members_.end()) return false;
  members_.erase(at);
  return true;
}

Value& Object::append(std::string key, Value value) {
  return members_.emplace_back(std::move(key), std::move(value)).second;
}

bool Object::operator==(const Object&) const = default;

std::optional<std::int64_t> Value::as_int64() const {
  const Number* number = if_number();
  if (number == nullptr) return std::nullopt;
  const std::string& token = number->token();
  std::int64_t value = 0;
  const char* const end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, value);
  if (error == std::errc{} && stop == end) return value;
  return whole_from_decimal(token);
}

std::optional<double> Value::as_double() const {
  const Number* number = if_number();
  if (number == nullptr) return std::nullopt;
  const std::string& token = number->token();
  double value = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  // from_chars leaves the value alone when it is out of range; strtod says infinity or zero.
  if (error == std::errc::result_out_of_range) return std::strtod(token.c_str(), nullptr);
  return value;
}

const Value* Value::find(std::string_view key) const {
  const Object* object = if_object();
  return object == nullptr ? nullptr : object->find(key);
}

std::string_view Value::string_or(std::string_view key, std::string_view fallback) const {
  const Value* value = find(key);
  const std::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? fallback : std::string_view(*text);
}

std::int64_t Value::int64_or(std::string_view key, std::int64_t fallback) const {
  const Value* value = find(key);
  return value == nullptr ? fallback : value->as_int64().value_or(fallback);
}

bool Value::bool_or(std::string_view key, bool fallback) const {
  const Value* value = find(key);
  const bool* truth = value == nullptr ? nullptr : value->if_bool();
  return truth == nullptr ? fallback : *truth;
}

Value& Value::operator[](std::string_view key) {
  if (is_null()) data_ = Object();
  assert(is_object());
  return std::get<Object>(data_)[key];
}

void Value::push_back(Value value) {
  if (is_null()) data_ = Array();
  assert(is_array());
  std::get<Array>(data_).push_back(std::move(value));
}

std::string_view Value::kind() const {
  // In the order of data_'s alternatives.
  constexpr std::string_view kKinds[] = {"null", "boolean", "number", "string", "array", "object"};
  return kKinds[data_.index()];
}

}  // namespace patchbay::json
