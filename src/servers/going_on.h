// Whether what was begun with a server as it was then may go on with it as it is now. Inline: it is
// asked wherever a call waits.
#pragma once

#include <cstddef>

#include "catalog/tool.h"
#include "control/snapshot.h"
#include "servers/approval_gate.h"

namespace patchbay::servers {

// Whether a call of `then` could be made with what the tool is `now`: a composite that lost one of
// its steps reaches less.
inline bool reaches_as_far(const catalog::Tool* now, const catalog::Tool& then) {
  if (now == nullptr || now->steps.size() != then.steps.size()) return false;
  for (std::size_t i = 0; i < then.steps.size(); ++i) {
    if (then.steps[i] != nullptr && now->steps[i] == nullptr) return false;
  }
  return true;
}

// Whether a server may still have a call of that tool go on. By another definition the same name
// may be another tool, or none: what was begun finishes as it was, as long as what the server
// chooses would have left it.
inline bool still_has(const control::McpServer& now, const control::McpServer& then,
                      const catalog::Tool& tool) {
  if (&now.toolset->catalog() != &then.toolset->catalog()) return now.toolset->leaves(tool);
  return reaches_as_far(now.toolset->find(tool.name), tool);
}

inline bool waits_for_approval(const control::McpServer& server, const catalog::Tool& tool) {
  return server.approvals && approval_need(*server.approvals, tool) != control::ApprovalNeed::never;
}

// Whether calls of the tool wait for a yes by other rules than those that a call went by.
inline bool asks_for_more(const control::McpServer& then, const control::McpServer& now,
                          const catalog::Tool& tool) {
  if (!waits_for_approval(now, tool)) return false;
  return !then.approvals || *then.approvals != *now.approvals;
}

// What was begun under other limits asked for something else.
inline bool is_held_alike(const control::McpServer& now, const control::McpServer& then) {
  if (now.reach == then.reach) return true;
  return now.reach != nullptr && then.reach != nullptr &&
         now.reach->digest() == then.reach->digest();
}

}  // namespace patchbay::servers
