// The version, as CMake knows it.
#pragma once

#include <string_view>

namespace patchbay::app {

inline constexpr std::string_view kVersion = PATCHBAY_VERSION;

}  // namespace patchbay::app
