#include "servers/minted_server.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "catalog/discovery.h"
#include "integration/model.h"
#include "mcp/wire/fault.h"
#include "servers/approval_gate.h"
#include "servers/approval_words.h"
#include "servers/confirmation.h"
#include "servers/discovery.h"
#include "servers/file_block.h"
#include "servers/going_on.h"
#include "servers/member_words.h"
#include "servers/name_completion.h"
#include "servers/prompts.h"
#include "servers/spending.h"
#include "servers/unrun.h"
#include "upstream/rate_limit.h"

namespace patchbay::servers {
namespace {

std::optional<mcp::RateLimit> to_mcp(const std::optional<upstream::RateLimit>& known) {
  if (!known) return std::nullopt;
  return mcp::RateLimit{.limit = known->limit,
                        .remaining = known->remaining,
                        .reset_seconds = known->reset_seconds,
                        .retry_after_seconds = known->retry_after_seconds};
}

// While it lives, the conversation can say what the call waits for.
class ToldWaits {
 public:
  ToldWaits(mcp::Conversation& conversation, const gateway::Waits& waits)
      : conversation_(conversation) {
    if (conversation.wants_progress()) conversation.waits_for = [&waits] { return waits.text(); };
  }
  ToldWaits(const ToldWaits&) = delete;
  ToldWaits& operator=(const ToldWaits&) = delete;
  ~ToldWaits() { conversation_.waits_for = nullptr; }

 private:
  mcp::Conversation& conversation_;
};

// A call that is counted when it ends, however it does: failed, unless it is said to have gone
// well.
class CountedCall {
 public:
  explicit CountedCall(control::Use& use) : use_(use) {}
  CountedCall(const CountedCall&) = delete;
  CountedCall& operator=(const CountedCall&) = delete;
  ~CountedCall() { use_.called(failed_); }
  void went(bool failed) { failed_ = failed; }

 private:
  control::Use& use_;
  bool failed_ = true;
};

// Of many: whether each of them is.
bool is_only_shown(const catalog::Tool& tool, const json::Value& arguments) {
  if (!gateway::is_of_many(tool, arguments)) return gateway::is_dry_run(tool, arguments);
  return std::ranges::all_of(gateway::each_of(tool, arguments), [&tool](const json::Value& one) {
    return gateway::is_dry_run(tool, one);
  });
}

// Of calls that were not run, as their events have it.
constexpr std::string_view kConfirmationRequired = "confirmation_required";

std::vector<std::string> tool_names(const catalog::Toolset& toolset) {
  std::vector<std::string> names;
  names.reserve(toolset.tools().size());
  for (const catalog::Tool* tool : toolset.tools()) names.push_back(toolset.shown(*tool));
  if (toolset.exposure() == catalog::Exposure::discovery) {
    names.insert(names.begin(), catalog::kDiscoveryTools.begin(), catalog::kDiscoveryTools.end());
  }
  return names;
}

}  // namespace

// What runs on behalf of the server, whichever door it came through: asked again wherever it waits,
// and ended with what allowed it. `still_right` says what the door itself needs of the server as it
// is by then.
class MintedServer::Permit {
 public:
  using Question = std::function<bool(const control::McpServer& now)>;
  Permit(const MintedServer& server, mcp::Conversation& conversation, Question still_right)
      : server_(server),
        conversation_(conversation),
        still_right_(std::move(still_right)),
        running_(server.parts_.running, [this] { return holds(); }, [this] { end(); }) {}
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

  // An account that was opened anew has other credentials, or is of another site: whoever began
  // with the old one asked for something else.
  bool holds() const {
    const std::shared_ptr<const control::McpServer> now = server_.now();
    return now != nullptr && now->account->is_same_connection(*server_.server_->account) &&
           is_held_alike(*now, *server_.server_) && still_right_(*now);
  }
  gateway::CallContext context() const {
    gateway::CallContext context = server_.context_for(conversation_);
    context.still_allowed = [this] { return holds(); };
    context.revoked = revoked_.token();
    return context;
  }

