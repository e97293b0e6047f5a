// What the instance says of itself: /system/info.
#pragma once

#include <string_view>
#include <vector>

namespace patchbay::sandbox {

struct ModuleEndpoint;

void add_info_endpoints(std::vector<ModuleEndpoint>& out);

// The version that the sandbox says it is.
inline constexpr std::string_view kApiVersion = "2025.1";
inline constexpr std::string_view kProductVersion = "v2025.1.10333";

}  // namespace patchbay::sandbox
