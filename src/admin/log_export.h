// The audit log as a file: made while it is read, and never held as a whole.
#pragma once

#include "admin/api_request.h"
#include "admin/authentication.h"
#include "admin/operation.h"
#include "base/error.h"
#include "http/message.h"
#include "io/runtime.h"

namespace patchbay::admin {

// `credentials`: asked for again while it goes on. Errors: invalid_argument, not_found,
// unsupported.
Result<http::Response> export_log(io::Runtime& runtime, Context& context, const ApiRequest& request,
                                  Credentials credentials);

}  // namespace patchbay::admin
