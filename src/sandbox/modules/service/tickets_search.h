// /service/tickets/search.
#pragma once

#include <vector>

#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {

void add_ticket_search_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
