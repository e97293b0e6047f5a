// What of a catalog item lies in which warehouse: /procurement/catalog/{}/inventory.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> inventory_resources();

}  // namespace patchbay::sandbox
