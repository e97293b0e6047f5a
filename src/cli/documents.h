// Documents that describe an API, as a person names them.
#pragma once

#include <string>

#include "base/error.h"

namespace patchbay::cli {

inline constexpr const char* kStandardInput = "-";

// A file, or standard input; no more of it than an import takes, and one byte to tell that there is
// more. Error not_found.
Result<std::string> read_document(const std::string& file);

}  // namespace patchbay::cli
