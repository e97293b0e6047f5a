// Who is to be told of changes: /system/callbacks.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> callback_resources();

}  // namespace patchbay::sandbox