 private:
  void end() {
    revoked_.cancel();
    if (conversation_.give_up) conversation_.give_up();
  }

  const MintedServer& server_;
  mcp::Conversation& conversation_;
  const Question still_right_;
  io::CancelSource revoked_;
  const RunningCalls::Entry running_;
};

// What runs stays in memory, so that now() tells what became of it.
MintedServer::MintedServer(const ServingParts& parts, const Admission& admission,
                           std::shared_ptr<const control::McpServer> server)
    : parts_(parts), admission_(admission), server_(std::move(server)) {
  server_->use->begin();
  if (admission_.api_token_use) admission_.api_token_use->begin();
}

MintedServer::~MintedServer() {
  server_->use->end();
  if (admission_.api_token_use) admission_.api_token_use->end();
}

std::string MintedServer::instructions() const {
  std::string text =
      *parts_.listings.instructions(server_->toolset, server_->account->time_zone().name());
  if (const std::string line = about_member(*server_); !line.empty()) text += "\n- " + line;
  return text;
}

mcp::SharedText MintedServer::tool_listing() const {
  return parts_.listings.tools_of(*server_);
}

std::optional<mcp::Listings> MintedServer::current_listings() const {
  const std::shared_ptr<const control::McpServer> now = this->now();
  if (now == nullptr) return std::nullopt;
  return mcp::Listings{.tools = parts_.listings.tools_of(*now),
                       .prompts = parts_.listings.prompts(now->toolset)};
}

std::shared_ptr<const control::McpServer> MintedServer::now() const {
  std::shared_ptr<const control::McpServer> server = parts_.current.still(admission_.server);
  if (server == nullptr || server->id != server_->id || server->paused) return nullptr;
  // What a person lets through was asked for from where it was allowed.
  if (!admission_.approved && !server->allows(admission_.address)) return nullptr;
  const bool admitted =
      !server->require_api_token_auth || admission_.approved ||
      (admission_.api_token && parts_.current.admits(*admission_.api_token, *server) != nullptr);
  return admitted ? server : nullptr;
}

audit::Caller MintedServer::caller_of(const mcp::Conversation& conversation) const {
  return {.keeps = server_,
          .environment_id = server_->environment_id,
          .account_id = server_->account->id(),
          .server_id = server_->id,
          .api_token_id = admission_.api_token_id,
          .member = me_shown(*server_),
          .client = conversation.client.name,
          .client_version = conversation.client.version,
          .session_id = conversation.client.session_id};
}

gateway::CallContext MintedServer::context_for(const mcp::Conversation& conversation) const {
  gateway::CallContext context;
  context.account = server_->account;
  context.toolset = server_->toolset.get();
  context.scope_id = server_->id;
  context.reach = server_->reach;
  context.member = server_->member;
  context.request_id = conversation.request_id;
  context.caller = caller_of(conversation);
  context.max_result_bytes = server_->max_result_bytes;
  context.max_file_bytes = server_->max_file_bytes;
  context.traceparent = conversation.traceparent;
  context.tracestate = conversation.tracestate;
  context.span = conversation.span;
  context.wait_on_rate_limit = server_->wait_on_rate_limit;
  context.cancel = conversation.cancel;
  context.receipt = conversation.receipt;
  return context;
}

// A call of a tool, and what stands before it: its quota, a person's approval, the user's yes. Each
// is a step of its own, which says what is returned instead; nothing: the call goes on.
class MintedServer::ToolCall {
 public:
  using Instead = std::optional<mcp::ServerOutcome>;
  ToolCall(const MintedServer& server, const catalog::Tool& tool, json::Value arguments,
           mcp::Conversation& conversation, const UnrunCall& unrun)
      : server_(server),
        minted_(*server.server_),
        tool_(tool),
        arguments_(std::move(arguments)),
        conversation_(conversation),
        unrun_(unrun),
        is_of_many_(gateway::is_of_many(tool, arguments_)),
        only_shown_(tool.method->writes() && is_only_shown(tool, arguments_)),
        needs_yes_(!only_shown_ && needs_any_confirmation(tool, arguments_)),
        is_held_(!only_shown_ && waits_for_approval(minted_, tool)),
        permit_(server, conversation,
                [this](const control::McpServer& now) { return is_still_right(now); }) {}

