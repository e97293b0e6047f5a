// Time entries, time sheets and what time is charged as: /time.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule time_module();

}  // namespace patchbay::sandbox
