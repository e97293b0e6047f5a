// Agreements, their types and additions: /finance/agreements.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> agreement_resources();

}  // namespace patchbay::sandbox
