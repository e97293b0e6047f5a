#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/digit.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "dialect/connectwise.h"
#include "dialect/field_path.h"

namespace patchbay::dialect::connectwise {

using integration::FieldType;

namespace {

constexpr int kMaxDepth = 24;
constexpr std::size_t kMaxListValues = 500;

constexpr std::string_view kLiteralRules =
    "Texts stand in quotes, times in square brackets as in [2026-11-22T14:00:00Z], numbers are "
    "digits, booleans true or false, and null is null.";

enum class TokenKind : std::uint8_t { end, word, op, string, number, date, open, close, comma };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // a string's content without quotes and escapes; else as written
  std::size_t place = 0;
};

std::unexpected<Error> syntax_error(std::size_t place, std::string message) {
  return fail(ErrorCode::invalid_argument,
              message + " (at character " + std::to_string(place + 1) + ")",
              "Write conditions like: board/name = \"Triage\" AND summary contains \"server\" AND "
              "dateEntered > [2026-11-22T00:00:00Z].");
}

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> next() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
    Token token;
    token.place = at_;
    if (at_ == text_.size()) return token;
    const char c = text_[at_];
    if (c == '"' || c == '\'') return string(c);
    if (c == '[') return date();
    if (is_digit(c) || c == '-') return number();
    if (is_word_start(c)) {
      token.kind = TokenKind::word;
      while (at_ < text_.size() &&
             (is_word_start(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '/')) {
        token.text += text_[at_++];
      }
      return token;
    }
    if (c == '(' || c == ')' || c == ',') {
      token.kind = c == '(' ? TokenKind::open : c == ')' ? TokenKind::close : TokenKind::comma;
      token.text = c;
      ++at_;
      return token;
    }
    for (const std::string_view op : {"!=", "<=", ">=", "=", "<", ">"}) {
      if (text_.substr(at_).starts_with(op)) {
        token.kind = TokenKind::op;
        token.text = op;
        at_ += op.size();
        return token;
      }
    }
    return syntax_error(at_, "did not expect '" + std::string(shown_character()) + "'");
  }

 private:
  std::string_view shown_character() const {
    std::size_t length = 1;
    while (at_ + length < text_.size() && (text_[at_ + length] & 0xc0) == 0x80) ++length;
    return text_.substr(at_, length);
  }

  Result<Token> string(char quote) {
    Token token{TokenKind::string, {}, at_++};
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) return token;
      const bool escape = c == '\\' && at_ < text_.size() &&
                          (text_[at_] == '"' || text_[at_] == '\'' || text_[at_] == '\\');
      token.text += escape ? text_[at_++] : c;
    }
    return syntax_error(token.place, "the text that begins here is not closed");
  }

  Result<Token> date() {
    Token token{TokenKind::date, {}, at_++};
    while (at_ < text_.size() && text_[at_] != ']') {
      token.text += text_[at_++];
    }
    if (at_ == text_.size()) {
      return syntax_error(token.place, "the time that begins here is not closed with ]");
    }
    ++at_;
    return token;
  }

  Result<Token> number() {
    Token token{TokenKind::number, {}, at_};
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == '-' ||
                                  is_word_start(text_[at_]) || text_[at_] == '+')) {
      token.text += text_[at_++];
    }
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// [2026-01-01], [2026-01-01T00:00:00Z] or [06/30/2019]; always UTC.
std::optional<std::string> canonical_date(std::string_view text) {
  text = trim(text);
  std::string american;
  if (text.size() == 10 && text[2] == '/' && text[5] == '/') {
    american = std::string(text.substr(6)) + '-' + std::string(text.substr(0, 2)) + '-' +
               std::string(text.substr(3, 2));
    text = american;
  }
  const auto time = parse_iso8601(text, TimeZone::utc());
  if (!time) return std::nullopt;
  return '[' + format_utc(*time) + ']';
}

constexpr std::string_view kCustomFields = "customFields/";
constexpr std::string_view kMembers = "members";  // the resource of the people who sign in

struct Subject {
  std::string path;
  std::optional<FieldType> type;  // nothing: unknown, any literal will do
  const std::vector<std::string>* values = nullptr;
  std::string member = {};  // the field of a member whose name or login it is; else empty
};

