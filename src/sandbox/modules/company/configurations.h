// Devices: /company/configurations.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> configuration_resources();

}  // namespace patchbay::sandbox
