// What accounting takes over: /finance/accounting. Nothing is posted here, so every invoice waits
// among the unposted ones, which only show what the invoice says.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> accounting_resources();

}  // namespace patchbay::sandbox
