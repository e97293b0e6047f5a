// A ticket's hours.
#pragma once

#include <cstdint>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

// Sets the ticket's actualHours to the sum of its time entries.
void sum_up_ticket(Database& db, std::int64_t ticket);

}  // namespace patchbay::sandbox
