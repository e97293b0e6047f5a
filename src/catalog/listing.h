// Tools as MCP shows them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/tool.h"

namespace patchbay::catalog {

// One MCP Tool object, called `name`: name, title, description, inputSchema, annotations.
void append_tool(std::string& out, const Tool& tool, std::string_view name);

// The same as a tree.
json::Value listed_tool(const Tool& tool, std::string_view name);

// About: a token for each four bytes of what clients hand to a model of a tool as MCP lists it, its
// name, description and input schema. Titles and hints are for people.
std::int64_t tokens_estimate(const json::Value& listed);

// What a model pays for a tool: its name, description and schema. Four bytes are about a token.
std::size_t listing_bytes(const Tool& tool);

}  // namespace patchbay::catalog
