// Changes through this API as events of the audit log: begun before they are made, and completed
// with what came of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "admin/api_request.h"
#include "admin/operation.h"
#include "audit/journal.h"
#include "base/error.h"
#include "json/value.h"
#include "store/approval_rows.h"

namespace patchbay::admin {

// Whether it does, and does not only tell what it would do.
bool makes_change(const Operation& operation, const http::Request& request);

// Does what the operation does. Blocks. Errors: the action's; or unavailable: it could not be
// recorded, and was not done. What takes something away is done all the same.
Result<json::Value> carry_out_recorded(const Operation& operation, Context& context,
                                       const ApiRequest& request, const http::Request& raw);

// A decision about an approval by a link, whoever holds it.
struct LinkDecision {
  const store::ApprovalRow& approval;  // as it was before
  std::string token_id;                // of who made the link
  std::string_view operation;
  std::string request_id;
};
// The same for `decide`.
Result<json::Value> decide_recorded(audit::Journal& journal, const LinkDecision& decision,
                                    const std::function<Result<json::Value>()>& decide);

}  // namespace patchbay::admin
