// Members and what is theirs to choose: /system/members.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> member_resources();

}  // namespace patchbay::sandbox
