// require_approval: a call that needs a person's yes is stored with what it would send, and does
// not go out (control/approvals.h). The same call again finds it, and tells what came of it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "catalog/tool.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "json/value.h"
#include "mcp/server/server.h"
#include "servers/minted_server.h"
#include "servers/unrun.h"

namespace patchbay::servers {

// A call of a tool of which some calls need a yes.
struct HeldCall {
  const ServingParts& parts;
  const control::McpServer& server;  // with rules
  const catalog::Tool& tool;
  std::string asked_with;  // the API token of the second factor; empty: none
  audit::Caller by;        // for the record of what the person at the client decides,
  const UnrunCall& unrun;  // and of what the call is told instead of being run
  // Counts the write, where it is asked for the first time; what is returned if it is over a quota.
  std::function<io::Task<std::optional<mcp::ServerOutcome>>()> count;
  // Nobody at the client is asked about it then: questions would come one upon the other.
  bool is_one_of_many = false;
};

// What is returned instead of running the tool; nothing: it needs no yes. References live until the
// task ends.
io::Task<std::optional<mcp::ServerOutcome>> hold_for_approval(const HeldCall& held,
                                                              json::Value arguments,
                                                              gateway::CallContext context,
                                                              mcp::Conversation& conversation);

// get_approval_status, of approvals of that server alone.
io::Task<mcp::ServerOutcome> approval_status(const ServingParts& parts,
                                             const control::McpServer& server,
                                             json::Value arguments,
                                             mcp::Conversation& conversation);

}  // namespace patchbay::servers
