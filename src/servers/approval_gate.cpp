#include "servers/approval_gate.h"

#include <chrono>
#include <utility>

#include "audit/change.h"
#include "control/approvals.h"
#include "io/runtime.h"
#include "servers/approval_words.h"
#include "servers/confirmation.h"

namespace patchbay::servers {
namespace {

// As for confirm_writes: clients give up after one to five minutes themselves.
constexpr std::chrono::seconds kPatienceForAnswer{120};

// Of a call that is refused for what it asks for, before anybody is asked.
constexpr std::string_view kRefusedUnasked = "refused_before_approval";

mcp::ServerOutcome told(const HeldCall& held, const Result<control::Approval>& approval,
                        const mcp::Conversation& conversation) {
  const std::string_view code = approval ? code_of(*approval) : to_string(approval.error().code);
  if (code.empty()) {
    held.unrun.answered(held.by);
  } else {
    held.unrun.refused(held.by, audit::Kind::write, code);
  }
  mcp::TextOutcome outcome = approval ? tell_of(*approval, conversation.request_id)
                                      : tell_error(approval.error(), conversation.request_id);
  outcome.structured = held.server.structured_output;
  return outcome;
}

// In words of a line, and with all that is shown of it.
json::Value content_of(const HeldCall& held, json::Value arguments, gateway::Preview preview,
                       const mcp::Conversation& conversation) {
  json::Object content;
  content.append("title", held.tool.title);
  content.append("summary", held.tool.title + ": " + say_request(preview.shown));
  content.append("arguments", std::move(arguments));
  content.append("shown", std::move(preview.shown));
  if (!preview.notice.empty()) content.append("notice", std::move(preview.notice));
  if (!conversation.client.name.empty()) {
    content.append("client", conversation.client.name + ' ' + conversation.client.version);
  }
  content.append("request_id", conversation.request_id);
  if (!held.asked_with.empty()) content.append("asked_with", held.asked_with);
  return content;
}

// As the same decision in the admin API; who decides is the person at the client.
audit::Change decision_of(const HeldCall& held, const control::Approval& approval, bool yes) {
  return {.environment_id = approval.row.environment_id,
          .account_id = approval.row.account_id,
          .server_id = approval.row.server_id,
          .api_token_id = held.by.api_token_id,
          .client = held.by.client,
          .client_version = held.by.client_version,
          .session_id = held.by.session_id,
          .approved_by = "client",
          .operation = yes ? "approve" : "refuse",
          .target = "/approval/" + approval.row.id};
}

// Takes what the person at the client answered. Nothing: they are still to be asked.
io::Task<Result<control::Approval>> take_answer(const HeldCall& held, control::Approval approval,
                                                const json::Value& answer) {
  control::Approvals& approvals = held.parts.approvals;
  const Answered answered = read_answer(answer);
  if (answered == Answered::later) co_return approval;
  const std::string id = approval.row.id;
  const bool yes = answered == Answered::yes;
  const auto journal = held.parts.gateway.journal();
  co_return co_await held.parts.runtime.run_blocking([&]() -> Result<control::Approval> {
    const auto decide = [&] {
      return yes ? approvals.approve_at_client(id) : approvals.refuse_at_client(id);
    };
    if (!journal) return decide();
    return audit::make_recorded<control::Approval>(
        *journal, decision_of(held, approval, yes), false, decide,
        [](const control::Approval& decided) { return decided.row.id; });
  });
}

// The person at the client decides where the config says so and the client can ask; else it waits.
io::Task<mcp::ServerOutcome> wait_for_yes(const HeldCall& held, control::Approval approval,
                                          mcp::Conversation& conversation) {
  const bool may_ask =
      held.server.approvals->by_client && approval.row.state == "pending" && !held.is_one_of_many;
  auto form = may_ask ? approval_form(approval) : std::nullopt;
  const bool is_modern = conversation.client.era == mcp::Era::modern;
  if (form && is_modern && conversation.client.declares("elicitation")) {
    const json::Value* const answer = conversation.input_responses.find("approve");
    // Only an answer to a question of ours counts: the state names the approval that was shown.
    if (answer != nullptr && conversation.state.string_or("approval", "") == approval.row.id) {
      const json::Value given = *answer;
      co_return told(held, co_await take_answer(held, std::move(approval), given), conversation);
    }
    mcp::InputRequired needed;
    needed.requests["approve"]["method"] = "elicitation/create";
    needed.requests["approve"]["params"] = std::move(*form);
    needed.state["approval"] = approval.row.id;
    held.unrun.refused(held.by, audit::Kind::write, code_of(approval));
    co_return mcp::ServerOutcome(std::move(needed));
  }
  if (form && !is_modern && conversation.can_ask("elicitation")) {
    const auto answer =
        co_await conversation.ask("elicitation/create", std::move(*form), kPatienceForAnswer);
    if (answer) {
      const json::Value& given = *answer;
      co_return told(held, co_await take_answer(held, std::move(approval), given), conversation);
    }
  }
  co_return told(held, approval, conversation);
}

}  // namespace

io::Task<std::optional<mcp::ServerOutcome>> hold_for_approval(const HeldCall& held,
                                                              json::Value arguments,
                                                              gateway::CallContext context,
                                                              mcp::Conversation& conversation) {
  control::Approvals& approvals = held.parts.approvals;
  const control::ApprovalRules& rules = *held.server.approvals;
  if (held.server.confirm_writes) arguments.if_object()->erase(kConfirmationArgument);
  const std::string digest = approvals.call_digest(held.server.id, held.tool.name, arguments);
  auto known = co_await held.parts.runtime.run_blocking(
      [&approvals, &held, &digest] { return approvals.of_call(held.server.id, digest); });
  if (!known) co_return told(held, std::unexpected(known.error()), conversation);
  if (*known) co_return co_await wait_for_yes(held, std::move(**known), conversation);

  // Asked for again, it counts no second time: whoever waits looks again and again.
  if (auto refused = co_await held.count()) co_return refused;
  const bool always = approval_need(rules, held.tool) == control::ApprovalNeed::always;
  const auto asks = [&rules, &held, always](const json::Object& values) {
    return always || amount_needs_approval(rules, held.tool, values);
  };
  gateway::Preview preview =
      co_await held.parts.gateway.preview(held.tool, arguments, std::move(context), asks);
  if (preview.refused) {
    if (preview.refused->credentials_refused && held.parts.credentials_refused) {
      held.parts.credentials_refused(held.server);
    }
    held.unrun.refused(held.by, audit::Kind::write, kRefusedUnasked);
    co_return mcp::TextOutcome{.text = std::move(preview.refused->text),
                               .is_error = true,
                               .structured = held.server.structured_output};
  }
  if (preview.shown.is_null()) co_return std::nullopt;
  const control::NewApproval asked{
      .environment_id = held.server.environment_id,
      .account_id = held.server.account->id(),
      .server_id = held.server.id,
      .tool = held.tool.name,
      .digest = digest,
      .content = content_of(held, std::move(arguments), std::move(preview), conversation),
      .lifetime = rules.lifetime};
  auto stored = co_await held.parts.runtime.run_blocking(
      [&approvals, &asked] { return approvals.ask(asked); });
  if (!stored) co_return told(held, stored, conversation);
  co_return co_await wait_for_yes(held, std::move(*stored), conversation);
}

io::Task<mcp::ServerOutcome> approval_status(const ServingParts& parts,
                                             const control::McpServer& server,
                                             json::Value arguments,
                                             mcp::Conversation& conversation) {
  control::Approvals& approvals = parts.approvals;
  const std::string id(arguments.string_or("approval_id", ""));
  const json::Object* const members = arguments.if_object();
  const bool is_asked = !id.empty() && members != nullptr && members->size() == 1;
  Result<control::Approval> found = fail(
      ErrorCode::invalid_argument, "get_approval_status takes 'approval_id', and nothing else.",
      "It is the id that the call which waits was answered with: apr_…");
  if (is_asked) {
    found = co_await parts.runtime.run_blocking(
        [&approvals, &server, &id] { return approvals.of_server(server.id, id); });
  }
  mcp::TextOutcome outcome =
      found ? tell_status(*found) : tell_error(found.error(), conversation.request_id);
  outcome.structured = server.structured_output;
  co_return outcome;
}

}  // namespace patchbay::servers
