// Tickets of projects, their notes and tasks: /project/tickets.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> project_ticket_resources();

}  // namespace patchbay::sandbox
