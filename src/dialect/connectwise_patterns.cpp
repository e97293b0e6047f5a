// The guide has it that a string takes * for wildcards, and that a bracket is written [[]: the
// notation of the database behind the API, in which brackets make a character stand for itself, and
// in which % and _ are wildcards too. It does not say whether brackets are read where a text is
// compared with
// `=`. So what holds a * or a bracket is compared with `like`, which reads them in any case; the
// integration says if even that is too much (integration::Wildcards).
#include <algorithm>

#include "dialect/connectwise.h"

namespace patchbay::dialect::connectwise {

using integration::FieldType;
using integration::Wildcards;

namespace {

constexpr std::string_view kInPatterns = "*%_[";
// Of these alone the guide tells for all strings; a member's identifier may well hold a _.
constexpr std::string_view kInAllTexts = "*[";

std::string in_brackets(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (kInPatterns.contains(c)) {
      out += '[';
      out += c;
      out += ']';
    } else {
      out += c;
    }
  }
  return out;
}

// The value where it is compared as a text; null for any other.
const std::string* if_text(FieldType type, const json::Value& value) {
  switch (type) {
    case FieldType::integer:
    case FieldType::number:
    case FieldType::boolean:
    case FieldType::date:
    case FieldType::date_time:
      return nullptr;
    default:
      return value.if_string();
  }
}

// Whether `=` would take the value for more than it is.
bool is_pattern(FieldType type, const json::Value& value, Wildcards wildcards) {
  const auto* text = if_text(type, value);
  if (text == nullptr || wildcards == Wildcards::nowhere) return false;
  return !stands_as_written(*text) || (wildcards == Wildcards::everywhere &&
                                       text->find_first_of(kInAllTexts) != std::string::npos);
}

}  // namespace

Result<std::string> write_pattern(FieldType type, const json::Value& value, Wildcards wildcards) {
  const std::string* text = if_text(type, value);
  if (text == nullptr || wildcards == Wildcards::nowhere) return write_literal(type, value);
  if (text->size() > kMaxLiteralBytes) return write_string(*text);
  return write_string(as_pattern(in_brackets(*text)));
}

Result<std::string> write_containing(std::string_view field, std::string_view text, bool contains) {
  auto literal = text.size() > kMaxLiteralBytes
                     ? write_string(text)
                     : write_string('%' + as_pattern(in_brackets(text)) + '%');
  if (!literal) return literal;
  return std::string(field) + (contains ? " like " : " not like ") + *literal;
}

std::string as_pattern(std::string_view text) {
  std::string out;
  bool in_brackets = false;
  for (const char c : text) {
    if (c == '\\' && !in_brackets) {
      out += "[\\]";
      continue;
    }
    in_brackets = c == '[' || (in_brackets && c != ']');
    out += c;
  }
  if (out.contains('"') && out.contains('\'')) std::ranges::replace(out, '"', '_');
  return out;
}

Result<std::string> write_sameness(std::string_view field, FieldType type, const json::Value& value,
                                   bool same, Wildcards wildcards) {
  const bool pattern = is_pattern(type, value, wildcards);
  auto literal = pattern ? write_pattern(type, value, wildcards) : write_literal(type, value);
  if (!literal) return literal;
  const std::string_view op = pattern ? (same ? " like " : " not like ") : (same ? " = " : " != ");
  return std::string(field) + std::string(op) + *literal;
}

Result<std::string> write_one_of(std::string_view field, FieldType type, const json::Array& values,
                                 Wildcards wildcards) {
  std::string listed;
  std::string alternatives;
  for (const auto& value : values) {
    if (value.is_null()) return fail(ErrorCode::invalid_argument, "null cannot be in a list");
    const bool apart = is_pattern(type, value, wildcards);
    auto written =
        apart ? write_sameness(field, type, value, true, wildcards) : write_literal(type, value);
    if (!written) return written;
    if (apart) {
      alternatives += (alternatives.empty() ? "" : " OR ") + *written;
    } else {
      listed += (listed.empty() ? "" : ",") + *written;
    }
  }
  if (listed.empty() && values.size() == 1) return alternatives;
  if (!listed.empty()) listed = std::string(field) + " in (" + listed + ')';
  if (alternatives.empty()) return listed;
  return '(' + listed + (listed.empty() ? "" : " OR ") + alternatives + ')';
}

}  // namespace patchbay::dialect::connectwise
