#include "control/server_warnings.h"

#include "control/client_limits.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kNarrow =
    "Choose fewer with config.tags or config.methods, or set config.tool_exposure to "
    "\"discovery\": four tools, which find and call the others.";

}  // namespace

std::vector<ServerWarning> warnings_on(const McpServer& server, std::int64_t tokens) {
  std::vector<ServerWarning> warnings;
  const auto tools = static_cast<std::int64_t>(server.listed_count());
  if (tools > kMostTools) {
    warnings.push_back({"many_tools",
                        std::to_string(tools) +
                            " tools are listed: " + std::to_string(tools - kMostTools) +
                            " more than the " + std::to_string(kMostTools) +
                            " that ChatGPT, VS Code and Copilot take of all servers together.",
                        std::string(kNarrow)});
  }
  if (tokens > kManyTokens) {
    warnings.push_back({"many_tokens",
                        "The listing costs a model about " + std::to_string(tokens) +
                            " tokens (an estimate) in every conversation: " +
                            std::to_string(tokens * 100 / kUsualWindow) + " % of a window of " +
                            std::to_string(kUsualWindow) + ", and more than " +
                            std::to_string(kManyTokens) + ".",
                        std::string(kNarrow)});
  }
  return warnings;
}

}  // namespace patchbay::control
