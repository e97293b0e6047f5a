// The dispatch board: /schedule/entries. Calendars beside it.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> schedule_entry_resources();

}  // namespace patchbay::sandbox
