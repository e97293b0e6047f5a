#include "sandbox/language/conditions_lexer.h"

#include <fmt/core.h>

#include "base/digit.h"
#include "base/text.h"

namespace patchbay::sandbox {

const std::string_view kLiteralGuide =
    "String values should be enclosed with double or single quotes; DateTime values should be "
    "enclosed in square brackets; numbers should consist of only digits, and optionally a decimal "
    "point and a negation sign; boolean values should be indicated with the keywords true or "
    "false; null values should be indicated by the keyword null.";

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_name(char c) {
  return starts_name(c) || is_digit(c) || c == '/' || c == '.';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  ApiResult<std::vector<ConditionToken>> run() {
    while (true) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      start_ = at_;
      if (at_ == text_.size()) {
        add(ConditionTokenKind::end, {});
        return std::move(tokens_);
      }
      if (auto read = next(); !read) return std::unexpected(std::move(read.error()));
    }
  }

 private:
  ApiResult<void> next() {
    const char c = text_[at_];
    switch (c) {
      case '(':
        return single(ConditionTokenKind::open);
      case ')':
        return single(ConditionTokenKind::close);
      case ',':
        return single(ConditionTokenKind::comma);
      case '"':
      case '\'':
        return string(c);
      case '[':
        return date_time();
      case '=':
        return single(ConditionTokenKind::compare);
      case '<':
      case '>':
        return compare(true);
      case '!':
        return compare(false);
      default:
        break;
    }
    if (starts_name(c)) return run_of(ConditionTokenKind::name, in_name);
    if (is_digit(c) || c == '-') return number();
    return unexpected_at(start_);
  }

  ApiResult<void> single(ConditionTokenKind kind) {
    add(kind, std::string(text_.substr(at_++, 1)));
    return {};
  }

  ApiResult<void> run_of(ConditionTokenKind kind, bool (*belongs)(char)) {
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    add(kind, std::string(text_.substr(start_, at_ - start_)));
    return {};
  }

  ApiResult<void> compare(bool alone_is_fine) {
    const bool with_equals = at_ + 1 < text_.size() && text_[at_ + 1] == '=';
    if (!with_equals && !alone_is_fine) return unexpected_at(start_);
    at_ += with_equals ? 2 : 1;
    add(ConditionTokenKind::compare, std::string(text_.substr(start_, at_ - start_)));
    return {};
  }

  ApiResult<void> number() {
    if (text_[at_] == '-') ++at_;
    const std::size_t digits = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ == digits) return unexpected_at(start_);
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    if (at_ < text_.size() && in_name(text_[at_])) return unexpected_at(at_);
    add(ConditionTokenKind::number, std::string(text_.substr(start_, at_ - start_)));
    return {};
  }

  // A backslash lets either quote and itself stand in the text; before anything else it is itself.
  ApiResult<void> string(char quote) {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        add(ConditionTokenKind::string, std::move(value));
        return {};
      }
      if (c == '\\' && at_ + 1 < text_.size() &&
          (text_[at_ + 1] == '"' || text_[at_ + 1] == '\'' || text_[at_ + 1] == '\\')) {
        value += text_[++at_];
      } else {
        value += c;
      }
    }
    return std::unexpected(bad_condition(fmt::format(
        "The string that starts at position {} has no end. {}", start_, kLiteralGuide)));
  }

  ApiResult<void> date_time() {
    const std::size_t close = text_.find(']', at_);
    if (close == std::string_view::npos) return unexpected_at(start_);
    at_ = close + 1;
    add(ConditionTokenKind::date_time,
        std::string(trim(text_.substr(start_ + 1, close - start_ - 1))));
    return {};
  }

  std::unexpected<ApiError> unexpected_at(std::size_t position) const {
    return std::unexpected(bad_condition(
        fmt::format("Unexpected character at position {}. {}", position, kLiteralGuide)));
  }

  void add(ConditionTokenKind kind, std::string value) {
    tokens_.push_back({kind, std::move(value), start_});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  std::vector<ConditionToken> tokens_;
};

}  // namespace

bool ConditionToken::is_keyword(std::string_view word) const {
  return kind == ConditionTokenKind::name && equal_ignoring_case(value, word);
}

ApiResult<std::vector<ConditionToken>> tokenize(std::string_view conditions) {
  return Lexer(conditions).run();
}

}  // namespace patchbay::sandbox
