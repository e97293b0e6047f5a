// How many tools an MCP server lists, held against what clients take.
#include <string>

#include "control/client_limits.h"
#include "control/state.h"

namespace patchbay::control {
namespace {

std::string remark_on(std::size_t tools) {
  const auto many = static_cast<std::int64_t>(tools);
  if (many <= kAdvisedTools) return {};
  const std::string count = std::to_string(tools) + " tools: ";
  const std::string narrow =
      " Both count the tools of all servers that a client has open. Narrow this one with "
      "config.tags or config.methods.";
  if (many <= kMostTools) {
    return count +
           "within the 128 that ChatGPT, VS Code and Copilot take at most, more than the 40 "
           "that Cursor advises." +
           narrow;
  }
  return count +
         "more than the 128 that ChatGPT, VS Code and Copilot take at most (they refuse or "
         "drop what is beyond), and than the 40 that Cursor advises." +
         narrow;
}

}  // namespace

std::shared_ptr<const McpServer> ControlPlane::live(const store::McpServerRow& row) const {
  {
    const MutexLock lock(impl_->holding);
    // Of one that is served, what is served.
    if (const auto found = impl_->held.servers.find(row.id); found != impl_->held.servers.end()) {
      return found->second.live;
    }
  }
  const auto live = impl_->derive_new(row);
  return live ? *live : nullptr;
}

ToolCount ControlPlane::tool_count(const store::McpServerRow& row) const {
  const auto server = live(row);
  return server != nullptr ? tool_count(*server) : ToolCount{};
}

ToolCount ControlPlane::tool_count(const McpServer& server) {
  const std::size_t tools = server.listed_count();
  return {.tools = tools, .remark = remark_on(tools)};
}

}  // namespace patchbay::control
