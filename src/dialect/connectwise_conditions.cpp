#include <algorithm>

#include "base/clock.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "dialect/connectwise.h"
#include "dialect/field_path.h"

namespace patchbay::dialect {

using integration::FieldType;
using integration::FilterOperator;
using integration::Wildcards;

namespace connectwise {

namespace {

bool is_utc_seconds(std::string_view text) {
  static constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !digit : text[i] != kForm[i]) return false;
  }
  return true;
}

std::unexpected<Error> wrong_kind(std::string_view wanted, const json::Value& value) {
  return fail(ErrorCode::invalid_argument,
              "expected " + std::string(wanted) + ", not " + std::string(value.kind()));
}

}  // namespace

bool is_plain_number(std::string_view token) {
  if (token.starts_with('-')) token.remove_prefix(1);
  const bool shaped =
      std::ranges::all_of(token, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return shaped && !token.empty() && token.size() <= 40 && token.front() != '.' &&
         token.back() != '.' && std::ranges::count(token, '.') <= 1;
}

Result<std::string> write_string(std::string_view text) {
  if (text.size() > kMaxLiteralBytes) {
    return fail(ErrorCode::invalid_argument,
                "a filter value of " + std::to_string(text.size()) +
                    " bytes is too long; at most " + std::to_string(kMaxLiteralBytes) + " fit",
                "Filter by a shorter, distinctive part of the text.");
  }
  if (!is_valid_utf8(text)) {
    return fail(ErrorCode::invalid_argument, "the filter value is not valid UTF-8");
  }
  if (std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
      })) {
    return fail(ErrorCode::invalid_argument,
                "a filter value cannot hold control characters such as line breaks",
                "Filter by a part of the text that stands on one line.");
  }
  if (!stands_as_written(text)) {
    return fail(ErrorCode::invalid_argument,
                "a filter value with a backslash, or with both kinds of quotes, cannot be compared "
                "exactly: how the API reads them is not known",
                "Use like: [\\] is a backslash there, _ any one character, % any others.");
  }
  const char quote = text.contains('"') ? '\'' : '"';
  return quote + std::string(text) + quote;
}

// Whoever knows escapes knows \\, \" and \'; a backslash before anything else is one for all.
bool stands_as_written(std::string_view text) {
  for (auto at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != ']') return false;
  }
  return !(text.contains('"') && text.contains('\''));
}

Result<std::string> write_literal(FieldType type, const json::Value& value) {
  if (value.is_null()) return "null";
  switch (type) {
    case FieldType::integer:
    case FieldType::number: {
      const auto* number = value.if_number();
      if (number == nullptr) return wrong_kind("a number", value);
      if (is_plain_number(number->token())) return number->token();
      if (const auto whole = value.as_int64()) return std::to_string(*whole);  // 5e3, 5.0e0
      return fail(ErrorCode::invalid_argument,
                  "write the number with digits and at most one decimal point");
    }
    case FieldType::boolean: {
      const auto* flag = value.if_bool();
      if (flag == nullptr) return wrong_kind("true or false", value);
      return *flag ? "true" : "false";
    }
    case FieldType::date_time:
    case FieldType::date: {
      const auto* text = value.if_string();
      if (text == nullptr) return wrong_kind("a time", value);
      if (is_utc_seconds(*text)) return '[' + *text + ']';
      if (const auto time = parse_iso8601(*text, TimeZone::utc())) {
        return '[' + format_utc(*time) + ']';
      }
      return fail(ErrorCode::invalid_argument, "expected a time such as 2026-11-22T14:00:00Z");
    }
    default: {
      const auto* text = value.if_string();
      if (text == nullptr) return wrong_kind("a text", value);
      return write_string(*text);
    }
  }
}

}  // namespace connectwise

