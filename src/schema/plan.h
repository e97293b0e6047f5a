// A compiled schema: a flat list of checks that name each other by index, so that a recursive
// schema is a loop of indexes and not of pointers. Seen by this room only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "base/decimal.h"
#include "json/value.h"
#include "schema/format.h"
#include "schema/validator.h"

namespace patchbay::schema {

// Bits of the JSON kinds. `integer` is a number without a fraction.
using Types = std::uint8_t;
inline constexpr Types kNull = 1U << 0U;
inline constexpr Types kBoolean = 1U << 1U;
inline constexpr Types kInteger = 1U << 2U;
inline constexpr Types kNumber = 1U << 3U;
inline constexpr Types kString = 1U << 4U;
inline constexpr Types kArray = 1U << 5U;
inline constexpr Types kObject = 1U << 6U;
inline constexpr Types kAnyType = 0x7f;

using CheckIndex = std::uint32_t;
inline constexpr CheckIndex kNoCheck = UINT32_MAX;

// enum, or const as an enum of one.
struct ValueRule {
  bool is_const = false;
  std::vector<json::Value> values;
  std::vector<std::string> canonical;  // of each value, see canonical()
};

struct NumberRule {
  std::optional<Decimal> minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
  // As the schema writes them, for messages.
  std::string minimum_text, maximum_text, multiple_of_text;
};

struct StringRule {
  std::optional<std::int64_t> min_length, max_length;  // in characters
  std::unique_ptr<RE2> pattern;
  Format format = Format::none;
};

struct ArrayRule {
  std::vector<CheckIndex> prefix;
  CheckIndex items = kNoCheck;
  std::optional<std::int64_t> min_items, max_items;
  bool unique = false;
};

struct ObjectRule {
  std::vector<std::pair<std::string, CheckIndex>> properties;  // sorted by name
  std::vector<std::string> names;  // in the schema's order, for messages
  std::vector<std::string> required;
  CheckIndex additional = kNoCheck;
  bool closed = false;  // additionalProperties: false
  std::optional<std::int64_t> min_properties, max_properties;
};

// What applies to the same value: allOf with $ref, anyOf, oneOf, not, if/then/else.
struct BranchRule {
  std::vector<CheckIndex> all, any, one;
  CheckIndex negated = kNoCheck;
  CheckIndex condition = kNoCheck, then = kNoCheck, otherwise = kNoCheck;
};

// Small, since a catalog has tens of thousands: a rule that a schema does not use costs a pointer.
struct Check {
  Types types = kAnyType;
  bool never = false;  // the schema `false`
  std::unique_ptr<const ValueRule> value;
  std::unique_ptr<const NumberRule> number;
  std::unique_ptr<const StringRule> string;
  std::unique_ptr<const ArrayRule> array;
  std::unique_ptr<const ObjectRule> object;
  std::unique_ptr<const BranchRule> branch;
};

struct Validator::Plan {
  std::vector<Check> checks;  // the root is the first
};

// The kinds of a value: a whole number is both integer and number.
Types types_of(const json::Value& value);

// One text per value, whatever its members' order and its numbers' spelling.
std::string canonical(const json::Value& value);

// Writes 5012.0 and 5e3 as the plain integers they are: texts of numbers end up in addresses.
void mend_integer(json::Value& value);

// Makes a value fit `types` (or the rule's values) where nothing is lost by it. Returns whether it
// changed the value.
bool mend_type(json::Value& value, Types types);
bool mend_spelling(json::Value& value, const ValueRule& rule);

// ---- messages ----
std::string describe_types(Types types);               // "an integer or null"
std::string describe_value(const json::Value& value);  // "the text 'abc'", "the array [1,2]"
std::string describe_values(const ValueRule& rule);    // "Low, Medium, High"

}  // namespace patchbay::schema
