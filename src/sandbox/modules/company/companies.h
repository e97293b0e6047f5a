// Companies with their sites and notes: /company/companies. Note types and countries beside them.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> company_resources();

}  // namespace patchbay::sandbox
