// Tools as MCP shows them. Seen by this room only.
#pragma once

#include <cstddef>
#include <string>

#include "catalog/tool.h"

namespace patchbay::catalog {

// One MCP Tool object: name, title, description, inputSchema, annotations.
void append_tool(std::string& out, const Tool& tool);

// What a model pays for a tool: its name, description and schema. Four bytes are about a token.
std::size_t listing_bytes(const Tool& tool);

}  // namespace patchbay::catalog
