// What is bought: /procurement/purchaseorders.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> purchase_order_resources();

}  // namespace patchbay::sandbox
