// The dispatch board: names, hours and conflicts of schedule entries.
#pragma once

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kScheduleEntryRules;

}  // namespace patchbay::sandbox
