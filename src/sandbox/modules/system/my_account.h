// The member whose keys are used: /system/myMembers, /system/myAccount.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_account_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
