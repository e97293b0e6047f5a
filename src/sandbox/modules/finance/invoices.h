// Invoices and their payments: /finance/invoices.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> invoice_resources();

}  // namespace patchbay::sandbox
