// Changes through this API as events of the audit log: begun before they are made, and completed
// with what came of them.
#pragma once

#include "admin/api_request.h"
#include "admin/operation.h"
#include "base/error.h"
#include "json/value.h"

namespace patchbay::admin {

// Does what the operation does. Blocks. Errors: the action's; or unavailable: it could not be
// recorded, and was not done. What takes something away is done all the same.
Result<json::Value> carry_out_recorded(const Operation& operation, Context& context,
                                       const ApiRequest& request, const http::Request& raw);

}  // namespace patchbay::admin
