// The MCP resources of a server: for each resource of its tools, what fields its records have. They
// are listed as one template, so that a listing costs the same however many tools there are.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "json/value.h"
#include "mcp/server/server.h"
#include "reach/reach.h"

namespace patchbay::servers {

bool offers_field_resources(const catalog::Toolset& toolset);

// A JSON array of MCP ResourceTemplate objects.
mcp::SharedText field_resource_templates(const catalog::Toolset& toolset);

// A ReadResourceResult. Fault: no such resource, or none whose tools this server has.
mcp::ServerOutcome read_field_resource(const catalog::Toolset& toolset, const reach::Reach* reach,
                                       const std::string& uri, mcp::Era era);

// The names of resources that complete what was typed, those that begin with it first. `reference`:
// {"type": "ref/resource", "uri"}. Fault: another template, or no variable of it.
std::expected<mcp::Completion, mcp::Fault> complete_field_resource(const catalog::Toolset& toolset,
                                                                   const json::Value& reference,
                                                                   std::string_view argument,
                                                                   std::string_view typed);

}  // namespace patchbay::servers
