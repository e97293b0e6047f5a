// What whoever mints an MCP server should know of its listing: that it is more than clients take,
// or more than a model should carry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "control/snapshot.h"

namespace patchbay::control {

struct ServerWarning {
  std::string_view code;  // many_tools, many_tokens
  std::string message;    // with the figures
  std::string hint;       // what to do
};

// `tokens`: what its listing costs, estimated.
std::vector<ServerWarning> warnings_on(const McpServer& server, std::int64_t tokens);

}  // namespace patchbay::control
