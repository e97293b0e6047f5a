// An opportunity's forecast: one object with its items and what they add up to:
// /sales/opportunities/{}/forecast.
#pragma once

#include <span>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> forecast_resources();

void add_forecast_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
