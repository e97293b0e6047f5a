// Boards, tickets and what hangs on them, the knowledge base: /service.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule service_module();

}  // namespace patchbay::sandbox
