// Definitions of integrations as the API shows them: where they come from, their faults, and what
// another one changes.
#pragma once

#include <vector>

#include "definitions/definitions.h"
#include "definitions/difference.h"
#include "json/value.h"
#include "pack/loader.h"

namespace patchbay::admin {

json::Value view(const std::vector<pack::Problem>& faults);
json::Value view(const definitions::Difference& difference);
json::Value view(const definitions::Outcome& outcome);
// Adds origin, revision, loaded_at and faults to an integration's view.
void add_standing(json::Value& integration, const definitions::Standing& standing);

}  // namespace patchbay::admin
