// JSON Schema (the part of 2020-12 that tools use), compiled to a flat plan and checked in one
// walk.
//
// Keywords: type, enum, const, required, properties, additionalProperties, items, prefixItems,
// minItems, maxItems, uniqueItems, minLength, maxLength, pattern (RE2: linear time), minimum,
// maximum, exclusiveMinimum, exclusiveMaximum, multipleOf (exact, on the decimal text),
// minProperties, maxProperties, anyOf, oneOf, allOf, not, if/then/else, $ref within the document
// (cycles are found at compile time or bounded by depth), $defs, format (date, date-time, email,
// uri, uuid). An unknown keyword is ignored, as 2020-12 section 4.3.1 says.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::schema {

// What is wrong with one place of a value, said for a model: what, received, accepted, next step.
struct Violation {
  std::string path;     // "" for the root, else "board" or "lines[2].quantity"
  std::string keyword;  // "type", "required", "additionalProperties", …
  std::string message;  // "must be one of Low, Medium, High; got 'Urgent'"
};

struct CoerceOptions {
  // "5" for an integer, 5 for a string, "true" for a boolean, "a" for an array of strings.
  bool mend_harmless_misfits = true;
};

class Validator {
 public:
  // Errors: invalid_argument (a malformed schema; the message has the JSON pointer).
  static Result<Validator> compile(const json::Value& schema);

  // All violations at once, up to 20. Empty: valid. Mends `value` in place where asked.
  std::vector<Violation> check(json::Value& value, const CoerceOptions& options) const;
  std::vector<Violation> check(const json::Value& value) const;

  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;
  ~Validator();

 private:
  struct Plan;
  explicit Validator(std::unique_ptr<const Plan> plan);
  std::unique_ptr<const Plan> plan_;
};

}  // namespace patchbay::schema
