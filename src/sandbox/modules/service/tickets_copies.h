// A ticket is written once more: /service/tickets/{}/copy.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_ticket_copy_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
