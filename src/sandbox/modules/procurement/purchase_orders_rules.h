// Purchase orders and their lines.
#pragma once

#include <cstdint>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kPurchaseOrderRules;
extern const Rules kPurchaseOrderLineRules;

void total_purchase_order(Database& db, std::int64_t order);

}  // namespace patchbay::sandbox
