// Phases of projects: /project/projects/{}/phases.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> project_phase_resources();

}  // namespace patchbay::sandbox
