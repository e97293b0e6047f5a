#include <algorithm>
#include <compare>
#include <optional>

#include "sandbox/language/conditions.h"
#include "sandbox/language/text_pattern.h"
#include "sandbox/records/collation.h"
#include "sandbox/records/custom_fields.h"

namespace patchbay::sandbox {
namespace {

// How a value stands to a literal; nothing where they cannot be compared.
std::optional<std::partial_ordering> compare(const Cell& value, const Literal& literal) {
  if (const auto* text = std::get_if<std::string>(&literal)) {
    const auto* own = std::get_if<std::string>(&value);
    if (own == nullptr) return std::nullopt;
    return fold(*own) <=> *text;
  }
  if (const auto* flag = std::get_if<bool>(&literal)) {
    const auto* own = std::get_if<bool>(&value);
    if (own == nullptr) return std::nullopt;
    return static_cast<int>(*own) <=> static_cast<int>(*flag);
  }
  if (const auto* instant = std::get_if<Instant>(&literal)) {
    const auto* own = std::get_if<Instant>(&value);
    if (own == nullptr) return std::nullopt;
    return *own <=> *instant;
  }
  const auto* whole = std::get_if<std::int64_t>(&literal);
  const auto* fraction = std::get_if<double>(&literal);
  if (whole == nullptr && fraction == nullptr) return std::nullopt;
  if (const auto* own = std::get_if<std::int64_t>(&value); own != nullptr && whole != nullptr) {
    return *own <=> *whole;
  }
  const double right = whole != nullptr ? static_cast<double>(*whole) : *fraction;
  if (const auto* own = std::get_if<std::int64_t>(&value)) {
    return static_cast<double>(*own) <=> right;
  }
  if (const auto* own = std::get_if<double>(&value)) return *own <=> right;
  return std::nullopt;
}

// Whether a value is what the literal says. A text may say it as a pattern.
bool is_the_same(const Cell& value, const Literal& literal) {
  const auto* own = std::get_if<std::string>(&value);
  const auto* text = std::get_if<std::string>(&literal);
  if (own != nullptr && text != nullptr) {
    return matches_whole(fold(*own), *text, PatternLanguage::guide);
  }
  const auto order = compare(value, literal);
  return order && *order == 0;
}

bool is_null_literal(const Literal& literal) {
  return std::holds_alternative<std::nullptr_t>(literal);
}

bool matches_in(const Comparison& comparison, const Cell& value) {
  // As in SQL: with a null in the list, NOT IN is never true.
  if (comparison.negated && std::ranges::any_of(comparison.literals, is_null_literal)) return false;
  const bool found = std::ranges::any_of(
      comparison.literals, [&](const Literal& literal) { return is_the_same(value, literal); });
  return found != comparison.negated;
}

bool matches_text(const Comparison& comparison, const Cell& value) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* wanted = std::get_if<std::string>(&comparison.literals.front());
  if (text == nullptr || wanted == nullptr) return false;
  const std::string folded = fold(*text);
  const bool found = comparison.op == Operator::like
                         ? matches_whole(folded, *wanted, PatternLanguage::database)
                         : matches_part(folded, *wanted, PatternLanguage::guide);
  return found != comparison.negated;
}

// Walks the expression; `leaf` decides on single comparisons.
template <class Leaf>
bool evaluate(const FilterCondition& condition, const Leaf& leaf) {
  switch (condition.kind) {
    case FilterCondition::Kind::compare:
      return leaf(condition.comparison);
    case FilterCondition::Kind::all:
      return std::ranges::all_of(condition.parts,
                                 [&](const FilterCondition& part) { return evaluate(part, leaf); });
    case FilterCondition::Kind::any:
      return std::ranges::any_of(condition.parts,
                                 [&](const FilterCondition& part) { return evaluate(part, leaf); });
  }
  return false;
}

void collect(const FilterCondition& condition, std::vector<const FieldSpec*>& collections) {
  if (condition.kind == FilterCondition::Kind::compare) {
    const FieldSpec* one = condition.comparison.operand.collection;
    if (std::ranges::find(collections, one) == collections.end()) collections.push_back(one);
  }
  for (const FilterCondition& part : condition.parts) collect(part, collections);
}

// Does some element of the comparison's collection satisfy `test(row, record behind it)`?
template <class Test>
bool any_child(const Operand& operand, const Database& db, const Record& record, const Test& test) {
  const Cell& cell = record.cells[operand.column];
  if (const auto* ids = std::get_if<Ids>(&cell)) {
    const Table* target = db.find_table(operand.collection->target);
    return std::ranges::any_of(*ids, [&](std::int64_t id) {
      const Record* child = target->find(id);
      return child != nullptr && test(nullptr, child);
    });
  }
  if (const auto* rows = std::get_if<Rows>(&cell)) {
    return std::ranges::any_of(*rows, [&](const Row& row) { return test(&row, nullptr); });
  }
  return false;
}

const Comparison& first_comparison(const FilterCondition& condition) {
  const FilterCondition* at = &condition;
  while (at->kind != FilterCondition::Kind::compare) at = &at->parts.front();
  return at->comparison;
}

}  // namespace

