// What hangs on a ticket: configurations, products, documents, schedule entries, activities.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> ticket_link_resources();

// "service/tickets/{}/products" and so on. `path`: "service/tickets/{}/"; `table`: of the tickets
// that it names, here or in a project.
void add_ticket_link_endpoints(std::vector<ModuleEndpoint>& out, std::string_view path,
                               std::string_view table);
void add_ticket_configuration_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
