#include "catalog/tool_validator.h"

#include <algorithm>
#include <string>
#include <utility>

#include "catalog/argument_schema.h"

namespace patchbay::catalog {
namespace {

Result<schema::Validator> compile_all(const integration::Method& method) {
  json::Object accepted;
  std::vector<std::string> required;
  for (const auto& argument : method.arguments) {
    // One name for query and body is one argument of the tool; the body's schema wins.
    if (argument.required && std::ranges::find(required, argument.name) == required.end()) {
      required.push_back(argument.name);
    }
    accepted[argument.name] = accepted_schema(argument);
  }
  return schema::Validator::compile(object_schema(std::move(accepted), required));
}

std::vector<schema::Violation> malformed() {
  return {{"", "type", "cannot be checked: the definition of the tool is malformed"}};
}

}  // namespace

Result<std::shared_ptr<const ToolValidator>> ToolValidator::compile(
    const integration::Method& method) {
  auto compiled = compile_all(method);
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  std::shared_ptr<ToolValidator> made(new ToolValidator);
  made->compiled_ = std::move(*compiled);
  return made;
}

std::shared_ptr<const ToolValidator> ToolValidator::at_first_use(
    const integration::Method& method) {
  std::shared_ptr<ToolValidator> made(new ToolValidator);
  made->method_ = &method;
  return made;
}

const schema::Validator* ToolValidator::validator() const {
  if (method_ != nullptr) {
    std::call_once(once_, [this] {
      if (auto compiled = compile_all(*method_)) compiled_ = std::move(*compiled);
    });
  }
  return compiled_ ? &*compiled_ : nullptr;
}

std::vector<schema::Violation> ToolValidator::check(json::Value& value,
                                                    const schema::CoerceOptions& options) const {
  const schema::Validator* const compiled = validator();
  return compiled != nullptr ? compiled->check(value, options) : malformed();
}

std::vector<schema::Violation> ToolValidator::check(const json::Value& value) const {
  const schema::Validator* const compiled = validator();
  return compiled != nullptr ? compiled->check(value) : malformed();
}

}  // namespace patchbay::catalog
