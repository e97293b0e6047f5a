// Activities: /sales/activities.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> activity_resources();

}  // namespace patchbay::sandbox
