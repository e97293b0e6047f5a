#include "servers/name_completion.h"

#include <algorithm>
#include <utility>

namespace patchbay::servers {
namespace {

// The server's own: what its filter hides is not learnt by completing names either.
const catalog::Tool* find_list_tool(const catalog::Toolset& toolset, std::string_view resource) {
  const auto found = std::ranges::find_if(toolset.tools(), [&](const catalog::Tool* tool) {
    return tool->resource->name == resource && tool->method->kind == integration::MethodKind::list;
  });
  return found != toolset.tools().end() ? *found : nullptr;
}

}  // namespace

bool lists_names_of(const catalog::Toolset& toolset, std::string_view resource) {
  return find_list_tool(toolset, resource) != nullptr;
}

io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway, const catalog::Toolset& toolset,
                                         std::string resource, std::string typed,
                                         gateway::CallContext context) {
  const catalog::Tool* tool = find_list_tool(toolset, resource);
  if (tool == nullptr) co_return mcp::Completion{};
  auto found = co_await gateway.complete(*tool, std::move(typed), std::move(context));
  mcp::Completion out;
  out.total = static_cast<std::int64_t>(found.names.size());
  out.has_more = found.more || found.names.size() > kMostCompleted;
  if (found.names.size() > kMostCompleted) found.names.resize(kMostCompleted);
  out.values = std::move(found.names);
  co_return out;
}

}  // namespace patchbay::servers
