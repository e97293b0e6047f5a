// Who asks: the API token of a request, read where it is not in memory.
#pragma once

#include <string>

#include "base/error.h"
#include "control/control_plane.h"
#include "io/runtime.h"

namespace patchbay::admin {

// Errors: unauthenticated, unavailable.
io::Task<Result<control::Principal>> authenticate(io::Runtime& runtime,
                                                  control::ControlPlane& control,
                                                  std::string api_token);

}  // namespace patchbay::admin
