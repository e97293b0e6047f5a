#include "control/server_warnings.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "control/client_limits.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kNarrow =
    "Choose fewer with config.tags or config.methods, or set config.tool_exposure to "
    "\"discovery\": four tools, which find and call the others.";
constexpr std::size_t kMostNamed = 3;

std::size_t listed_longer(const catalog::Toolset& toolset, std::size_t most) {
  return static_cast<std::size_t>(std::ranges::count_if(
      toolset.tools(),
      [&](const catalog::Tool* tool) { return toolset.shown(*tool).size() > most; }));
}

std::size_t left_of(std::size_t all, std::size_t taken) {
  return all > taken ? all - taken : 0;
}

std::vector<std::string> longest(const catalog::Toolset& toolset) {
  std::vector<std::string> names;
  for (const catalog::Tool* tool : toolset.tools()) names.push_back(toolset.shown(*tool));
  std::ranges::sort(names, [](const std::string& one, const std::string& other) {
    return one.size() != other.size() ? one.size() > other.size() : one < other;
  });
  names.resize(std::min(names.size(), kMostNamed));
  return names;
}

// How many names are too long for whom, where a client calls the server so; nothing: none.
std::optional<std::string> too_long(const catalog::Toolset& toolset, std::string_view server) {
  const std::size_t dropped = listed_longer(toolset, left_of(kMostWithServerName, server.size()));
  const std::size_t refused =
      listed_longer(toolset, left_of(kMostPrefixedName, prefixed_by(server)));
  if (dropped == 0 && refused == 0) return std::nullopt;
  const std::string quoted = "\"" + std::string(server) + "\"";
  std::string text = "Where a client calls the server " + quoted + ", ";
  if (dropped > 0) {
    text += std::to_string(dropped) + " of " + std::to_string(toolset.tools().size()) +
            " tools are dropped without a word by Cursor (more than " +
            std::to_string(kMostWithServerName) + " characters with the server's name)";
  }
  if (refused > 0) {
    text += (dropped > 0 ? ", and " : "") + std::to_string(refused) +
            " do not fit clients that call them mcp__" + std::string(server) +
            "__<tool>, in at most " + std::to_string(kMostPrefixedName) + " characters";
  }
  return text + '.';
}

std::optional<ServerWarning> warn_of_names(const McpServer& server) {
  const catalog::Toolset& toolset = *server.toolset;
  if (toolset.exposure() == catalog::Exposure::discovery) return std::nullopt;
  const integration::Integration& integration = toolset.catalog().integration();
  const std::string_view proposed = client_name(integration);
  std::string message;
  const auto at_best = too_long(toolset, proposed);
  if (at_best) message = *at_best;
  if (proposed != integration.name) {
    if (const auto usual = too_long(toolset, integration.name)) {
      message += (message.empty() ? "" : " ") + *usual;
    }
  }
  if (message.empty()) return std::nullopt;
  message += " The longest: " + join(longest(toolset)) + ".";
  std::string hint;
  if (!at_best) {
    hint =
        "Call it \"" + std::string(proposed) + "\" in the client's configuration: then all fit. ";
  }
  if (toolset.names() == catalog::NameForm::full) {
    hint += "config.tool_names \"short\" has names of at most 40 characters.";
  }
  return ServerWarning{"long_names", std::move(message), std::move(hint),
                       at_best ? std::string() : std::string(proposed)};
}

}  // namespace

std::string_view client_name(const integration::Integration& integration) {
  return integration.server_name.empty() ? integration.name : integration.server_name;
}

std::vector<ServerWarning> warnings_on(const McpServer& server, std::int64_t tokens) {
  std::vector<ServerWarning> warnings;
  const auto tools = static_cast<std::int64_t>(server.listed_count());
  if (tools > kMostTools) {
    warnings.push_back({"many_tools",
                        std::to_string(tools) +
                            " tools are listed: " + std::to_string(tools - kMostTools) +
                            " more than the " + std::to_string(kMostTools) +
                            " that ChatGPT, VS Code and Copilot take of all servers together.",
                        std::string(kNarrow),
                        {}});
  }
  if (tokens > kManyTokens) {
    warnings.push_back({"many_tokens",
                        "The listing costs a model about " + std::to_string(tokens) +
                            " tokens (an estimate) in every conversation: " +
                            std::to_string(tokens * 100 / kUsualWindow) + " % of a window of " +
                            std::to_string(kUsualWindow) + ", and more than " +
                            std::to_string(kManyTokens) + ".",
                        std::string(kNarrow),
                        {}});
  }
  if (auto names = warn_of_names(server)) warnings.push_back(std::move(*names));
  return warnings;
}

}  // namespace patchbay::control
