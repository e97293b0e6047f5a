// Projects with their notes and teams: /project/projects.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> project_resources();

}  // namespace patchbay::sandbox
