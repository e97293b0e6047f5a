// Sales orders: /sales/orders.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> order_resources();

}  // namespace patchbay::sandbox
