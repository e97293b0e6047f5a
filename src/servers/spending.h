// A server's quota, where calls come through: counted before anything is asked of an upstream, and
// told as an upstream's limits are.
#pragma once

#include <functional>
#include <optional>

#include "io/task.h"
#include "mcp/server/server.h"
#include "servers/minted_server.h"

namespace patchbay::servers {

// `counted`: what is left since then; nothing where no quota is about it.
struct Spent {
  std::optional<mcp::TextOutcome> refused = {};
  std::optional<mcp::RateLimit> counted = {};
};

// Counts one call, or one write of those that are counted as calls already; nothing where it is
// refused. A server that is no longer `still_allowed` counts nothing, and the gateway says why.
// References live until the task ends.
io::Task<Spent> spend(const ServingParts& parts, const control::McpServer& server,
                      control::QuotaMeter::What what, const std::function<bool()>& still_allowed,
                      const mcp::Conversation& conversation);

// Which of two to tell: the one of which less is left.
std::optional<mcp::RateLimit> nearer(const std::optional<mcp::RateLimit>& a,
                                     const std::optional<mcp::RateLimit>& b);

}  // namespace patchbay::servers
