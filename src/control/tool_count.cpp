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

// One more tells what became of an approval.
std::size_t tools_of(const McpServer& server) {
  return server.toolset->tools().size() + (server.approvals ? 1 : 0);
}

}  // namespace

ToolCount ControlPlane::tool_count(const store::McpServerRow& row) const {
  std::size_t tools = 0;
  {
    const MutexLock lock(impl_->holding);
    // Of one that is served, what is served.
    if (const auto found = impl_->held.servers.find(row.id); found != impl_->held.servers.end()) {
      tools = tools_of(*found->second.live);
    }
  }
  if (tools == 0) {
    const auto live = impl_->derive_new(row);
    if (!live) return {};
    tools = tools_of(**live);
  }
  return {.tools = tools, .remark = remark_on(tools)};
}

ToolCount ControlPlane::tool_count(const McpServer& server) {
  const std::size_t tools = tools_of(server);
  return {.tools = tools, .remark = remark_on(tools)};
}

}  // namespace patchbay::control
