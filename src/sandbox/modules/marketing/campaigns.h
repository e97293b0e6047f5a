// Campaigns: /marketing/campaigns.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> campaign_resources();

}  // namespace patchbay::sandbox
