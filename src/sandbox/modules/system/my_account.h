// The member whose keys are used: /system/myMembers, /system/myAccount.
#pragma once

#include <vector>

#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {

void add_account_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