namespace {

std::string_view word(FilterOperator op) {
  switch (op) {
    case FilterOperator::equal:
      return "=";
    case FilterOperator::not_equal:
      return "!=";
    case FilterOperator::less:
      return "<";
    case FilterOperator::less_or_equal:
      return "<=";
    case FilterOperator::greater:
      return ">";
    case FilterOperator::greater_or_equal:
      return ">=";
    case FilterOperator::contains:
      return "contains";
    case FilterOperator::not_contains:
      return "not contains";
    case FilterOperator::like:
      return "like";
    case FilterOperator::in:
      return "in";
    case FilterOperator::is_null:
      break;  // written as a comparison with null
    case FilterOperator::as_phone:
      break;  // write_digits
    case FilterOperator::as_email:
    case FilterOperator::as_domain:
      break;  // the gateway makes other terms of them
  }
  return "=";
}

bool reads_patterns(FilterOperator op) {
  return op == FilterOperator::contains || op == FilterOperator::not_contains ||
         op == FilterOperator::like;
}

// Definitions are read from files that anyone may write; a field that is no name is not sent.
bool is_field_path(std::string_view path) {
  if (path.empty() || path.size() > 200) return false;
  for (const auto segment : split(path, '/')) {
    const bool named = !segment.empty() && std::ranges::all_of(segment, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!named || (segment.front() >= '0' && segment.front() <= '9')) return false;
  }
  return true;
}

// The digits in their order, whatever stands between them: "%5%0%3%…". They hold nothing that a
// pattern would read as more.
Result<std::string> write_digits(const FilterTerm& term) {
  const auto* digits = term.value.if_string();
  const bool only = digits != nullptr && !digits->empty() &&
                    std::ranges::all_of(*digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!only) return fail(ErrorCode::invalid_argument, "expected digits");
  std::string pattern = "%";
  for (const char digit : *digits) {
    pattern += digit;
    pattern += '%';
  }
  return term.field + " like \"" + pattern + '"';
}

Result<std::string> write_one(const FilterTerm& term, Wildcards wildcards);

// One of several texts is enough to contain; none of them may stand there for the opposite.
Result<std::string> write_texts(const FilterTerm& term, const json::Array& texts,
                                Wildcards wildcards) {
  const bool any = term.op == FilterOperator::contains;
  std::string out;
  for (const auto& text : texts) {
    auto one = write_one({term.field, term.op, term.type, text}, wildcards);
    if (!one) return one;
    if (!out.empty()) out += any ? " OR " : " AND ";
    out += *one;
  }
  if (texts.size() > 1) out = '(' + out + ')';
  return any ? out : '(' + out + " OR " + term.field + " = null)";
}

// None of these, or nothing at all: the API compares nothing with what is missing.
Result<std::string> write_other_than(const FilterTerm& term, const json::Array& values,
                                     Wildcards wildcards) {
  std::string out;
  for (const auto& value : values) {
    auto other = connectwise::write_sameness(term.field, term.type, value, false, wildcards);
    if (!other) return other;
    out += (out.empty() ? "" : " AND ") + *other;
  }
  if (values.size() > 1) out = '(' + out + ')';
  return '(' + out + " OR " + term.field + " = null)";
}

Result<std::string> write_term(const FilterTerm& term, Wildcards wildcards) {
  const auto* list = term.value.if_array();
  if (list != nullptr && list->empty()) {
    return fail(ErrorCode::invalid_argument, "give at least one value to look for");
  }
  if (!is_field_path(term.field)) {
    return fail(ErrorCode::invalid_argument, "'" + term.field + "' is no field name");
  }
  const bool of_texts =
      term.op == FilterOperator::contains || term.op == FilterOperator::not_contains;
  if (list != nullptr && of_texts) return write_texts(term, *list, wildcards);
  if (list != nullptr && term.op == FilterOperator::not_equal) {
    return write_other_than(term, *list, wildcards);
  }
  return write_one(term, wildcards);
}

Result<std::string> write_one(const FilterTerm& term, Wildcards wildcards) {
  if (term.op == FilterOperator::is_null) {
    const bool* absent = term.value.if_bool();
    if (absent == nullptr) return fail(ErrorCode::invalid_argument, "expected true or false");
    return term.field + (*absent ? " = null" : " != null");
  }
  if (term.op == FilterOperator::as_phone) return write_digits(term);
  const std::string head = term.field + ' ' + std::string(word(term.op)) + ' ';
  const auto* list = term.value.if_array();
  if (term.op == FilterOperator::in || list != nullptr) {
    if (list == nullptr) return head + "()";
    if (term.op != FilterOperator::in && term.op != FilterOperator::equal) {
      return fail(ErrorCode::invalid_argument, "takes one value, not several");
    }
    return connectwise::write_one_of(term.field, term.type, *list, wildcards);
  }
  if (term.value.is_null() && term.op != FilterOperator::equal &&
      term.op != FilterOperator::not_equal) {
    return fail(ErrorCode::invalid_argument, "null can only be compared with = and !=");
  }
  if (term.op == FilterOperator::equal || term.op == FilterOperator::not_equal) {
    return connectwise::write_sameness(term.field, term.type, term.value,
                                       term.op == FilterOperator::equal, wildcards);
  }
  const bool contains = term.op == FilterOperator::contains;
  if (contains || term.op == FilterOperator::not_contains) {
    const std::string* text = term.value.if_string();
    if (text != nullptr && !connectwise::stands_as_written(*text) &&
        wildcards != Wildcards::nowhere) {
      return connectwise::write_containing(term.field, *text, contains);
    }
  }
  auto literal = reads_patterns(term.op)
                     ? connectwise::write_pattern(term.type, term.value, wildcards)
                     : connectwise::write_literal(term.type, term.value);
  if (!literal) return std::unexpected(std::move(literal.error()));
  return head + *literal;
}

// "k < v", with the nulls that sort lowest, or "" if nothing can lie beyond.
Result<std::string> strictly_beyond(const OrderKey& key, const json::Value& value) {
  if (value.is_null()) return key.descending ? std::string() : key.field + " != null";
  if (key.type == FieldType::boolean) {
    const auto* flag = value.if_bool();
    if (flag == nullptr) return fail(ErrorCode::invalid_argument, "expected true or false");
    if (key.descending) {
      return *flag ? "(" + key.field + " = false OR " + key.field + " = null)"
                   : key.field + " = null";
    }
    return *flag ? std::string() : key.field + " = true";
  }
  auto literal = connectwise::write_literal(key.type, value);
  if (!literal) return std::unexpected(std::move(literal.error()));
  if (!key.descending) return key.field + " > " + *literal;
  return key.field + " < " + *literal;
}

// Whether an OR stands outside all parentheses. For expressions that this dialect wrote.
bool has_open_or(std::string_view expression) {
  int depth = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '"' || c == '\'') {
      for (++i; i < expression.size() && expression[i] != c; ++i) {
      }
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (depth == 0 && expression.substr(i).starts_with(" OR ")) {
      return true;
    }
  }
  return false;
}

