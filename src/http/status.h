// Statuses: which one says the same as an error code, and their reason phrases.
#pragma once

#include <string_view>

#include "base/error.h"

namespace patchbay::http {

int status_of(ErrorCode code);

std::string_view reason_of(int status);  // "Not Found"; empty if unknown

}  // namespace patchbay::http
