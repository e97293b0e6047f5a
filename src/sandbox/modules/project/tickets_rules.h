// What the API does with project tickets and their notes beyond the fields.
#pragma once

#include <cstdint>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

extern const Rules kProjectTicketRules;
extern const Rules kProjectTicketNoteRules;

// The hours of a project ticket, its phase and its project, from the time entries.
void sum_up_project_ticket(Database& db, std::int64_t ticket);

}  // namespace patchbay::sandbox
