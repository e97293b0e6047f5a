#include "schema/format.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/digit.h"

namespace patchbay::schema {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A number of exactly `count` digits at the start, which is taken off.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(0, count)) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return false;
  const auto day = take_digits(text, 2);
  return day && std::chrono::year_month_day{std::chrono::year{static_cast<int>(*year)},
                                            std::chrono::month{*month}, std::chrono::day{*day}}
                    .ok();
}

bool take_clock(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  const auto minute = take_digits(text, 2);
  return minute && *minute <= 59;
}

// RFC 3339: full date, T, full time with an offset. A second of 60 is a leap second.
bool is_date_time(std::string_view text) {
  if (!take_date(text) || (!take(text, 'T') && !take(text, 't')) || !take_clock(text)) return false;
  if (!take(text, ':')) return false;
  const auto second = take_digits(text, 2);
  if (!second || *second > 60) return false;
  if (take(text, '.')) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return false;
    text.remove_prefix(digits);
  }
  if (text == "Z" || text == "z") return true;
  if (!take(text, '+') && !take(text, '-')) return false;
  return take_clock(text) && text.empty();
}

// One @, something on both sides, a dot-separated host and no white space: what catches a slip of a
// model without refusing an address that exists.
bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || text.size() > 320) return false;
  const std::string_view host = text.substr(at + 1);
  if (host.empty() || host.front() == '.' || host.back() == '.') return false;
  return std::ranges::none_of(text, [](char c) { return c <= ' ' || c == 0x7f; }) &&
         text.substr(0, at).find('@') == std::string_view::npos;
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return false;
  if (!std::ranges::all_of(text.substr(0, colon), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      })) {
    return false;
  }
  return std::ranges::none_of(text, [](char c) { return c <= ' ' || c == 0x7f || c == '"'; });
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

}  // namespace

Format find_format(std::string_view name) {
  if (name == "date") return Format::date;
  if (name == "date-time") return Format::date_time;
  if (name == "email") return Format::email;
  if (name == "uri") return Format::uri;
  if (name == "uuid") return Format::uuid;
  return Format::none;
}

bool has_format(std::string_view text, Format format) {
  switch (format) {
    case Format::none:
      return true;
    case Format::date:
      return take_date(text) && text.empty();
    case Format::date_time:
      return is_date_time(text);
    case Format::email:
      return is_email(text);
    case Format::uri:
      return is_uri(text);
    case Format::uuid:
      return is_uuid(text);
  }
  return true;
}

std::string_view describe(Format format) {
  switch (format) {
    case Format::none:
      return "any text";
    case Format::date:
      return "a date such as 2026-11-22";
    case Format::date_time:
      return "a date and time with an offset, such as 2026-11-22T14:00:00Z";
    case Format::email:
      return "an e-mail address";
    case Format::uri:
      return "an absolute URI such as https://example.com/";
    case Format::uuid:
      return "a UUID of 36 characters";
  }
  return "";
}

}  // namespace patchbay::schema
