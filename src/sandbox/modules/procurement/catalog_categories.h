// Categories and subcategories of the catalog: /procurement/categories, /procurement/subcategories.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> catalog_category_resources();

// A subcategory as it stands below its category.
void mirror_sub_category(Database& db, const Record& sub_category);

}  // namespace patchbay::sandbox
