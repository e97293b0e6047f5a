#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/language/conditions.h"
#include "sandbox/language/conditions_lexer.h"
#include "sandbox/language/date_literal.h"
#include "sandbox/records/collation.h"

namespace patchbay::sandbox {
namespace {

// What a field's literals must be, in the words of the vendor's message.
std::string_view kind_of(const Operand& operand) {
  if (!operand.custom_member.empty()) return {};  // the value's type is the custom field's
  switch (operand.path.last().kind) {
    case FieldKind::boolean:
      return "boolean";
    case FieldKind::integer:
    case FieldKind::decimal:
      return "numeric";
    case FieldKind::date_time:
      return "datetime";
    default:
      return "string";
  }
}

std::string_view kind_of(const ConditionToken& token) {
  switch (token.kind) {
    case ConditionTokenKind::string:
      return "string";
    case ConditionTokenKind::number:
      return "numeric";
    case ConditionTokenKind::date_time:
      return "datetime";
    case ConditionTokenKind::name:
      if (token.is_keyword("true") || token.is_keyword("false")) return "boolean";
      if (token.is_keyword("null")) return "null";
      return "name";
    case ConditionTokenKind::end:
      return "end of expression";
    default:
      return "symbol";
  }
}

class Parser {
 public:
  Parser(std::vector<ConditionToken> tokens, const Database& db, const Table& table,
         ConditionScope scope)
      : tokens_(std::move(tokens)), db_(db), table_(table), scope_(scope) {}

  ApiResult<FilterCondition> run() {
    ApiResult<FilterCondition> whole = expression(0);
    if (!whole) return whole;
    if (peek().kind != ConditionTokenKind::end) return std::unexpected(unexpected_token());
    return whole;
  }

 private:
  ApiResult<FilterCondition> expression(int depth) {
    return joined("or", FilterCondition::Kind::any, depth);
  }

  ApiResult<FilterCondition> joined(std::string_view word, FilterCondition::Kind kind, int depth) {
    FilterCondition result{kind, {}, {}};
    while (true) {
      ApiResult<FilterCondition> part = kind == FilterCondition::Kind::any
                                            ? joined("and", FilterCondition::Kind::all, depth)
                                            : term(depth);
      if (!part) return part;
      result.parts.push_back(std::move(*part));
      if (!peek().is_keyword(word)) break;
      ++at_;
    }
    if (result.parts.size() == 1) return std::move(result.parts.front());
    return result;
  }

  ApiResult<FilterCondition> term(int depth) {
    if (peek().kind == ConditionTokenKind::open) {
      if (depth >= kMaxConditionDepth) {
        return std::unexpected(bad_condition("The conditions are nested too deeply."));
      }
      ++at_;
      ApiResult<FilterCondition> inside = expression(depth + 1);
      if (!inside) return inside;
      if (peek().kind != ConditionTokenKind::close) return std::unexpected(unexpected_token());
      ++at_;
      return inside;
    }
    if (peek().kind != ConditionTokenKind::name) return std::unexpected(unexpected_token());
    FilterCondition result;
    const std::string name = take().value;
    ApiResult<Operand> operand = resolve(name);
    if (!operand) return std::unexpected(std::move(operand.error()));
    result.comparison.operand = std::move(*operand);
    if (auto done = comparison(result.comparison); !done) {
      return std::unexpected(std::move(done.error()));
    }
    return result;
  }

  ApiResult<void> comparison(Comparison& out) {
    if (peek().kind == ConditionTokenKind::compare) {
      const std::string symbol = take().value;
      out.op = symbol == "="    ? Operator::equal
               : symbol == "!=" ? Operator::not_equal
               : symbol == "<"  ? Operator::less
               : symbol == "<=" ? Operator::less_or_equal
               : symbol == ">"  ? Operator::greater
                                : Operator::greater_or_equal;
      return literal(out);
    }
    if (peek().is_keyword("not")) {
      out.negated = true;
      ++at_;
    }
    if (peek().is_keyword("like") || peek().is_keyword("contains")) {
      out.op = take().is_keyword("like") ? Operator::like : Operator::contains;
      return literal(out);
    }
    if (peek().is_keyword("in")) {
      ++at_;
      out.op = Operator::in;
      return list(out);
    }
    return std::unexpected(unexpected_token());
  }

