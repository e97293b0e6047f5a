// Expenses: /expense/entries, and the lists that they choose from.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> expense_entry_resources();

}  // namespace patchbay::sandbox
