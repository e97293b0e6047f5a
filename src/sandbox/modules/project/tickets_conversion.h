// A service ticket becomes one of a project: /service/tickets/{}/convert.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_ticket_conversion_endpoint(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
