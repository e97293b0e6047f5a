// Completion of a prompt's argument with the names of records, asked of the gateway.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "gateway/gateway.h"
#include "io/task.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

inline constexpr std::size_t kMostCompleted = 100;  // MCP, completion/complete

// Whether it has the tool that these names are asked by.
bool lists_names_of(const catalog::Toolset& toolset, std::string_view resource);

// At most 100 names of the resource's records, those that begin with what was typed first. None
// where the server has no tool that lists them, where their list cannot be asked without knowing
// more (a parent's id), or where the upstream does not answer.
io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway, const catalog::Toolset& toolset,
                                         std::string resource, std::string typed,
                                         gateway::CallContext context);

}  // namespace patchbay::servers
