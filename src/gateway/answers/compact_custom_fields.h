// Custom fields on the way out: {caption: value} in place of a list of entries.
#pragma once

#include <string>

#include "integration/model.h"

namespace patchbay::gateway {

// A shaped record; unchanged where it has none.
std::string compact_custom_fields(const integration::Integration& integration, std::string shaped);

}  // namespace patchbay::gateway
