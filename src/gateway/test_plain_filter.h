// For tests: what a filter means, evaluated on records as the API shows them. Written from the
// facts about the API alone; it shares nothing with the gateway nor with the sandbox.
//
// A null matches nothing but a test for null. Texts compare without regard to case. Times are in
// UTC and of one form, so that they compare as texts.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace patchbay::gateway::plain {

// What stands at "board/name"; null pointer if nothing does. Facts about the record itself are
// named as if they stood in it, and stand in its _info.
inline const json::Value* value_at(const json::Value& record, std::string_view path) {
  const auto walk = [](const json::Value* at, std::string_view rest) {
    while (at != nullptr) {
      const auto slash = rest.find('/');
      at = at->find(rest.substr(0, slash));
      if (slash == std::string_view::npos) break;
      rest.remove_prefix(slash + 1);
    }
    return at != nullptr && at->is_null() ? nullptr : at;
  };
  if (const auto* found = walk(&record, path)) return found;
  const auto* info = record.find("_info");
  return info != nullptr ? walk(info, path) : nullptr;
}

// Lower case of what Western European names are written in. Compares like its code points.
inline std::u32string folded(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? byte : byte & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    const bool capital =
        (code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7);
    out += capital ? code + 32 : code;
    i += length;
  }
  return out;
}

// Less than, equal to or greater than 0; null pointers come first.
inline int compare(const json::Value* a, const json::Value* b) {
  const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a == nullptr || b == nullptr) return sign(a != nullptr, b != nullptr);
  if (a->is_number() && b->is_number()) return sign(*a->as_double(), *b->as_double());
  if (a->is_string() && b->is_string())
    return sign(folded(*a->if_string()), folded(*b->if_string()));
  if (a->is_bool() && b->is_bool()) return sign(*a->if_bool(), *b->if_bool());
  return sign(a->kind(), b->kind());
}

// % and * stand for any text, _ for one character; what stands in brackets for itself.
inline bool is_like(std::u32string_view text, std::u32string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == U'[' && pattern.size() > 2 && pattern[2] == U']') {
    return !text.empty() && text.front() == pattern[1] &&
           is_like(text.substr(1), pattern.substr(3));
  }
  if (pattern.front() == U'_') {
    return !text.empty() && is_like(text.substr(1), pattern.substr(1));
  }
  if (pattern.front() != U'%' && pattern.front() != U'*') {
    return !text.empty() && text.front() == pattern.front() &&
           is_like(text.substr(1), pattern.substr(1));
  }
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (is_like(text.substr(skipped), pattern.substr(1))) return true;
  }
  return false;
}

enum class Op : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  contains,
  not_contains,
  like,
  not_like,
  in,
  not_in,
  is_null,
  is_not_null,
};

// An expression: a comparison, or several parts of which all or any must hold.
struct Expression {
  enum class Kind : std::uint8_t { comparison, all, any };
  Kind kind = Kind::all;
  std::string field;
  Op op = Op::equal;
  json::Array values;
  std::vector<Expression> parts;
};

inline Expression comparison(std::string field, Op op, json::Array values = {}) {
  return {Expression::Kind::comparison, std::move(field), op, std::move(values), {}};
}

inline bool compares(const json::Value* own, Op op, const json::Array& values) {
  if (op == Op::is_null) return own == nullptr;
  if (op == Op::is_not_null) return own != nullptr;
  if (own == nullptr) return false;
  const auto is_equal = [own](const json::Value& value) { return compare(own, &value) == 0; };
  if (op == Op::in) return std::ranges::any_of(values, is_equal);
  if (op == Op::not_in) return std::ranges::none_of(values, is_equal);
  const auto& value = values.front();
  const int order = compare(own, &value);
  const auto texts = [&](const auto& test) {
    return own->is_string() && test(folded(*own->if_string()), folded(*value.if_string()));
  };
  const auto has = [](const std::u32string& text, const std::u32string& part) {
    return text.find(part) != std::u32string::npos;
  };
  switch (op) {
    case Op::equal:
      return order == 0;
    case Op::not_equal:
      return order != 0;
    case Op::less:
      return order < 0;
    case Op::less_or_equal:
      return order <= 0;
    case Op::greater:
      return order > 0;
    case Op::greater_or_equal:
      return order >= 0;
    case Op::contains:
      return texts(has);
    case Op::not_contains:
      return !texts(has);
    case Op::like:
      return texts(is_like);
    case Op::not_like:
      return !texts(is_like);
    default:
      return false;
  }
}

inline bool holds(const Expression& expression, const json::Value& record) {
  const auto part = [&](const Expression& each) { return holds(each, record); };
  if (expression.kind == Expression::Kind::all) return std::ranges::all_of(expression.parts, part);
  if (expression.kind == Expression::Kind::any) return std::ranges::any_of(expression.parts, part);
  return compares(value_at(record, expression.field), expression.op, expression.values);
}

}  // namespace patchbay::gateway::plain
