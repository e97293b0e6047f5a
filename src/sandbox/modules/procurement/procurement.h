// The catalog, what is sold from it and what is bought: /procurement.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule procurement_module();

}  // namespace patchbay::sandbox
