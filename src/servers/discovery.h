// Calls of the four tools that `tool_exposure: discovery` lists (catalog/discovery.h). Two are
// answered here; the other two become the call that they are for, which goes on as if it had been
// made itself: whatever holds for that tool holds behind them.
#pragma once

#include <optional>
#include <string>

#include "audit/event.h"
#include "catalog/discovery.h"
#include "control/snapshot.h"
#include "io/task.h"
#include "json/value.h"
#include "mcp/server/conversation.h"
#include "mcp/server/outcome.h"

namespace patchbay::servers {

struct ServingParts;

// What is asked of one of the four, and by whom. All of it outlives the task.
struct DiscoveryCall {
  const ServingParts& parts;
  const control::McpServer& server;
  const audit::Caller& by;
  catalog::DiscoveryTool tool;
  mcp::Conversation& conversation;
};

// The answer. Nothing: `name` and `arguments` are now those of the tool that is to be called.
io::Task<std::optional<mcp::TextOutcome>> answer_discovery(DiscoveryCall call, std::string& name,
                                                           json::Value& arguments);

}  // namespace patchbay::servers
