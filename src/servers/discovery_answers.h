// What search_tools and get_tool_schema tell of tools: within 6,000 bytes, which no model counts as
// more than 2,000 tokens.
//
//   search_tools:     {"result": [{"tool", "title", "call_with", "description",
//                      "arguments": {name: "what it takes"}, "required"?: [name],
//                      "more_arguments"?: how many}], "result_count", "notice"?}
//   get_tool_schema:  {"tool", "title", "call_with", "description", "inputSchema",
//                      "more_arguments"?: [name], "notice"?}
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/discovery.h"
#include "json/value.h"

namespace patchbay::servers {

inline constexpr std::size_t kMostDiscoveryBytes = 6'000;

// A tool as the server would list it.
struct ListedTool {
  json::Value entry;            // of tools/list
  const catalog::Tool* tool{};  // null: it tells what became of an approval
  std::string_view call_with;
};

// Best first. Each with the arguments that it must be given, then with those that the query speaks
// of, then with others, as far as there is room; the arguments that all tools share are left out.
std::string tell_found(const std::vector<ListedTool>& found, std::string_view query,
                       std::size_t most_bytes);

// `arguments`: only these; empty: all. What has no room is named. Error invalid_argument: it has no
// such argument.
Result<std::string> tell_schema(ListedTool listed, const std::vector<std::string>& arguments,
                                std::size_t most_bytes);

}  // namespace patchbay::servers
