// What is put on an agreement or taken off it: /finance/agreements/{}/adjustments.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> agreement_adjustment_resources();

}  // namespace patchbay::sandbox
