// What customers are asked about their tickets, and said: /service/surveys.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> survey_resources();

}  // namespace patchbay::sandbox
