// The catalog and the lists beside it: /procurement/catalog, /procurement/categories,
// /procurement/types, /procurement/manufacturers, /procurement/warehouses.
#pragma once

#include <span>
#include <string_view>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> catalog_resources();

inline constexpr std::string_view kProductClasses =
    "Agreement, Bundle, Inventory, NonInventory, Service";

}  // namespace patchbay::sandbox
