// Opportunities, activities and sales orders: /sales.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule sales_module();

}  // namespace patchbay::sandbox