class Parser {
 public:
  Parser(std::string_view text, const integration::Resource& resource, ExpressionKind kind)
      : lexer_(text), resource_(resource), kind_(kind) {}

  Result<std::string> run() {
    if (auto moved = advance(); !moved) return std::unexpected(moved.error());
    if (auto parsed = expression(0); !parsed) return std::unexpected(parsed.error());
    if (token_.kind != TokenKind::end) {
      return syntax_error(token_.place, token_.kind == TokenKind::close
                                            ? "this parenthesis was never opened"
                                            : "expected AND, OR or the end");
    }
    return std::move(out_);
  }

 private:
  Result<> advance() {
    auto next = lexer_.next();
    if (!next) return std::unexpected(std::move(next.error()));
    token_ = std::move(*next);
    return {};
  }
  bool at_keyword(std::string_view keyword) const {
    return token_.kind == TokenKind::word && equal_ignoring_case(token_.text, keyword);
  }

  // The grouping stays as written: how the API binds AND against OR is its own affair.
  Result<> expression(int depth) {
    if (depth > kMaxDepth) return syntax_error(token_.place, "parentheses are nested too deeply");
    while (true) {
      if (auto parsed = term(depth); !parsed) return parsed;
      if (at_keyword("and")) {
        out_ += " AND ";
      } else if (at_keyword("or")) {
        out_ += " OR ";
      } else {
        return {};
      }
      if (auto moved = advance(); !moved) return moved;
    }
  }

  Result<> term(int depth) {
    if (token_.kind == TokenKind::open) {
      out_ += '(';
      if (auto moved = advance(); !moved) return moved;
      if (auto parsed = expression(depth + 1); !parsed) return parsed;
      if (token_.kind != TokenKind::close) return syntax_error(token_.place, "expected ')'");
      out_ += ')';
      return advance();
    }
    if (token_.kind != TokenKind::word) return syntax_error(token_.place, "expected a field name");
    if (at_keyword("not") || at_keyword("and") || at_keyword("or")) {
      return syntax_error(token_.place, "expected a field name, not " + token_.text +
                                            " (NOT stands between field and operator)");
    }
    auto subject = resolve(token_.text);
    if (!subject) return std::unexpected(std::move(subject.error()));
    out_ += subject->path;
    if (auto moved = advance(); !moved) return moved;
    return comparison(*subject);
  }

  Result<> comparison(const Subject& subject) {
    bool negated = false;
    if (at_keyword("not")) {
      negated = true;
      if (auto moved = advance(); !moved) return moved;
    }
    if (token_.kind == TokenKind::op && !negated) {
      const std::string op = token_.text;
      out_ += ' ' + op + ' ';
      if (auto moved = advance(); !moved) return moved;
      return literal(subject, op);
    }
    for (const std::string_view op : {"contains", "like", "in"}) {
      if (!at_keyword(op)) continue;
      out_ += negated ? " not " : " ";
      out_ += op;
      if (auto moved = advance(); !moved) return moved;
      if (op == "in") return list(subject);
      out_ += ' ';
      return literal(subject, op);
    }
    return syntax_error(token_.place, "expected an operator after '" + subject.path +
                                          "': = != < <= > >= contains, like or in");
  }

  Result<> list(const Subject& subject) {
    if (token_.kind != TokenKind::open) return syntax_error(token_.place, "expected '(' after in");
    out_ += " (";
    for (std::size_t count = 1;; ++count) {
      if (count > kMaxListValues) return syntax_error(token_.place, "too many values in one list");
      if (auto moved = advance(); !moved) return moved;
      if (auto read = literal(subject, "in"); !read) return read;
      if (token_.kind == TokenKind::close) break;
      if (token_.kind != TokenKind::comma) return syntax_error(token_.place, "expected ',' or ')'");
      out_ += ',';
    }
    out_ += ')';
    return advance();
  }

