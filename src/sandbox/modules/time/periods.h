// Periods that are open for time: /time/timePeriodSetups.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> time_period_resources();

}  // namespace patchbay::sandbox
