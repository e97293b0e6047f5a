// A strict recursive-descent reader. simdjson would need a padded copy, a parser object and checks
// of every atom, number and escape on top (its On-Demand walk lets "tru" and "01" through); for the
// small inputs that become trees, this is as fast and shorter.
#include "json/parse.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "json/plain_text.h"
#include "json/token.h"

namespace patchbay::json {
namespace {

// Objects up to this size are checked for equal keys pair by pair; larger ones by sorting, so that
// a hostile object of 100,000 members costs no 10^10 comparisons.
constexpr std::size_t kPairwise = 12;

class Parser {
 public:
  Parser(std::string_view text, const ParseLimits& limits)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), limits_(limits) {}

  Result<Value> run() {
    Value value;
    if (parse_value(value, 0)) {
      skip_space();
      if (at_ != end_) refuse("text after the JSON value");
    }
    if (problem_ != nullptr) return failure();
    return value;
  }

 private:
  // Each parse_… leaves at_ behind what it read, or has called refuse() and returns false.

  bool parse_value(Value& out, std::size_t depth) {
    skip_space();
    if (at_ == end_) return refuse("the text ends where a value should stand");
    switch (*at_) {
      case '{':
        return parse_object(out, depth + 1);
      case '[':
        return parse_array(out, depth + 1);
      case '"': {
        std::string text;
        if (!parse_string(text)) return false;
        out = Value(std::move(text));
        return true;
      }
      case 't':
        return parse_atom("true", out, true);
      case 'f':
        return parse_atom("false", out, false);
      case 'n':
        return parse_atom("null", out, nullptr);
      default:
        return parse_number(out);
    }
  }

  bool parse_object(Value& out, std::size_t depth) {
    if (depth > limits_.max_depth) return refuse_depth();
    ++at_;
    out = Value(Object());
    Object& object = *out.if_object();
    skip_space();
    if (accept('}')) return true;
    object.reserve(4);
    for (;;) {
      skip_space();
      if (at_ == end_ || *at_ != '"') return refuse("a member's name should stand here");
      std::string key;
      if (!parse_string(key)) return false;
      skip_space();
      if (!accept(':')) return refuse("':' should stand here");
      if (!parse_value(object.append(std::move(key), nullptr), depth)) return false;
      skip_space();
      if (accept(',')) continue;
      if (accept('}')) break;
      return refuse("',' or '}' should stand here");
    }
    return check_duplicates(object);
  }

  bool parse_array(Value& out, std::size_t depth) {
    if (depth > limits_.max_depth) return refuse_depth();
    ++at_;
    out = Value(Array());
    Array& array = *out.if_array();
    skip_space();
    if (accept(']')) return true;
    for (;;) {
      if (!parse_value(array.emplace_back(), depth)) return false;
      skip_space();
      if (accept(',')) continue;
      if (accept(']')) return true;
      return refuse("',' or ']' should stand here");
    }
  }

  bool parse_atom(std::string_view atom, Value& out, Value value) {
    if (!std::string_view(at_, end_).starts_with(atom)) return refuse("not a JSON value");
    at_ += atom.size();
    out = std::move(value);
    return true;
  }

  bool parse_number(Value& out) {
    const char* const start = at_;
    accept('-');
    if (at_ == end_ || !is_digit(*at_)) {
      at_ = start;
      return refuse("not a JSON value");
    }
    if (!accept('0')) skip_digits();
    if (accept('.') && !skip_digits()) return refuse("a digit should stand here");
    if (accept('e') || accept('E')) {
      if (!accept('+')) accept('-');
      if (!skip_digits()) return refuse("a digit should stand here");
    }
    // "01": the rest is no separator, and the caller refuses it there.
    out = Value(Number(std::string(start, at_)));
    return true;
  }

  bool parse_string(std::string& out) {
    ++at_;
    for (;;) {
      const char* const start = at_;
      at_ += plain_length<Plain::any>({at_, end_});
      out.append(start, at_);
      if (at_ == end_) return refuse("the text ends inside a string");
      if (accept('"')) return true;
      if (*at_ != '\\') return refuse("a control character inside a string");
      if (!parse_escape(out)) return false;
    }
  }

