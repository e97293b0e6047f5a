// Service tickets and their tasks: /service/tickets. What the API does beyond fields:
// tickets_rules.cpp.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> ticket_resources();

}  // namespace patchbay::sandbox
