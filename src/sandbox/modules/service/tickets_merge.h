// Tickets that take in others: /service/tickets/{}/merge and attachChildren.
#pragma once

#include <vector>

#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {

void add_merge_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
