// Custom fields on the way out: {caption: value} in place of a list of entries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "integration/model.h"

namespace patchbay::gateway {

// Of a shaped record. Nothing: it has none, and stays as it is.
std::optional<std::string> compact_custom_fields(const integration::Integration& integration,
                                                 std::string_view shaped);

}  // namespace patchbay::gateway
