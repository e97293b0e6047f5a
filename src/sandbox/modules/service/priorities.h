// Priorities, and the other lists that tickets choose from: /service/priorities, /service/sources,
// /service/SLAs, /service/locations.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> priority_resources();

}  // namespace patchbay::sandbox
