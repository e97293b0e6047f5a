#include "admin/recorded.h"

#include <chrono>
#include <memory>
#include <utility>
#include <variant>

#include "audit/journal.h"
#include "control/approvals.h"
#include "control/server_member.h"
#include "control/webhooks.h"

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

audit::Event event_of(About about, std::string token_id, std::string_view operation,
                      std::string request_id, std::string target) {
  const auto known = std::make_shared<const About>(std::move(about));
  return {.by = {.keeps = known,
                 .environment_id = known->environment_id,
                 .account_id = known->account_id,
                 .server_id = known->server_id,
                 .api_token_id = std::move(token_id),
                 .member = known->member},
          .kind = audit::Kind::change,
          .tool = operation,
          .request_id = std::move(request_id),
          .target = std::move(target),
          .check = "See whether it was made: read what it names."};
}

bool takes_away(const Operation& operation) {
  return operation.route.method == http::Method::delete_ ||
         operation.route.pattern.ends_with("/rotate");
}

Result<json::Value> record_change(audit::Journal& journal, audit::Event event, bool takes_away,
                                  const std::function<Result<json::Value>()>& change) {
  auto begun = journal.begin({.event = std::move(event)});
  if (!begun && !takes_away) {
    return fail(ErrorCode::unavailable,
                "The database does not take the record of the change; it was not made.",
                "Try again in a few seconds.");
  }
  const auto began = std::chrono::steady_clock::now();
  auto done = change();
  if (!begun) return done;
  audit::Ending ending{.outcome = done ? audit::Outcome::done : audit::Outcome::failed,
                       .error_code = done ? "" : to_string(done.error().code),
                       .duration = std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::steady_clock::now() - began)};
  if (done) ending.record_id = done->string_or("id", "");
  // If it cannot be written now it is tried again.
  static_cast<void>(
      journal.end(std::get<audit::Go>(std::move(*begun)), audit::Unknown{}, std::move(ending)));
  return done;
}

}  // namespace

Result<json::Value> carry_out_recorded(const Operation& operation, Context& context,
                                       const ApiRequest& request, const http::Request& raw) {
  if (!context.log.journal || operation.route.method == http::Method::get) {
    return operation.action(context, request);
  }
  return record_change(
      *context.log.journal,
      event_of(about(context, request, operation.route.pattern), request.principal.token_id,
               operation.words.id, raw.id, std::string(raw.path)),
      takes_away(operation), [&] { return operation.action(context, request); });
}

Result<json::Value> decide_recorded(audit::Journal& journal, const LinkDecision& decision,
                                    const std::function<Result<json::Value>()>& decide) {
  const store::ApprovalRow& row = decision.approval;
  return record_change(journal,
                       event_of(about(row), decision.token_id, decision.operation,
                                decision.request_id, "/approval/" + row.id),
                       false, decide);
}

}  // namespace patchbay::admin