  io::Task<Instead> spend_call() { co_return co_await spend_one(control::QuotaMeter::What::call); }
  io::Task<Instead> wait_for_approval() {
    // Of many each waits by itself, once it is its turn.
    if (!is_held_ || is_of_many_) co_return std::nullopt;
    co_return co_await hold(tool_, arguments_, unrun_);
  }
  io::Task<Instead> ask_user() {
    if (minted_.confirm_writes && needs_yes_) {
      auto instead = co_await confirm(tool_, arguments_, conversation_);
      if (instead) note_unrun(kConfirmationRequired);
      co_return instead;
    }
    if (minted_.confirm_writes && may_need_confirmation(tool_)) {
      arguments_.if_object()->erase(kConfirmationArgument);
    }
    co_return std::nullopt;
  }
  // What waits for a person was counted when it was asked for: the yes shall not come to nothing.
  io::Task<Instead> spend_rest() {
    if (is_held_ || is_of_many_) co_return std::nullopt;
    co_return co_await spend_write();
  }
  io::Task<mcp::TextOutcome> run() {
    gateway::CallContext context = permit_.context();
    if (is_of_many_) {
      context.before_each = [this](const catalog::Tool& tool, const json::Value& record) {
        return before_each(tool, record);
      };
    }
    gateway::Waits waits;
    const ToldWaits told(conversation_, waits);
    if (conversation_.wants_progress()) {
      context.waits = &waits;
      context.on_progress = [this](std::int64_t done, std::int64_t total,
                                   std::string_view message) {
        conversation_.progress(static_cast<double>(done), static_cast<double>(total), message);
      };
    }
    gateway::CallResult result =
        co_await server_.parts_.gateway.call(tool_, std::move(arguments_), std::move(context));
    if (result.is_error) conversation_.span.fail("tool_error");
    server_.note_credentials(result);
    if (only_shown_ && !result.is_error && waits_for_approval(minted_, tool_)) {
      add_would_wait(result.text, minted_.max_result_bytes);
    }
    co_return mcp::TextOutcome{
        .text = std::move(result.text),
        .is_error = result.is_error,
        .rate_limit = nearer(to_mcp(result.rate_limit), quota_),
        .structured = minted_.structured_output,
        .further_blocks = result.file ? file_block(*result.file) : std::string()};
  }

