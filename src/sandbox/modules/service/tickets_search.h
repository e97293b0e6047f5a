// /service/tickets/search.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_ticket_search_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
