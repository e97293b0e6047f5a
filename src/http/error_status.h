// Error codes as HTTP statuses.
#pragma once

#include "base/error.h"

namespace patchbay::http {

int status_of(ErrorCode code);

}  // namespace patchbay::http
