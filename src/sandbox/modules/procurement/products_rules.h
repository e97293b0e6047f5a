// What products cost, and what the orders and invoices that they are on add up to.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kProductRules;

// The sums of the order and the invoice that a product is on.
void total_what_holds(Database& db, const Record& product);
// What stands on it beside the sums, where nobody said otherwise.
void complete_product(const Table& products, Record& product);

}  // namespace patchbay::sandbox
