// What the API does with projects, their phases and their teams beyond the fields.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kProjectRules;
extern const Rules kPhaseRules;
extern const Rules kProjectTeamMemberRules;

}  // namespace patchbay::sandbox
