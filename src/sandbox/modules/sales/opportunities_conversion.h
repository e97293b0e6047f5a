// An opportunity becomes a ticket, a project, a sales order or an agreement; or goes to one that is
// there. Notes, documents and products come along as the body says.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_conversion_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
