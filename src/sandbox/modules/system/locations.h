// Locations and departments: /system/locations, /system/departments.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> location_resources();

}  // namespace patchbay::sandbox