 private:
  // What was narrowed meanwhile may have lost the tool, or asks for a yes that nobody gave.
  bool is_still_right(const control::McpServer& now) const {
    const bool was_asked = minted_.confirm_writes && needs_yes_;
    return still_has(now, minted_, tool_) && (was_asked || !needs_yes_ || !now.confirm_writes) &&
           (only_shown_ || !asks_for_more(minted_, now, tool_));
  }
  io::Task<Instead> hold(const catalog::Tool& tool, const json::Value& arguments,
                         const UnrunCall& unrun) {
    const auto& parts = server_.parts_;
    const auto& second_factor = server_.admission_.api_token;
    const HeldCall held{
        .parts = parts,
        .server = minted_,
        .tool = tool,
        .asked_with = second_factor ? parts.current.api_token_id(*second_factor) : std::string(),
        .by = server_.caller_of(conversation_),
        .unrun = unrun,
        .count = [this] { return spend_write(); },
        .is_one_of_many = is_of_many_};
    co_return co_await hold_for_approval(held, arguments, permit_.context(), conversation_);
  }
  // What stands before a write, for one of many. The quota of calls has counted them as one.
  io::Task<std::optional<gateway::CallResult>> before_each(const catalog::Tool& tool,
                                                           const json::Value& record) {
    if (gateway::is_dry_run(tool, record)) co_return std::nullopt;
    if (&tool != &tool_ && minted_.confirm_writes && needs_confirmation(tool, record)) {
      co_return not_asked_about(tool);
    }
    const UnrunCall unrun(server_.parts_.gateway, server_.parts_.control.clock(), conversation_,
                          tool.name);
    const Instead instead = waits_for_approval(minted_, tool) ? co_await hold(tool, record, unrun)
                                                              : co_await spend_write();
    if (!instead) co_return std::nullopt;
    const auto& text = std::get<mcp::TextOutcome>(*instead);
    gateway::CallResult result;
    result.text = text.text;
    result.is_error = text.is_error;
    if (!text.is_error) result.was_applied = gateway::Applied::yes;
    co_return result;
  }
  // The question was about what brings it along.
  gateway::CallResult not_asked_about(const catalog::Tool& tool) const {
    const gateway::ToolError error{
        .code = ErrorCode::permission_denied,
        .message = "It has something sent out, which a person has to agree to first.",
        .hint = "Call " + minted_.toolset->shown(tool) + " for it: that asks."};
    gateway::CallResult result;
    result.text = gateway::to_json(error, conversation_.request_id);
    result.is_error = true;
    return result;
  }
  io::Task<Instead> spend_one(control::QuotaMeter::What what) {
    if (!minted_.quota) co_return std::nullopt;
    Spent spent = co_await spend(
        server_.parts_, minted_, what, [this] { return permit_.holds(); }, conversation_);
    if (spent.refused) {
      note_unrun(to_string(ErrorCode::rate_limited));
      co_return std::move(*spent.refused);
    }
    quota_ = nearer(quota_, spent.counted);
    co_return std::nullopt;
  }
  io::Task<Instead> spend_write() {
    if (!tool_.method->writes() || only_shown_) co_return std::nullopt;
    co_return co_await spend_one(control::QuotaMeter::What::write);
  }

  void note_unrun(std::string_view code) const {
    const bool writes = tool_.method->writes() && !only_shown_;
    unrun_.refused(server_.caller_of(conversation_),
                   writes ? audit::Kind::write : audit::Kind::read, code);
  }