  ApiResult<void> list(Comparison& out) {
    if (peek().kind != ConditionTokenKind::open) return std::unexpected(unexpected_token());
    do {
      ++at_;  // the parenthesis or the comma
      if (auto read = literal(out); !read) return read;
    } while (peek().kind == ConditionTokenKind::comma);
    if (peek().kind != ConditionTokenKind::close) return std::unexpected(unexpected_token());
    ++at_;
    return {};
  }

  // Reads one literal and checks that the operand can be compared with it.
  ApiResult<void> literal(Comparison& out) {
    const ConditionToken& token = peek();
    const std::string_view got = kind_of(token);
    std::string_view wanted = kind_of(out.operand);
    const bool matches_text = out.op == Operator::like || out.op == Operator::contains;
    if (matches_text) wanted = "string";
    const bool is_literal = got == "string" || got == "numeric" || got == "datetime" ||
                            got == "boolean" || got == "null";
    if (!is_literal || (!wanted.empty() && got != wanted && got != "null")) {
      return std::unexpected(
          bad_condition(fmt::format("Expected a {} value, not a {}. {}",
                                    wanted.empty() ? "literal" : wanted, got, kLiteralGuide)));
    }
    if (auto fits = check_choice(out.operand, token); !fits) return fits;
    ++at_;
    return convert(token, got, out.literals);
  }

  static ApiResult<void> check_choice(const Operand& operand, const ConditionToken& token) {
    if (!operand.custom_member.empty() || operand.path.last().kind != FieldKind::choice ||
        token.kind != ConditionTokenKind::string) {
      return {};
    }
    for (const std::string_view one : operand.path.last().choices) {
      if (equal_ignoring_case(one, token.value)) return {};
    }
    return std::unexpected(bad_condition("Enum value supplied was invalid"));
  }

  static ApiResult<void> convert(const ConditionToken& token, std::string_view kind,
                                 std::vector<Literal>& literals) {
    if (kind == "null") {
      literals.emplace_back(nullptr);
    } else if (kind == "boolean") {
      literals.emplace_back(token.is_keyword("true"));
    } else if (kind == "string") {
      literals.emplace_back(fold(token.value));
    } else if (kind == "numeric") {
      if (const auto whole = parse_int64(token.value)) {
        literals.emplace_back(*whole);
      } else {
        literals.emplace_back(std::strtod(token.value.c_str(), nullptr));
      }
    } else {
      const std::optional<Instant> instant = parse_date_literal(token.value);
      if (!instant) {
        return std::unexpected(bad_condition("String was not recognized as a valid DateTime."));
      }
      literals.emplace_back(*instant);
    }
    return {};
  }

  ApiResult<Operand> resolve(std::string_view name) const {
    Operand operand;
    if (scope_ == ConditionScope::record) {
      if (auto path = find_filterable(db_, table_, name)) {
        operand.path = std::move(*path);
        return operand;
      }
    } else if (scope_ == ConditionScope::children) {
      if (auto child = find_in_children(db_, table_, name)) {
        operand.path = std::move(child->inside);
        operand.collection = child->collection;
        operand.column = child->column;
        return operand;
      }
    } else {
      for (const std::string_view member : {"id", "caption", "type", "value"}) {
        if (equal_ignoring_case(member, name)) {
          operand.custom_member = member;
          return operand;
        }
      }
    }
    return std::unexpected(unknown_name(name));
  }

  ApiError unexpected_token() const {
    return bad_condition(fmt::format("Unexpected {} at position {}. {}", kind_of(peek()),
                                     peek().position, kLiteralGuide));
  }

  const ConditionToken& peek() const { return tokens_[at_]; }
  const ConditionToken& take() { return tokens_[at_++]; }

  std::vector<ConditionToken> tokens_;
  std::size_t at_ = 0;
  const Database& db_;
  const Table& table_;
  ConditionScope scope_;
};

}  // namespace

ApiResult<FilterCondition> parse_conditions(std::string_view text, const Database& db,
                                            const Table& table, ConditionScope scope) {
  auto tokens = tokenize(text);
  if (!tokens) return std::unexpected(std::move(tokens.error()));
  return Parser(std::move(*tokens), db, table, scope).run();
}

}  // namespace patchbay::sandbox
