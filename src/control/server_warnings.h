// What whoever mints an MCP server should know of its listing: that it is more than clients take,
// more than a model should carry, or that clients will not take its tools' names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "control/snapshot.h"
#include "integration/model.h"

namespace patchbay::control {

struct ServerWarning {
  std::string_view code;  // many_tools, many_tokens, long_names
  std::string message;    // with the figures
  std::string hint;       // what to do
  // Of long_names: what a client has to call the server for all to fit; empty: nothing does.
  std::string fits_as;
};

// What a client's configuration had best call a server of the integration.
std::string_view client_name(const integration::Integration& integration);

// `tokens`: what its listing costs, estimated.
std::vector<ServerWarning> warnings_on(const McpServer& server, std::int64_t tokens);

}  // namespace patchbay::control