class ConnectwiseFilter final : public FilterDialect {
 public:
  explicit ConnectwiseFilter(Wildcards wildcards) : wildcards_(wildcards) {}

  Result<std::string> write(const std::vector<FilterTerm>& terms) const override {
    std::string out;
    for (const auto& term : terms) {
      auto written = write_term(term, wildcards_);
      if (!written) return written;
      if (!out.empty()) out += " AND ";
      out += *written;
    }
    if (out.size() > connectwise::kMaxExpressionBytes) {
      return fail(ErrorCode::invalid_argument,
                  "the filters together are too long (" + std::to_string(out.size()) + " bytes; " +
                      std::to_string(connectwise::kMaxExpressionBytes) + " fit)",
                  "Ask in several calls, each with part of the values.");
    }
    return out;
  }

  Result<std::string> check(std::string_view expression, const integration::Resource& resource,
                            ExpressionKind kind) const override {
    return connectwise::check_expression(expression, resource, kind);
  }

  std::optional<ExpressionKind> expression_of(std::string_view parameter) const override {
    if (parameter == "conditions") return ExpressionKind::conditions;
    if (parameter == "childConditions") return ExpressionKind::children;
    if (parameter == "customFieldConditions") return ExpressionKind::custom_fields;
    return std::nullopt;
  }

  std::string_view parameter_of(ExpressionKind kind) const override {
    switch (kind) {
      case ExpressionKind::conditions:
      case ExpressionKind::columns:
        return "conditions";
      case ExpressionKind::children:
        return "childConditions";
      case ExpressionKind::custom_fields:
        return "customFieldConditions";
    }
    return {};
  }

  std::string both(std::string_view left, std::string_view right) const override {
    if (left.empty()) return std::string(right);
    if (right.empty()) return std::string(left);
    const std::string first = has_open_or(left) ? '(' + std::string(left) + ')' : std::string(left);
    return first + " AND (" + std::string(right) + ')';
  }

