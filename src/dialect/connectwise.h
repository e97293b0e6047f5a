// The one place outside the definitions that knows how ConnectWise PSA speaks. Split over
// connectwise_*.cpp by concern; nothing else includes this but the look-ups by name.
//
// The language of `conditions`, as far as it is documented. Nobody documents escapes; working
// clients write \" and \', but whether the parser knows them, and what it makes of other
// backslashes, only they witness. So nothing is escaped: a text stands in the kind of quotes that
// it does not hold, and what no kind would do for is compared by a pattern.
//   expr   := term ((AND|OR) term)*          keywords in any case
//   term   := field op literal | field [NOT] CONTAINS|LIKE literal | field [NOT] IN (lit, …)
//           | '(' expr ')'
//   field  := name ('/' name)*               in any case
//   string := "…" or '…', with * for any characters; in brackets a character is itself: [[] [*]
//   date := [2026-01-01T00:00:00Z]    number, true, false, null
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::dialect {

inline constexpr std::string_view kConnectwiseConditions = "connectwise_conditions";
inline constexpr std::string_view kConnectwiseErrors = "connectwise";

const FilterDialect& connectwise_filter(integration::Wildcards wildcards);
const Conventions& connectwise_conventions();

namespace connectwise {

// The expression travels in the URL, which the definition limits to 14,000 bytes: an escaped byte
// costs three, and fields and order need their share.
inline constexpr std::size_t kMaxExpressionBytes = 4096;
// No field that can be filtered by holds more; summaries end at 100.
inline constexpr std::size_t kMaxLiteralBytes = 1000;

// A literal of that type. Errors: invalid_argument (a value of another type, a control character,
// broken UTF-8, an overlong text).
Result<std::string> write_literal(integration::FieldType type, const json::Value& value);
Result<std::string> write_string(std::string_view text);
// Whether a text means itself between quotes, whatever the parser makes of backslashes.
bool stands_as_written(std::string_view text);
// A pattern of the text that does: with [\] for a backslash, and where both kinds of quotes stand
// in it, with _, any one character, for the double ones.
std::string as_pattern(std::string_view text);

// connectwise_patterns.cpp: how a value is compared that is meant as it stands.
// "summary = \"x\"", "summary like \"[*]\"": negated with `not`. `value` is one value.
Result<std::string> write_sameness(std::string_view field, integration::FieldType type,
                                   const json::Value& value, bool same,
                                   integration::Wildcards wildcards);
// One of the values: "summary in (\"x\",\"y\")".
Result<std::string> write_one_of(std::string_view field, integration::FieldType type,
                                 const json::Array& values, integration::Wildcards wildcards);
// `contains` of what stands for itself in no kind of quotes: "summary like \"%C:_x%\"".
Result<std::string> write_containing(std::string_view field, std::string_view text, bool contains);
// The literal for `contains` and `like`.
Result<std::string> write_pattern(integration::FieldType type, const json::Value& value,
                                  integration::Wildcards wildcards);

// "numbers should consist of only digits, and optionally a decimal point and a negation sign"
bool is_plain_number(std::string_view token);

// connectwise_parser.cpp: see FilterDialect::check.
Result<std::string> check_expression(std::string_view expression,
                                     const integration::Resource& resource, ExpressionKind kind);

}  // namespace connectwise

}  // namespace patchbay::dialect
