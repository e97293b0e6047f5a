// Which of a server's tools can be held to its limits (reach/reach.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "reach/reach.h"

namespace patchbay::control {

// Tools that cannot be held to the owner, each with why, as a clause.
using Unheld = std::vector<std::pair<const catalog::Tool*, std::string>>;
Unheld unheld_tools(const catalog::Toolset& toolset, const reach::Reach& reach);

// Error invalid_argument: names them all, with the configs that would do.
std::unexpected<Error> refuse_unheld(const Unheld& unheld, const reach::Reach& reach);

// Error invalid_argument: an argument is limited that none of the tools takes, or that takes no
// such value.
Result<> check_taken(const catalog::Toolset& toolset, const reach::Reach& reach);

}  // namespace patchbay::control
