// Completion of a prompt's argument with the names of records, asked of the upstream.
#pragma once

#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "gateway/gateway.h"
#include "integration/model.h"
#include "io/task.h"
#include "json/value.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

// Of a list's answer, the records' names (by the integration's label_fields) that begin with
// `prefix`, then those that contain it; at most 100.
mcp::Completion match_names(const json::Value& answer, std::string_view prefix,
                            const integration::Integration& integration);

// The same for a resource's records. None where its list cannot be asked without knowing more (a
// parent's id), or where the upstream does not answer.
io::Task<mcp::Completion> complete_names(gateway::Gateway& gateway,
                                         const catalog::ToolCatalog& catalog, std::string resource,
                                         std::string prefix, gateway::CallContext context);

}  // namespace patchbay::servers
