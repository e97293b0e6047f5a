// Tickets to be made again and again: /service/templates.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> service_template_resources();

}  // namespace patchbay::sandbox
