// The notes and the time of a project ticket in one list, put together whenever it is asked for:
// /project/tickets/{}/allNotes.
#pragma once

#include <span>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> project_ticket_all_notes_resources();

void add_project_ticket_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
