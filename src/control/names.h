// Text that people give to things.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace patchbay::control {

// Trims a name: 1 to 200 characters, no control characters. Error invalid_argument, naming
// `member`.
Result<std::string> check_name(std::string_view text, std::string_view member);
// The same for text that may be empty.
Result<std::string> check_label(std::string_view text, std::string_view member);

}  // namespace patchbay::control
