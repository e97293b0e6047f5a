// Expenses and their reports: /expense.
#pragma once

#include "sandbox/operations/api_module.h"

namespace patchbay::sandbox {

ApiModule expense_module();

}  // namespace patchbay::sandbox
