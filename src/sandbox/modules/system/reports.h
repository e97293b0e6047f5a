// The legacy reports: /system/reports, each with its columns, its rows and their count.
#pragma once

#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_report_endpoints(std::vector<ModuleEndpoint>& out);

}  // namespace patchbay::sandbox
