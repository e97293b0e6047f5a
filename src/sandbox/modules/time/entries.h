// Time entries: /time/entries. What the API does beyond fields: entries_rules.cpp.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> time_entry_resources();

}  // namespace patchbay::sandbox
