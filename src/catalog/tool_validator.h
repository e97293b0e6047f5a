// Whether arguments are what a tool takes. Compiled when the tool is made, where that may find a
// fault; else when it is first called, since of an API's three thousand tools few are.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/error.h"
#include "integration/model.h"
#include "json/value.h"
#include "schema/validator.h"

namespace patchbay::catalog {

class ToolValidator {
 public:
  // Error: invalid_argument (a schema of an argument's is malformed).
  static Result<std::shared_ptr<const ToolValidator>> compile(const integration::Method& method);
  // Of a method whose schemas were looked at when it was read. It outlives this.
  static std::shared_ptr<const ToolValidator> at_first_use(const integration::Method& method);

  // As schema::Validator.
  std::vector<schema::Violation> check(json::Value& value,
                                       const schema::CoerceOptions& options) const;
  std::vector<schema::Violation> check(const json::Value& value) const;

 private:
  ToolValidator() = default;
  const schema::Validator* validator() const;  // null: malformed, which was ruled out

  const integration::Method* method_ = nullptr;  // to be compiled; null: it is
  mutable std::once_flag once_;
  mutable std::optional<schema::Validator> compiled_;
};

}  // namespace patchbay::catalog
