// The vendor's filter language: conditions, childConditions and customFieldConditions.
//
//   expression := and_terms (OR and_terms)*          AND binds tighter than OR, as in SQL
//   and_terms  := term (AND term)*
//   term       := '(' expression ')' | name comparison
//   comparison := (= != < <= > >=) literal | [NOT] (LIKE | CONTAINS) literal
//               | [NOT] IN '(' literal, … ')'
//
// Text compares without regard to case, and what is looked for may be a pattern (text_pattern.h). A
// null matches nothing but `= null`, as in SQL.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sandbox/language/filter_names.h"
#include "sandbox/records/api_error.h"

namespace patchbay::sandbox {

enum class Operator : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  like,
  contains,
  in,
};

// Text is folded when it is read.
using Literal = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Instant>;

// What a name in the expression stands for.
struct Operand {
  FieldPath path;                         // on the record, or within a child collection's row
  const FieldSpec* collection = nullptr;  // set for childConditions: which collection
  std::size_t column = 0;                 // of the collection
  std::string custom_member;              // set for customFieldConditions: "caption", "value", …
};

struct Comparison {
  Operand operand;
  Operator op = Operator::equal;
  bool negated = false;  // NOT before LIKE, CONTAINS, IN
  std::vector<Literal> literals;
};

struct FilterCondition {
  enum class Kind : std::uint8_t { compare, all, any };
  Kind kind = Kind::compare;
  Comparison comparison;
  std::vector<FilterCondition> parts;
};

// Which of the three parameters is being read: they differ in the names that they know.
enum class ConditionScope : std::uint8_t { record, children, custom_fields };

// At most this many nested parentheses.
inline constexpr int kMaxConditionDepth = 100;

ApiResult<FilterCondition> parse_conditions(std::string_view text, const Database& db,
                                            const Table& table, ConditionScope scope);

// Does one value satisfy the comparison? (Shared by all scopes, and by tests.)
bool matches(const Comparison& comparison, const Cell& value);

bool matches(const FilterCondition& condition, const Database& db, const Record& record);
// One row (or referred record) of a collection must satisfy the whole expression.
bool matches_children(const FilterCondition& condition, const Database& db, const Table& table,
                      const Record& record);
// One custom field of the record must satisfy the whole expression.
bool matches_custom_fields(const FilterCondition& condition, const Table& table,
                           const Record& record);

}  // namespace patchbay::sandbox
