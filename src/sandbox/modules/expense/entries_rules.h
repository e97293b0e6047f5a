// What the API does with expenses beyond their fields.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kExpenseEntryRules;

}  // namespace patchbay::sandbox