  const MintedServer& server_;
  const control::McpServer& minted_;
  const catalog::Tool& tool_;
  json::Value arguments_;
  mcp::Conversation& conversation_;
  const UnrunCall& unrun_;
  // What is only shown needs no yes; the gateway decides by the very same question.
  const bool is_of_many_;
  const bool only_shown_;
  const bool needs_yes_;
  const bool is_held_;
  std::optional<mcp::RateLimit> quota_;
  const Permit permit_;
};

void MintedServer::note_credentials(const gateway::CallResult& result) const {
  if (!result.credentials_refused || !parts_.credentials_refused) return;
  parts_.credentials_refused(*server_);
}

io::Task<mcp::ServerOutcome> MintedServer::call_tool(std::string name, json::Value arguments,
                                                     mcp::Conversation& conversation) const {
  CountedCall counted(*server_->use);
  if (server_->toolset->exposure() == catalog::Exposure::discovery) {
    if (const auto own = catalog::discovery_tool(name)) {
      const audit::Caller by = caller_of(conversation);
      const DiscoveryCall asked{.parts = parts_,
                                .server = *server_,
                                .by = by,
                                .tool = *own,
                                .conversation = conversation};
      if (auto answer = co_await answer_discovery(asked, name, arguments)) {
        counted.went(answer->is_error);
        co_return std::move(*answer);
      }
    }
  }
  const UnrunCall unrun(parts_.gateway, parts_.control.clock(), conversation, name);
  if (server_->approvals && name == kApprovalStatusTool) {
    counted.went(false);
    unrun.answered(caller_of(conversation));
    co_return co_await approval_status(parts_, *server_, std::move(arguments), conversation);
  }
  const catalog::Tool* tool = server_->toolset->find(name);
  if (tool == nullptr) {
    unrun.refused(caller_of(conversation), audit::Kind::read, kUnknownTool);
    co_return mcp::unknown_name("tool", name, tool_names(*server_->toolset));
  }
  // Its name is known to be one of ours, and no text of the caller's.
  if (conversation.span) {
    conversation.span.rename("tools/call " + tool->name);
    conversation.span.say("gen_ai.operation.name", "execute_tool");
    conversation.span.say("gen_ai.tool.name", tool->name);
    conversation.span.say("patchbay.account.id", server_->account->id());
  }
  ToolCall call(*this, *tool, std::move(arguments), conversation, unrun);
  if (auto refused = co_await call.spend_call()) co_return std::move(*refused);
  auto asked = co_await call.wait_for_approval();
  if (!asked) asked = co_await call.ask_user();
  if (asked) {
    counted.went(false);
    co_return std::move(*asked);
  }
  if (auto refused = co_await call.spend_rest()) co_return std::move(*refused);
  mcp::TextOutcome outcome = co_await call.run();
  counted.went(outcome.is_error);
  co_return outcome;
}

io::Task<control::Sent> MintedServer::send_approved(const control::Approval& approval,
                                                    mcp::Conversation& conversation) const {
  using State = control::Sent::State;
  const std::string& name = approval.row.tool;
  const catalog::Tool* tool = server_->toolset->find(name);
  const json::Value* shown = approval.content.find("shown");
  const json::Value* arguments = approval.content.find("arguments");
  if (tool == nullptr || shown == nullptr || arguments == nullptr) {
    const Error gone{ErrorCode::not_found, "The MCP server has no tool '" + name + "' any more.",
                     "Nothing was sent."};
    co_return control::Sent{.state = State::failed,
                            .text = tell_error(gone, conversation.request_id).text,
                            .shown_now = {}};
  }
  const Permit permit(*this, conversation, [&](const control::McpServer& now) {
    return still_has(now, *server_, *tool);
  });
  gateway::CallContext context = permit.context();
  context.approved = shown;
  context.write_key = approval.row.id;
  context.caller.approved_by = approval.row.decided_by;
  gateway::CallResult result = co_await parts_.gateway.call(*tool, *arguments, std::move(context));
  note_credentials(result);
  const State state = !result.shown_now.is_null()                  ? State::changed
                      : !result.is_error                           ? State::done
                      : result.was_applied == gateway::Applied::no ? State::failed
                                                                   : State::unknown;
  co_return control::Sent{
      .state = state, .text = std::move(result.text), .shown_now = std::move(result.shown_now)};
}

io::Task<std::expected<mcp::Completion, mcp::Fault>> MintedServer::complete_prompt(
    const json::Value& reference, std::string argument, std::string value,
    mcp::Conversation& conversation) const {
  const std::string name(reference.string_or("name", ""));
  const integration::Prompt* prompt = find_prompt(*server_->toolset, name);
  if (prompt == nullptr) {
    co_return std::unexpected(mcp::unknown_name("prompt", name, prompt_names(*server_->toolset)));
  }
  for (const integration::PromptArgument& known : prompt->arguments) {
    if (known.name != argument) continue;
    if (known.completes.empty()) co_return mcp::Completion{};
    const Permit permit(*this, conversation, [&](const control::McpServer& now) {
      return find_prompt(*now.toolset, name) != nullptr &&
             lists_names_of(*now.toolset, known.completes);
    });
    mcp::Completion found = co_await complete_names(
        parts_.gateway, *server_->toolset, known.completes, std::move(value), permit.context());
    co_return permit.holds() ? std::move(found) : mcp::Completion{};
  }
  co_return std::unexpected(mcp::invalid_params("completion/complete: prompt " + name +
                                                " has no argument \"" + argument + "\"."));
}

}  // namespace patchbay::servers
