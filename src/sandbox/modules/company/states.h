// States and provinces: /company/states.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> state_resources();

}  // namespace patchbay::sandbox