  Result<std::string> beyond(const std::vector<OrderKey>& order,
                             const Position& position) const override {
    if (order.empty() || order.size() != position.size()) {
      return fail(ErrorCode::invalid_argument, "the position does not fit the order");
    }
    // From the last key inwards: k1 beyond, or k1 the same and (k2 beyond, or …).
    std::string out;
    for (std::size_t i = order.size(); i-- > 0;) {
      const OrderKey& key = order[i];
      if (!is_field_path(key.field)) {
        return fail(ErrorCode::invalid_argument, "'" + key.field + "' is no field name");
      }
      auto beyond_key = strictly_beyond(key, position[i]);
      if (!beyond_key) return beyond_key;
      const bool last = i + 1 == order.size();
      // An id is never null: only the keys before it need the nulls that come after every value.
      if (!last && key.descending && !position[i].is_null() && key.type != FieldType::boolean) {
        *beyond_key += " OR " + key.field + " = null";
      }
      if (last) {
        out = std::move(*beyond_key);
        continue;
      }
      auto same = connectwise::write_sameness(key.field, key.type, position[i], true, wildcards_);
      if (!same) return same;
      std::string tie =
          '(' + *same + " AND " + (out.contains(" OR ") ? '(' + out + ')' : out) + ')';
      out = beyond_key->empty() ? std::move(tie) : *beyond_key + " OR " + tie;
    }
    return out;
  }

  std::string write_order(const std::vector<OrderKey>& order) const override {
    std::string out;
    for (const auto& key : order) {
      if (!out.empty()) out += ", ";
      out += key.field + (key.descending ? " desc" : " asc");
    }
    return out;
  }

  Result<std::vector<OrderKey>> parse_order(std::string_view text,
                                            const integration::Resource& resource) const override {
    std::vector<OrderKey> order;
    for (const auto part : split(text, ',')) {
      const auto words = trim(part);
      if (words.empty()) continue;
      const auto space = words.find_first_of(" \t");
      const auto name = words.substr(0, space);
      const auto direction =
          space == std::string_view::npos ? std::string_view() : trim(words.substr(space));
      if (!direction.empty() && !equal_ignoring_case(direction, "asc") &&
          !equal_ignoring_case(direction, "desc")) {
        return fail(ErrorCode::invalid_argument,
                    "'" + std::string(cut_utf8(direction, 40)) + "' is no direction",
                    "Write a field name followed by asc or desc, as in \"id desc\".");
      }
      const auto found = find_path(resource.fields, name);
      if (!found || !usable(*found, FieldUse::sort) || !is_field_path(found->path)) {
        return fail(ErrorCode::invalid_argument,
                    "cannot order by '" + std::string(cut_utf8(name, 80)) + "'",
                    did_you_mean(nearest_paths(resource.fields, name, FieldUse::sort, 5)));
      }
      const auto same_field = [&](const OrderKey& key) { return key.field == found->path; };
      if (std::ranges::any_of(order, same_field)) continue;
      order.push_back({found->path,
                       found->field != nullptr ? found->field->type : FieldType::string,
                       equal_ignoring_case(direction, "desc")});
    }
    if (order.size() > 4) {
      return fail(ErrorCode::invalid_argument, "order by at most four fields");
    }
    return order;
  }

 private:
  const Wildcards wildcards_;
};

}  // namespace

const FilterDialect& connectwise_filter(Wildcards wildcards) {
  static const ConnectwiseFilter everywhere(Wildcards::everywhere);
  static const ConnectwiseFilter in_patterns(Wildcards::in_patterns);
  static const ConnectwiseFilter nowhere(Wildcards::nowhere);
  switch (wildcards) {
    case Wildcards::in_patterns:
      return in_patterns;
    case Wildcards::nowhere:
      return nowhere;
    case Wildcards::everywhere:
      break;
  }
  return everywhere;
}

std::vector<std::string> filter_dialects() {
  return {std::string(kConnectwiseConditions)};
}

const FilterDialect* find_filter_dialect(std::string_view name, Wildcards wildcards) {
  if (name == kConnectwiseConditions) return &connectwise_filter(wildcards);
  return nullptr;
}

}  // namespace patchbay::dialect
