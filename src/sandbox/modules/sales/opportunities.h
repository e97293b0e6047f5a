// Opportunities with their stages, statuses and notes: /sales/opportunities. An opportunity has no
// revenue of its own: that is in its forecast.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> opportunity_resources();

}  // namespace patchbay::sandbox
