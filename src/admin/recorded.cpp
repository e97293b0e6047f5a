#include "admin/recorded.h"

#include <algorithm>
#include <utility>

#include "audit/change.h"
#include "audit/journal.h"
#include "control/approvals.h"
#include "control/server_member.h"
#include "control/webhooks.h"
#include "http/url.h"

namespace patchbay::admin {
namespace {

// What a change is about, as far as it is known before it is made: the event stays with it.
struct About {
  std::string environment_id;
  std::string account_id;
  std::string server_id;
  std::string member;  // whose the server is, before the change
};

About about(const store::ApprovalRow& row) {
  return {.environment_id = row.environment_id,
          .account_id = row.account_id,
          .server_id = row.server_id};
}

About about(const Context& context, const ApiRequest& request, std::string_view pattern) {
  About found{.environment_id = request.principal.environment_id};
  const auto id = request.path.find("id");
  if (pattern.starts_with("/integrated-account/:id") && id != request.path.end()) {
    const auto account = context.control.account(request.principal, id->second);
    if (account) {
      found.environment_id = account->environment_id;
      found.account_id = account->id;
    }
    if (const auto server = request.path.find("mcp_id"); server != request.path.end()) {
      found.server_id = server->second;
      const auto row =
          account ? context.control.mcp_server(request.principal, id->second, server->second)
                  : fail(ErrorCode::not_found, "");
      const auto member = row ? control::member_of(*row) : nullptr;
      if (member) found.member = member->label();
    }
  }
  if (pattern.starts_with("/approval/:id") && id != request.path.end()) {
    const auto approval = context.control.approvals().approval(request.principal, id->second);
    if (approval) found = about(approval->row);
  }
  if (pattern.starts_with("/webhook/:id") && id != request.path.end()) {
    const auto webhook = context.control.webhooks().webhook(request.principal, id->second);
    if (webhook) found.environment_id = webhook->environment_id;
  }
  if (!found.environment_id.empty()) return found;
  // Only of one that is there: a chain is begun for nothing else.
  std::string wanted;
  if (pattern == "/environment/:id" && id != request.path.end()) wanted = id->second;
  if (const json::Value* const given = request.body.find("environment_id")) {
    if (const std::string* const text = given->if_string()) wanted = *text;
  }
  if (!wanted.empty() && context.control.environment(request.principal, wanted)) {
    found.environment_id = wanted;
  }
  return found;
}

audit::Change change_of(About about, std::string token_id, std::string_view operation,
                        std::string request_id, std::string target, std::string session_id = {}) {
  return {.environment_id = std::move(about.environment_id),
          .account_id = std::move(about.account_id),
          .server_id = std::move(about.server_id),
          .api_token_id = std::move(token_id),
          .member = std::move(about.member),
          .session_id = std::move(session_id),
          .operation = operation,
          .request_id = std::move(request_id),
          .target = std::move(target)};
}

std::string id_of(const json::Value& made) {
  return std::string(made.string_or("id", ""));
}

bool takes_away(const Operation& operation) {
  return operation.route.method == http::Method::delete_ ||
         operation.route.pattern.ends_with("/rotate");
}

}  // namespace

bool makes_change(const Operation& operation, const http::Request& request) {
  if (!operation.changes || operation.route.method == http::Method::get) return false;
  const bool can_be_shown =
      std::ranges::find(operation.query, kPreview, &QueryParameter::name) != operation.query.end();
  if (!can_be_shown) return true;
  const auto pairs = http::parse_query(request.query);
  const std::pair<std::string, std::string> shown(kPreview, "true");
  return !pairs || std::ranges::find(*pairs, shown) == pairs->end();
}

Result<json::Value> carry_out_recorded(const Operation& operation, Context& context,
                                       const ApiRequest& request, const http::Request& raw) {
  if (!context.log.journal || !makes_change(operation, raw)) {
    return operation.action(context, request);
  }
  return audit::make_recorded<json::Value>(
      *context.log.journal,
      change_of(about(context, request, operation.route.pattern), request.principal.token_id,
                operation.words.id, raw.id, std::string(raw.path),
                request.session ? request.session->id : std::string()),
      takes_away(operation), [&] { return operation.action(context, request); }, id_of);
}

Result<json::Value> decide_recorded(audit::Journal& journal, const LinkDecision& decision,
                                    const std::function<Result<json::Value>()>& decide) {
  const store::ApprovalRow& row = decision.approval;
  audit::Change change = change_of(about(row), decision.token_id, decision.operation,
                                   decision.request_id, "/approval/" + row.id);
  change.approved_by = "link of " + decision.token_id;
  return audit::make_recorded<json::Value>(journal, std::move(change), false, decide, id_of);
}

}  // namespace patchbay::admin