bool matches(const Comparison& comparison, const Cell& value) {
  const Literal& literal = comparison.literals.front();
  const bool null_test = is_null_literal(literal) && comparison.op != Operator::in;
  if (null_test && comparison.op == Operator::equal) return is_null(value);
  if (null_test && comparison.op == Operator::not_equal) return !is_null(value);
  if (null_test || is_null(value)) return false;
  switch (comparison.op) {
    case Operator::in:
      return matches_in(comparison, value);
    case Operator::like:
    case Operator::contains:
      return matches_text(comparison, value);
    default:
      break;
  }
  const auto order = compare(value, literal);
  if (!order) return false;
  switch (comparison.op) {
    case Operator::equal:
      return is_the_same(value, literal);
    case Operator::not_equal:
      return !is_the_same(value, literal);
    case Operator::less:
      return *order < 0;
    case Operator::less_or_equal:
      return *order <= 0;
    case Operator::greater:
      return *order > 0;
    case Operator::greater_or_equal:
      return *order >= 0;
    default:
      return false;
  }
}

bool matches(const FilterCondition& condition, const Database& db, const Record& record) {
  Cell scratch;
  return evaluate(condition, [&](const Comparison& comparison) {
    return matches(comparison, comparison.operand.path.read(db, record, scratch));
  });
}

bool matches_children(const FilterCondition& condition, const Database& db, const Table&,
                      const Record& record) {
  Cell scratch;
  const auto holds = [&](const Comparison& comparison, const Row* row, const Record* child) {
    const FieldPath& path = comparison.operand.path;
    return matches(comparison, row != nullptr ? path.read_row(db, *row, scratch)
                                              : path.read(db, *child, scratch));
  };
  std::vector<const FieldSpec*> collections;
  collect(condition, collections);
  if (collections.size() == 1) {
    return any_child(first_comparison(condition).operand, db, record,
                     [&](const Row* row, const Record* child) {
                       return evaluate(condition, [&](const Comparison& comparison) {
                         return holds(comparison, row, child);
                       });
                     });
  }
  // Over several collections each comparison finds its own child.
  return evaluate(condition, [&](const Comparison& comparison) {
    return any_child(comparison.operand, db, record, [&](const Row* row, const Record* child) {
      return holds(comparison, row, child);
    });
  });
}

bool matches_custom_fields(const FilterCondition& condition, const Table& table,
                           const Record& record) {
  return std::ranges::any_of(
      table.resource().custom_fields, [&](const CustomFieldDefinition& definition) {
        return evaluate(condition, [&](const Comparison& comparison) {
          const std::string& member = comparison.operand.custom_member;
          if (member == "id") return matches(comparison, Cell(definition.id));
          if (member == "caption") return matches(comparison, Cell(definition.caption));
          if (member == "type") return matches(comparison, Cell(definition.type));
          return matches(comparison, custom_value(table, record, definition.id));
        });
      });
}

}  // namespace patchbay::sandbox
