// Which MCP servers feel another definition, and how.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "control/control_plane.h"
#include "definitions/difference.h"

namespace patchbay::definitions {

// Names of tools, of those that the server lists.
struct ServerEffect {
  std::string id;
  std::string name;
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<std::string> changed;
  // One of its tools is gone or changed in a way that breaks, or its config names what is gone.
  bool is_breaking = false;
};

// More are not looked at.
inline constexpr std::size_t kMostServers = 10'000;

// Of those that feel anything, whatever their environment. `before` null: there was none, so there
// are no servers. Errors: unavailable.
Result<std::vector<ServerEffect>> effects_on_servers(
    const control::ControlPlane& control, const std::shared_ptr<const catalog::ToolCatalog>& before,
    const std::shared_ptr<const catalog::ToolCatalog>& after, const Difference& difference);

}  // namespace patchbay::definitions
