// The dispatch board: /schedule.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule schedule_module();

}  // namespace patchbay::sandbox