  // Writes the literal that the token is, if it fits field and operator.
  Result<> literal(const Subject& subject, std::string_view op) {
    const bool is_null = at_keyword("null");
    const bool is_bool = at_keyword("true") || at_keyword("false");
    const bool ordering = op.front() == '<' || op.front() == '>';
    const bool textual = op == "contains" || op == "like";
    if (is_null) {
      if (op != "=" && op != "!=")
        return misfit(subject, "null can only be compared with = and !=");
      out_ += "null";
      return advance();
    }
    if (textual && token_.kind != TokenKind::string) {
      return misfit(subject, std::string(op) + " needs a text in quotes");
    }
    if (textual && subject.type && *subject.type != FieldType::string) {
      return misfit(subject, std::string(op) + " is for texts; use = or a comparison");
    }
    Result<std::string> written = std::string();
    std::optional<FieldType> found;
    if (token_.kind == TokenKind::string) {
      if (!subject.member.empty() && equal_ignoring_case(trim(token_.text), "me")) {
        return refuse_me(subject);
      }
      found = FieldType::string;
      written = write_string(op == "like" ? as_pattern(token_.text) : token_.text);
    } else if (token_.kind == TokenKind::number) {
      if (!is_plain_number(token_.text)) {
        return misfit(subject, "'" + shown(token_.text) +
                                   "' is no number: write digits and at most "
                                   "one decimal point");
      }
      found = FieldType::number;
      written = write_literal(FieldType::number, json::Number(token_.text));
    } else if (token_.kind == TokenKind::date) {
      found = FieldType::date_time;
      const auto date = canonical_date(token_.text);
      if (!date) return misfit(subject, "'[" + shown(token_.text) + "]' is no time");
      written = *date;
    } else if (is_bool) {
      found = FieldType::boolean;
      written = to_lower(token_.text);
    } else {
      return syntax_error(
          token_.place,
          "expected a value" +
              (token_.text.empty() ? std::string() : ", not '" + shown(token_.text) + "'") + ". " +
              std::string(kLiteralRules));
    }
    if (!written) return misfit(subject, written.error().message);
    if (auto fits = check_type(subject, *found); !fits) return fits;
    if (ordering && *found == FieldType::boolean) {
      return misfit(subject, "true and false can only be compared with = and !=");
    }
    if (subject.values != nullptr && !subject.values->empty() && !textual && !ordering) {
      const auto value = std::ranges::find_if(*subject.values, [&](const std::string& known) {
        return equal_ignoring_case(known, token_.text);
      });
      if (value == subject.values->end()) {
        return misfit(subject, "'" + shown(token_.text) +
                                   "' is none of its values: " + join(*subject.values));
      }
      written = write_string(*value);
    }
    out_ += *written;
    return advance();
  }

  Result<> check_type(const Subject& subject, FieldType found) const {
    if (!subject.type) return {};
    FieldType wanted = *subject.type;
    if (wanted == FieldType::integer) wanted = FieldType::number;
    if (wanted == FieldType::date) wanted = FieldType::date_time;
    if (wanted == found) return {};
    std::string message;
    switch (wanted) {
      case FieldType::number:
        message = "is a number: write it without quotes, as in " + subject.path + " = 5";
        break;
      case FieldType::boolean:
        message = "is true or false: write " + subject.path + " = true";
        break;
      case FieldType::date_time:
        message = "is a time: write it in square brackets, as in " + subject.path +
                  " >= [2026-11-22T00:00:00Z]";
        break;
      default:
        message = "is a text: write it in quotes, as in " + subject.path + " = \"" +
                  (found == FieldType::number ? shown(token_.text) : "...") + "\"";
    }
    return misfit(subject, message);
  }

  std::unexpected<Error> misfit(const Subject& subject, const std::string& message) const {
    return fail(
        ErrorCode::invalid_argument,
        subject.path + ": " + message + " (at character " + std::to_string(token_.place + 1) + ")",
        std::string(kLiteralRules));
  }

  static std::string shown(std::string_view text) { return std::string(cut_utf8(text, 60)); }

