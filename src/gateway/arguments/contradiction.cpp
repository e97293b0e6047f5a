#include "gateway/arguments/contradiction.h"

#include "json/write.h"

namespace patchbay::gateway {

bool same_value(const json::Value* a, const json::Value& b) {
  return a != nullptr && json::to_string(*a) == json::to_string(b);
}

std::unexpected<ToolError> refuse_contradiction(const std::string& first, const std::string& second,
                                                std::string_view field) {
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = first + " and " + second + " contradict each other: both say what " +
                  std::string(field) + " is, and not the same.";
  error.hint = "Nothing was sent. Give one of them only.";
  for (const auto& name : {first, second}) {
    error.field_errors.push_back({name, "contradicts " + (name == first ? second : first)});
  }
  return std::unexpected(std::move(error));
}

}  // namespace patchbay::gateway
