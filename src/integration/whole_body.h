// The target of an argument that is a request's body as a whole, where that is a list, a plain
// value or an object that nobody describes.
#pragma once

#include <string_view>

namespace patchbay::integration {

inline constexpr std::string_view kWholeBody = "/";

}  // namespace patchbay::integration
