// What is asked of the audit log, as the list and the export read it.
#pragma once

#include "admin/api_request.h"
#include "audit/log.h"

namespace patchbay::admin {

// Errors: invalid_argument, not_found (an environment that the token does not see).
Result<audit::LogQuery> read_log_query(const ApiRequest& request);

}  // namespace patchbay::admin
