// The four tools that a server lists in place of its own (`tool_exposure: discovery`): one finds
// tools, one tells all of a tool's arguments, and two call them, those that read and those that
// change something apart, so that a client can let a model do the one and ask a person before the
// other. Together they cost a model at most 1,200 tokens, whatever stands behind them.
//
//   search_tools     {query, limit?, access?}     servers/discovery_answers.h says what comes
//   get_tool_schema  {tool, arguments?}
//   call_read_tool   {tool, arguments}            as a call of that tool
//   call_write_tool  {tool, arguments}
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/tool.h"

namespace patchbay::catalog {

enum class DiscoveryTool : std::uint8_t { search, schema, call_read, call_write };
inline constexpr std::array<std::string_view, 4> kDiscoveryTools{
    "search_tools", "get_tool_schema", "call_read_tool", "call_write_tool"};

// Of search_tools.
inline constexpr std::int64_t kUsualHits = 5;
inline constexpr std::int64_t kMostHits = 20;

constexpr std::string_view name_of(DiscoveryTool tool) {
  return kDiscoveryTools.at(static_cast<std::size_t>(tool));
}
std::optional<DiscoveryTool> discovery_tool(std::string_view name);
// The one that calls it.
DiscoveryTool door_of(const Tool& tool);

// What no tool of an integration may be called by its short name: Patchbay's own tools are.
bool is_reserved_tool_name(std::string_view name);

// A JSON array of the four, as MCP lists them, for that toolset.
std::string discovery_listing(const Toolset& toolset);

}  // namespace patchbay::catalog
