// Completion of a prompt's argument with the names of records, asked of the upstream.
#pragma once

#include <string>

#include "catalog/tool.h"
#include "gateway/gateway.h"
#include "io/task.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

// Names of the resource's records that begin with `prefix`, or else contain it. None where its list
// cannot be asked without knowing more (a parent's id), or where the upstream does not answer.
io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway,
                                         const catalog::ToolCatalog& catalog, std::string resource,
                                         std::string prefix, gateway::CallContext context);

}  // namespace patchbay::servers
