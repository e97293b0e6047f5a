// What members can do: /system/skills, /system/members/{}/skills.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> skill_resources();

}  // namespace patchbay::sandbox
