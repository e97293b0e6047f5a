// Filter languages: typed filters, raw expressions and keyset positions to one safe expression.
// Every value is written as a literal of its type and escaped: no value can change the meaning.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::dialect {

// One typed filter, already validated and resolved: field path, operator, literal.
struct FilterTerm {
  std::string field;  // "board/name"
  integration::FilterOperator op = integration::FilterOperator::equal;
  integration::FieldType type = integration::FieldType::string;
  // Of `as_phone`: the digits alone, which the API is to find in any spelling.
  json::Value value;  // string, number, boolean, null, or an array for `in`; times as UTC ISO text
};

struct OrderKey {
  std::string field;
  integration::FieldType type = integration::FieldType::string;
  bool descending = false;
  bool operator==(const OrderKey&) const = default;
};

// The last record's place in the order: one value per key; null where the record has none.
using Position = std::vector<json::Value>;

// Which of an API's expressions is meant; they differ in the names that may stand in them.
enum class ExpressionKind : std::uint8_t {
  conditions,     // about the record's own fields
  children,       // about the fields of its array members
  custom_fields,  // about its custom fields, by caption
  columns,        // about columns that the API alone knows: any name, and any literal
};

class FilterDialect {
 public:
  virtual ~FilterDialect() = default;

  // The expression that all terms ANDed make; "" for none. A text stands for itself: wildcards are
  // for those who write raw expressions. Errors: invalid_argument (a value that
  // the language cannot express).
  virtual Result<std::string> write(const std::vector<FilterTerm>& terms) const = 0;

  // Parses a caller's raw expression against the resource's fields and writes it again in canonical
  // form. Errors: invalid_argument with the nearest names for an unknown field, what was expected
  // for a wrong literal, and the place for a syntax error.
  virtual Result<std::string> check(std::string_view expression,
                                    const integration::Resource& resource,
                                    ExpressionKind kind = ExpressionKind::conditions) const = 0;

  // The kind of expression that an API's parameter of that name takes; nothing if it takes none.
  virtual std::optional<ExpressionKind> expression_of(std::string_view parameter) const = 0;

  // The other way round; "" where the API has no parameter of its own for them.
  virtual std::string_view parameter_of(ExpressionKind kind) const = 0;

  // Both must hold; either may be empty.
  virtual std::string both(std::string_view left, std::string_view right) const = 0;

  // What lies beyond `position` in the order. Nulls sort lowest. The last key must be unique.
  // Error: invalid_argument (a value that the language cannot express).
  virtual Result<std::string> beyond(const std::vector<OrderKey>& order,
                                     const Position& position) const = 0;

  // "lastUpdated desc, id desc"
  virtual std::string write_order(const std::vector<OrderKey>& order) const = 0;
  virtual Result<std::vector<OrderKey>> parse_order(
      std::string_view text, const integration::Resource& resource) const = 0;
};

// The names that there are.
std::vector<std::string> filter_dialects();
// Null if there is no dialect of that name. `wildcards`: what the API makes of texts.
const FilterDialect* find_filter_dialect(
    std::string_view name, integration::Wildcards wildcards = integration::Wildcards::everywhere);

}  // namespace patchbay::dialect
