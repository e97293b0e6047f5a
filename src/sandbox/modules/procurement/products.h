// What is sold: /procurement/products.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> product_resources();

}  // namespace patchbay::sandbox
