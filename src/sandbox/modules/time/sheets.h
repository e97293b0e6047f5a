// Time sheets: /time/sheets.
#pragma once

#include <cstdint>
#include <span>

#include "sandbox/records/database.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> time_sheet_resources();

// The member's sheet for the week of `when`, made if there is none. Weeks start on Monday.
std::int64_t time_sheet_for(Database& db, std::int64_t member, Instant when);

}  // namespace patchbay::sandbox
