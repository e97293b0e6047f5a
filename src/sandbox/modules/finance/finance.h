// Agreements, invoices and what accounting takes over: /finance.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule finance_module();

}  // namespace patchbay::sandbox
