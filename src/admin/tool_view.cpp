#include "admin/tool_view.h"

#include <iterator>
#include <string_view>

#include "audit/tokens_saved.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

json::Value resource_of(const catalog::Tool* tool) {
  return tool != nullptr ? json::Value(tool->resource->name) : json::Value();
}

json::Value method_of(const catalog::Tool* tool) {
  return tool != nullptr ? json::Value(tool->method->name) : json::Value();
}

json::Array tags_of(const catalog::Tool* tool) {
  if (tool == nullptr) return {};
  return {tool->tags.begin(), tool->tags.end()};
}

}  // namespace

std::int64_t tokens_estimate(const json::Value& listed) {
  std::int64_t bytes = 0;
  for (const std::string_view part : {"name", "description"}) {
    bytes += std::ssize(listed.string_or(part, ""));
  }
  if (const json::Value* const schema = listed.find("inputSchema")) {
    bytes += std::ssize(json::to_string(*schema));
  }
  return (bytes + audit::kBytesPerToken - 1) / audit::kBytesPerToken;
}

json::Object brief_view(const json::Value& listed, const catalog::Tool* tool) {
  const json::Value* const hints = listed.find("annotations");
  return {{"name", listed.string_or("name", "")},
          {"title", listed.string_or("title", "")},
          {"resource", resource_of(tool)},
          {"method", method_of(tool)},
          {"tags", tags_of(tool)},
          {"read_only", hints != nullptr && hints->bool_or("readOnlyHint", false)},
          {"tokens_estimate", tokens_estimate(listed)}};
}

}  // namespace patchbay::admin
