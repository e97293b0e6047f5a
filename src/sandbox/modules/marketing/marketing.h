// Campaigns: /marketing.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule marketing_module();

}  // namespace patchbay::sandbox