  bool parse_escape(std::string& out) {
    ++at_;
    if (at_ == end_) return refuse("the text ends inside a string");
    switch (*at_++) {
      case '"':
        out += '"';
        return true;
      case '\\':
        out += '\\';
        return true;
      case '/':
        out += '/';
        return true;
      case 'b':
        out += '\b';
        return true;
      case 'f':
        out += '\f';
        return true;
      case 'n':
        out += '\n';
        return true;
      case 'r':
        out += '\r';
        return true;
      case 't':
        out += '\t';
        return true;
      case 'u':
        return parse_code_point(out);
      default:
        --at_;
        return refuse("an unknown escape inside a string");
    }
  }

  bool parse_code_point(std::string& out) {
    std::uint32_t code = 0;
    if (!parse_four_hex(code)) return refuse("four hexadecimal digits should stand here");
    if (code >= 0xDC00 && code <= 0xDFFF) return refuse("a lone surrogate inside a string");
    if (code >= 0xD800 && code <= 0xDBFF) {
      std::uint32_t low = 0;
      if (!accept('\\') || !accept('u') || !parse_four_hex(low) || low < 0xDC00 || low > 0xDFFF) {
        return refuse("a lone surrogate inside a string");
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool parse_four_hex(std::uint32_t& out) {
    const std::optional<std::uint32_t> code = four_hex({at_, end_});
    if (!code) return false;
    out = *code;
    at_ += 4;
    return true;
  }

  static void append_utf8(std::string& out, std::uint32_t code) {
    const auto tail = [&out](std::uint32_t bits) {
      out += static_cast<char>(0x80 | (bits & 0x3F));
    };
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      tail(code);
    } else if (code < 0x10000) {
      out += static_cast<char>(0xE0 | code >> 12);
      tail(code >> 6);
      tail(code);
    } else {
      out += static_cast<char>(0xF0 | code >> 18);
      tail(code >> 12);
      tail(code >> 6);
      tail(code);
    }
  }

  // An unequal pair costs a comparison of lengths, nearly always.
  bool check_duplicates(Object& object) {
    if (object.size() <= kPairwise) {
      for (auto a = object.begin(); a != object.end(); ++a) {
        for (auto b = object.begin(); b != a; ++b) {
          if (a->first == b->first) return settle_duplicates(object);
        }
      }
      return true;
    }
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const auto& [key, value] : object) keys.push_back(key);
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end() || settle_duplicates(object);
  }

  // There are some. The last value takes the first one's place, as JavaScript has it.
  bool settle_duplicates(Object& object) {
    if (!limits_.allow_duplicate_keys) return refuse("two members of the object have one name");
    std::vector<std::pair<std::string_view, std::size_t>> order;
    order.reserve(object.size());
    for (const auto& [key, value] : object) order.emplace_back(key, order.size());
    std::ranges::sort(order);
    std::vector<std::size_t> source(object.size(), kDropped);
    for (std::size_t i = 0; i < order.size();) {
      std::size_t last = i;
      while (last + 1 < order.size() && order[last + 1].first == order[i].first) ++last;
      source[order[i].second] = order[last].second;
      i = last + 1;
    }
    Object kept;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] == kDropped) continue;
      auto& [key, value] = *(object.begin() + static_cast<std::ptrdiff_t>(source[i]));
      kept.append(std::move(key), std::move(value));
    }
    object = std::move(kept);
    return true;
  }

  void skip_space() {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }

  bool skip_digits() {
    const char* const start = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != start;
  }

  bool accept(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool refuse(const char* problem) {
    problem_ = problem;
    return false;
  }

  bool refuse_depth() {
    too_deep_ = true;
    return refuse("nested too deeply");
  }

  std::unexpected<Error> failure() const {
    if (too_deep_) {
      return fail(ErrorCode::too_large, "The JSON is nested deeper than " +
                                            std::to_string(limits_.max_depth) + " levels.");
    }
    return fail(
        ErrorCode::invalid_argument,
        "The JSON is faulty at byte " + std::to_string(at_ - begin_) + ": " + problem_ + ".");
  }

  static constexpr std::size_t kDropped = ~std::size_t{0};

  const char* begin_;
  const char* at_;
  const char* end_;
  const ParseLimits& limits_;
  const char* problem_ = nullptr;
  bool too_deep_ = false;
};

}  // namespace

Result<Value> parse(std::string_view text, const ParseLimits& limits) {
  if (!is_valid_utf8(text))
    return fail(ErrorCode::invalid_argument, "The JSON is not valid UTF-8.");
  return Parser(text, limits).run();
}

}  // namespace patchbay::json
