// confirm_writes: on a server that asks for it, a tool that destroys something, or that has data
// sent out (a callback from then on, an e-mail at once), runs only after a second yes. No
// confirmation, no write.
//
// Who can ask the user does: input_required (2026-07-28), or elicitation/create on the call's own
// stream (before). Where the client declared no elicitation, the first call returns a short code
// and runs nothing, and the second must carry it as `confirmation`. The code is derived from
// server, tool, arguments and time (ten minutes and a bit), so that nothing is remembered, and a
// code of another call is worth nothing. It is not a secret from the model: it makes it stop and
// say what it is about to do, where a client shows calls to a person.
#pragma once

#include <optional>
#include <string_view>

#include "catalog/tool.h"
#include "io/task.h"
#include "json/value.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

inline constexpr std::string_view kConfirmationArgument = "confirmation";

// Marks methods, in their definitions, whose effect goes on: data leaves the system by itself.
inline constexpr std::string_view kOutboundTag = "outbound";

// Whether some call of it is asked for: by what the tool does, or by what one of its arguments has
// it do (`outbound` of a field).
bool may_need_confirmation(const catalog::Tool& tool);
// Whether this one is. Arguments as the caller wrote them.
bool needs_confirmation(const catalog::Tool& tool, const json::Value& arguments);
// The same of a call that may be of many records: whether one of them is. What is only shown is
// not.
bool needs_any_confirmation(const catalog::Tool& tool, const json::Value& arguments);

// What is returned instead of running the tool; nothing: go ahead. Takes `confirmation` out of the
// arguments. References live until the task ends.
io::Task<std::optional<mcp::ServerOutcome>> confirm(const catalog::Tool& tool,
                                                    json::Value& arguments,
                                                    mcp::Conversation& conversation);

}  // namespace patchbay::servers
