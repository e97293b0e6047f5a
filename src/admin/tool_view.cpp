#include "admin/tool_view.h"

#include "catalog/listing.h"

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

json::Object brief_view(const json::Value& listed, const catalog::Tool* tool) {
  const json::Value* const hints = listed.find("annotations");
  return {{"name", listed.string_or("name", "")},
          {"title", listed.string_or("title", "")},
          {"resource", resource_of(tool)},
          {"method", method_of(tool)},
          {"tags", tags_of(tool)},
          {"read_only", hints != nullptr && hints->bool_or("readOnlyHint", false)},
          {"tokens_estimate", catalog::tokens_estimate(listed)}};
}

}  // namespace patchbay::admin
