// Who looks after a company, and as what: /company/companies/{}/teams, /company/teamRoles.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> company_team_resources();

}  // namespace patchbay::sandbox
