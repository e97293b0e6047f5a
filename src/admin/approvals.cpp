// Calls of MCP servers that wait for a person's yes.
#include "control/approvals.h"

#include <algorithm>
#include <array>

#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "base/text.h"

namespace patchbay::admin {
namespace {

constexpr std::array<std::string_view, 8> kApprovalStates{"pending", "sending", "done",    "failed",
                                                          "unknown", "refused", "expired", "stale"};

Result<control::ApprovalQuery> read_query(const ApiRequest& request) {
  control::ApprovalQuery query{
      .state = std::string(request.query_or("state", "")),
      .server_id = std::string(request.query_or("mcp_server_id", "")),
      .account_id = std::string(request.query_or("integrated_account_id", ""))};
  if (query.state.empty() ||
      std::ranges::find(kApprovalStates, query.state) != kApprovalStates.end()) {
    return query;
  }
  return fail(ErrorCode::invalid_argument, "'state' is none that an approval may have.",
              "It may be: " +
                  join(std::vector<std::string>(kApprovalStates.begin(), kApprovalStates.end())) +
                  ".");
}

Result<std::string> read_reason(const ApiRequest& request) {
  BodyReader read(request.body);
  return read.give(read.text("reason"));
}

Result<json::Value> decided(const Result<control::Approval>& approval) {
  if (!approval) return std::unexpected(approval.error());
  return detailed_view(*approval);
}

}  // namespace

Result<json::Value> list_approvals(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto query = read_query(request);
  if (!query) return std::unexpected(query.error());
  const auto found = context.control.approvals().approvals(request.principal, *query, *page);
  if (!found) return std::unexpected(found.error());
  return list_view(*found, *page, [](const control::Approval& one) { return view(one); });
}

Result<json::Value> get_approval(Context& context, const ApiRequest& request) {
  return decided(context.control.approvals().approval(request.principal, request.parameter("id")));
}

Result<json::Value> approve(Context& context, const ApiRequest& request) {
  auto reason = read_reason(request);
  if (!reason) return std::unexpected(reason.error());
  return decided(context.control.approvals().approve(request.principal, request.parameter("id"),
                                                     std::move(*reason)));
}

Result<json::Value> refuse_approval(Context& context, const ApiRequest& request) {
  auto reason = read_reason(request);
  if (!reason) return std::unexpected(reason.error());
  return decided(context.control.approvals().refuse(request.principal, request.parameter("id"),
                                                    std::move(*reason)));
}

Result<json::Value> link_approval(Context& context, const ApiRequest& request) {
  const auto link =
      context.control.approvals().make_link(request.principal, request.parameter("id"));
  if (!link) return std::unexpected(link.error());
  return json::Object{{"url", context.public_url + "/approve/" + link->token},
                      {"expires_at", view(std::optional(link->until))}};
}

}  // namespace patchbay::admin
