#include "gateway/names/marks.h"

#include <algorithm>

#include "base/blanks.h"
#include "base/digit.h"
#include "base/text.h"

namespace patchbay::gateway {

using integration::FilterOperator;

namespace {

// Local numbers without an area code have seven; fewer would be found in many others.
constexpr std::size_t kLeastDigits = 7;
constexpr std::size_t kMostDigits = 15;    // E.164
constexpr std::size_t kMostOfCountry = 3;  // digits of a country's code
// A number that long is known without its country: "1 503 555 0100" and "503 555 0100". A shorter
// one may lack its area, and then it is another's as well.
constexpr std::size_t kNationalDigits = 9;

// Without what stands for the country at home: "020 7946 0000" and "+44 20 7946 0000".
std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) digits += c;
  }
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

// "+44 …" and "0044 …" begin with their country for sure.
bool names_country(std::string_view text) {
  text = trim_blanks(text);
  return text.starts_with('+') || text.starts_with("00") || text.starts_with("(+");
}

bool is_phone(std::string_view text) {
  const auto digits = digits_of(text).size();
  return digits >= kLeastDigits && digits <= kMostDigits && std::ranges::all_of(text, [](char c) {
           return is_digit(c) || std::string_view("+()-./ ").contains(c);
         });
}

bool is_host_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// "https://www.Acme.example/de?x" → "acme.example"; "" if there is none.
std::string host_of(std::string_view text) {
  std::string host = to_lower(trim_blanks(text));
  if (const auto scheme = host.find("://"); scheme != std::string::npos) {
    host.erase(0, scheme + 3);
  }
  host = host.substr(0, host.find_first_of("/?#:"));
  if (host.starts_with("www.")) host.erase(0, 4);
  const bool shaped = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') &&
                      !host.contains("..") && std::ranges::all_of(host, is_host_character) &&
                      !std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
  return shaped ? host : std::string();
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos &&
         text.find_first_of(" \t,;<>()") == std::string_view::npos;
}

bool same_phone(std::string_view a, std::string_view b) {
  if (digits_of(a).size() > digits_of(b).size()) std::swap(a, b);
  const auto shorter = digits_of(a);
  const auto longer = digits_of(b);
  if (shorter == longer) return !shorter.empty();
  const auto least = names_country(b) ? kLeastDigits : kNationalDigits;
  return !names_country(a) && shorter.size() >= least && longer.ends_with(shorter) &&
         longer.size() - shorter.size() <= kMostOfCountry;
}

// Those that it has wherever it is written, with its country or without.
std::string telling_digits(std::string_view text) {
  auto digits = digits_of(text);
  const auto most = names_country(text) && digits.size() > kMostOfCountry
                        ? std::max(kLeastDigits, digits.size() - kMostOfCountry)
                        : kNationalDigits;
  const auto kept = std::min({digits.size(), most, kNationalDigits});
  return digits.substr(digits.size() - kept);
}

bool same_mark(FilterOperator op, std::string_view stored, std::string_view wanted) {
  switch (op) {
    case FilterOperator::as_email:
      return equal_ignoring_case(trim_blanks(stored), trim_blanks(wanted));
    case FilterOperator::as_phone:
      return same_phone(stored, wanted);
    case FilterOperator::as_domain:
      return !host_of(stored).empty() && host_of(stored) == host_of(wanted);
    default:
      return false;
  }
}

}  // namespace

bool is_mark(FilterOperator op) {
  return op == FilterOperator::as_email || op == FilterOperator::as_phone ||
         op == FilterOperator::as_domain;
}

bool reads_as(FilterOperator op, std::string_view text) {
  text = trim_blanks(text);
  switch (op) {
    case FilterOperator::as_email:
      return is_email(text);
    case FilterOperator::as_phone:
      return is_phone(text);
    case FilterOperator::as_domain:
      return !host_of(text).empty() && !text.contains(' ');
    default:
      return false;
  }
}

Result<dialect::FilterTerm> term_of_mark(const std::string& field, FilterOperator op,
                                         const json::Value& value) {
  const auto* text = value.if_string();
  if (text == nullptr || !reads_as(op, *text)) {
    const char* wanted = op == FilterOperator::as_email ? "takes a whole e-mail address"
                         : op == FilterOperator::as_phone
                             ? "takes a phone number of at least seven digits"
                             : "takes a domain, as in acme.example";
    return fail(ErrorCode::invalid_argument, wanted);
  }
  dialect::FilterTerm term{field, FilterOperator::equal, integration::FieldType::string, {}};
  if (op == FilterOperator::as_email) {
    term.value = std::string(trim_blanks(*text));
  } else if (op == FilterOperator::as_phone) {
    term.op = FilterOperator::as_phone;  // which the language has its own way to write
    term.value = telling_digits(*text);
  } else {
    term.op = FilterOperator::contains;
    term.value = host_of(*text);
  }
  return term;
}

bool has_mark(const json::Value& record, std::string_view field, FilterOperator op,
              std::string_view wanted) {
  const auto slash = field.find('/');
  const auto* member = record.find(field.substr(0, slash));
  if (member == nullptr) return false;
  if (slash == std::string_view::npos) {
    const auto* text = member->if_string();
    return text != nullptr && same_mark(op, *text, wanted);
  }
  const auto rest = field.substr(slash + 1);
  const auto* items = member->if_array();
  if (items == nullptr) return has_mark(*member, rest, op, wanted);
  return std::ranges::any_of(
      *items, [&](const json::Value& item) { return has_mark(item, rest, op, wanted); });
}

}  // namespace patchbay::gateway
