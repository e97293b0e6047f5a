// The modules of the API, all of them.
#pragma once

#include <vector>

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

std::vector<ApiModule> all_modules();

}  // namespace patchbay::sandbox
