// The dispatch board: names, hours and conflicts of schedule entries.
#pragma once

#include "sandbox/records/rules.h"

namespace patchbay::sandbox {

extern const Rules kScheduleEntryRules;

}  // namespace patchbay::sandbox
