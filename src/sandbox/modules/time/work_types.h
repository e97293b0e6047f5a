// What time is charged as and to: /time/workTypes, /time/workRoles, /time/chargeCodes.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> work_type_resources();

}  // namespace patchbay::sandbox
