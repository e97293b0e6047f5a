// /system/audittrail: by type and id, in pages that are navigable only. Its entries have no id.
#pragma once

#include <span>
#include <vector>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

struct ModuleEndpoint;

std::span<const ResourceSpec> audit_trail_resources();

void add_audit_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
