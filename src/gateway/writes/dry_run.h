// In place of a write: the request that it would have sent.
#pragma once

#include <string>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"

namespace patchbay::gateway {

// {"dry_run": true, "request": {…}}. Without the sign-in, and without a file's content.
std::string show_request(Call& call, const Prepared& prepared);

}  // namespace patchbay::gateway
