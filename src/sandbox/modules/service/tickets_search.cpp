// /service/tickets/search.
#include "sandbox/modules/service/tickets_search.h"

#include <fmt/core.h>

#include "base/text.h"
#include "json/parse.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/body_position.h"
#include "sandbox/operations/module_endpoint.h"

namespace patchbay::sandbox {
namespace {

// POST /service/tickets/search: filters in the body, everything else in the query string.
ApiResult<ApiResponse> search_tickets(const ApiCall& call) {
  auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body || !body->is_object()) {
    return std::unexpected(
        ApiError{400, "ConnectWiseApi", "The request body is not valid JSON.", {}});
  }
  ApiCall filtered = call;
  for (const auto& [name, value] : *body->if_object()) {
    bool known = false;
    for (const std::string_view one :
         {"conditions", "orderBy", "childConditions", "customFieldConditions"}) {
      if (!equal_ignoring_case(one, name)) continue;
      known = true;
      if (const std::string* text = value.if_string()) filtered.query.set(one, *text);
    }
    if (!known) return std::unexpected(unknown_member(name, "FilterValues", call.body));
  }
  // 200, though the vendor's document says 201.
  return list(filtered, call.db.table("tickets"), std::nullopt);
}

}  // namespace

void add_ticket_search_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::post, "service/tickets/search", search_tickets});
}

}  // namespace patchbay::sandbox
