// What billing is set up with: /finance/currencies, /finance/taxCodes, /finance/billingTerms,
// /finance/billingCycles, /finance/billingSetups.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> billing_resources();

}  // namespace patchbay::sandbox
