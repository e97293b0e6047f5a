// What concerns the whole server, and no environment of it.
#include "admin/actions.h"

namespace patchbay::admin {

Result<json::Value> reload(Context& context, const ApiRequest& request) {
  if (!request.principal.environment_id.empty()) {
    return fail(ErrorCode::permission_denied,
                "Only an API token of the whole instance may do that.");
  }
  if (context.reload) {
    return context.reload([&] { return context.control.check_standing(request.principal); });
  }
  return fail(ErrorCode::unsupported, "This server was started without a configuration to read.");
}

}  // namespace patchbay::admin
