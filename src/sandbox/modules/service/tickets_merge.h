// Tickets that take in others: /service/tickets/{}/merge and attachChildren.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_merge_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
