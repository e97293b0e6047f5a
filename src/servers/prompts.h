// An integration's prompts as an MCP server offers them: those whose tools the server has, so that
// a filter of tools is a filter of prompts too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/tool.h"
#include "integration/model.h"
#include "json/value.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

// Null: unknown, or not offered with these tools.
const integration::Prompt* find_prompt(const catalog::Toolset& toolset, std::string_view name);
std::vector<std::string> prompt_names(const catalog::Toolset& toolset);

// A JSON array of MCP Prompt objects; null if none is offered.
mcp::SharedText render_prompts(const catalog::Toolset& toolset);

// A GetPromptResult. Fault: a required argument is missing.
mcp::ServerOutcome fill_prompt(const catalog::Toolset& toolset, const integration::Prompt& prompt,
                               const json::Value& arguments);

}  // namespace patchbay::servers