  Result<Subject> resolve(std::string_view name) const {
    if (kind_ == ExpressionKind::custom_fields) {
      if (equal_ignoring_case(name, "caption")) return Subject{"caption", FieldType::string};
      if (equal_ignoring_case(name, "value")) return Subject{"value", std::nullopt};
      return unknown(name, "custom fields are filtered by caption and value",
                     "Write: caption = \"Region\" AND value = \"North\".");
    }
    if (kind_ == ExpressionKind::columns) return Subject{std::string(name), std::nullopt};
    const auto use =
        kind_ == ExpressionKind::children ? FieldUse::filter_children : FieldUse::filter;
    const auto found = find_path(resource_.fields, name);
    if (found && usable(*found, use)) {
      if (found->field == nullptr) return Subject{found->path, std::nullopt};
      return Subject{found->path, found->field->type, &found->field->values,
                     member_of(found->path)};
    }
    if (found && use == FieldUse::filter && found->within_array) {
      const bool custom = name.size() > kCustomFields.size() &&
                          equal_ignoring_case(name.substr(0, kCustomFields.size()), kCustomFields);
      if (custom && takes("customFieldConditions")) {
        return unknown(name, "custom fields have conditions of their own",
                       "Give customFieldConditions: caption = \"Region\" AND value = \"North\".");
      }
      return unknown(name, "it belongs to a list within the record",
                     !custom && takes("childConditions")
                         ? "Give this condition as childConditions."
                         : "This tool cannot filter by it: get the records and look at them.");
    }
    return unknown(name,
                   found && found->path.find('/') == std::string::npos && found->field != nullptr &&
                           !found->field->children.empty()
                       ? "it is a record of its own"
                       : "not a field that " + to_lower(resource_.label) + " can be filtered by",
                   did_you_mean(nearest_paths(resource_.fields, name, use, 5)));
  }

  // "owner" of "owner/identifier", where that is a member.
  std::string member_of(const std::string& path) const {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {};
    const auto* const parent = resource_.find_field(path.substr(0, slash));
    return parent != nullptr && parent->reference == kMembers ? parent->name : std::string();
  }

  // The API knows nobody of that name, and would answer with nothing.
  std::unexpected<Error> refuse_me(const Subject& subject) const {
    const auto* const list = resource_.find_method("list");
    std::string hint = "Write that member's login in its place.";
    if (list != nullptr) {
      const auto named = std::ranges::find(list->arguments, subject.member,
                                           [](const auto& each) { return each.field(); });
      if (named != list->arguments.end()) {
        hint = "Give " + named->name +
               ": \"me\" as an argument beside the conditions, or write that "
               "member's login here.";
      }
    }
    return fail(ErrorCode::invalid_argument,
                subject.path + ": \"me\" is nobody's name in an expression (at character " +
                    std::to_string(token_.place + 1) + ")",
                std::move(hint));
  }

  // Whether the resource's list has that argument; an advice to use another would mislead.
  bool takes(std::string_view argument_name) const {
    const auto* list = resource_.find_method("list");
    return list == nullptr || std::ranges::any_of(list->arguments, [&](const auto& argument) {
             return argument.name == argument_name;
           });
  }

  static std::unexpected<Error> unknown(std::string_view name, const std::string& why,
                                        std::string hint) {
    return fail(ErrorCode::invalid_argument, "cannot filter by '" + shown(name) + "': " + why,
                std::move(hint));
  }

  Lexer lexer_;
  const integration::Resource& resource_;
  ExpressionKind kind_;
  Token token_;
  std::string out_;
};

}  // namespace

Result<std::string> check_expression(std::string_view expression,
                                     const integration::Resource& resource, ExpressionKind kind) {
  if (trim(expression).empty()) return std::string();
  if (expression.size() > kMaxExpressionBytes) {
    return fail(ErrorCode::invalid_argument,
                "the expression is too long (" + std::to_string(expression.size()) + " bytes; " +
                    std::to_string(kMaxExpressionBytes) + " fit)",
                "Ask in several calls, each with part of the conditions.");
  }
  if (!is_valid_utf8(expression)) {
    return fail(ErrorCode::invalid_argument, "the expression is not valid UTF-8");
  }
  return Parser(expression, resource, kind).run();
}

}  // namespace patchbay::dialect::connectwise
