// Days on which nobody works: /schedule/holidayLists.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> holiday_resources();

}  // namespace patchbay::sandbox
