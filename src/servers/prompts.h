// An integration's prompts as an MCP server offers them: those whose tools the server has, so that
// a filter of tools is a filter of prompts too. Their arguments complete from the upstream's
// records.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "gateway/gateway.h"
#include "io/task.h"
#include "json/value.h"
#include "mcp/server/server.h"

namespace patchbay::servers {

// Null: unknown, or not offered with these tools.
const integration::Prompt* find_prompt(const catalog::Toolset& toolset, std::string_view name);
std::vector<std::string> prompt_names(const catalog::Toolset& toolset);

// A JSON array of MCP Prompt objects; null if none is offered.
SharedText render_prompts(const catalog::Toolset& toolset);

// A GetPromptResult. Fault: a required argument is missing.
Outcome fill_prompt(const catalog::Toolset& toolset, const integration::Prompt& prompt,
                    const json::Value& arguments);

// Names of the resource's records that begin with `prefix`, or else contain it. None where its list
// cannot be asked without knowing more (a parent's id), or where the upstream does not answer.
io::Task<Completion> complete_names(gateway::Gateway& gateway, const catalog::ToolCatalog& catalog,
                                    std::string resource, std::string prefix,
                                    gateway::CallContext context);

}  // namespace patchbay::servers
