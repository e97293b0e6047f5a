// Companies, contacts and devices: /company.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule company_module();

}  // namespace patchbay::sandbox
