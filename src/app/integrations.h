// The integrations that a server starts with: the built-in packs, and a folder that adds to them or
// replaces them by name.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"

namespace patchbay::app {

struct IntegrationPolicy {
  bool allow_loopback =
      false;  // plain http to this machine, where the integration allows it at all
};

// Errors: invalid_argument, with every problem of the first pack that has any (file, line, fix).
Result<std::vector<std::shared_ptr<const catalog::ToolCatalog>>> load_integrations(
    const std::string& folder, const IntegrationPolicy& policy);

}  // namespace patchbay::app
