// Warnings on an MCP server's listing, as this API shows them.
#pragma once

#include <vector>

#include "control/server_warnings.h"
#include "json/value.h"

namespace patchbay::admin {

json::Array view(const std::vector<control::ServerWarning>& warnings);

}  // namespace patchbay::admin
