// Members, places, documents, callbacks and what the instance says of itself: /system.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule system_module();

}  // namespace patchbay::sandbox
