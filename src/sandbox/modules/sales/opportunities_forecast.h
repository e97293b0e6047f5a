// An opportunity's forecast: one object with its items and what they add up to:
// /sales/opportunities/{}/forecast.
#pragma once

#include <span>
#include <vector>

#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> forecast_resources();

void add_forecast_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
