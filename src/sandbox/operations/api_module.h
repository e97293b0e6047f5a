// What a module of the API brings ("service": everything below /service): its resources, and the
// endpoints that it answers itself.
#pragma once

#include <span>
#include <vector>

#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ApiModule {
  std::vector<std::span<const ResourceSpec>> resources;
  std::vector<ModuleEndpoint> endpoints;
};

}  // namespace patchbay::sandbox
