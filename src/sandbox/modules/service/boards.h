// Boards and what is set up below them: /service/boards, /service/teams.
#pragma once

#include <span>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> board_resources();

void add_team_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
