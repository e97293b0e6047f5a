// The parts of the seeding that run when all else is there: what stands beside it, and what follows
// from it.
#pragma once

#include "sandbox/seed/context.h"

namespace patchbay::sandbox {

void seed_teams_and_skills(SeedContext& context);  // with states and holidays
void seed_surveys(SeedContext& context);           // with templates, adjustments, what is in stock
void seed_coherence(SeedContext& context);         // last of all

}  // namespace patchbay::sandbox
