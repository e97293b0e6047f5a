#include "servers/minted_server.h"

#include <utility>

#include "catalog/instructions.h"
#include "integration/model.h"
#include "mcp/wire/fault.h"
#include "servers/confirmation.h"
#include "servers/file_block.h"
#include "servers/name_completion.h"
#include "servers/prompts.h"
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

// Whether a call of `then` could be made with what the tool is `now`: a composite that lost one of
// its steps reaches less.
bool reaches_as_far(const catalog::Tool* now, const catalog::Tool& then) {
  if (now == nullptr || now->steps.size() != then.steps.size()) return false;
  for (std::size_t i = 0; i < then.steps.size(); ++i) {
    if (then.steps[i] != nullptr && now->steps[i] == nullptr) return false;
  }
  return true;
}

// What was begun under other limits asked for something else.
bool is_held_alike(const control::McpServer& now, const control::McpServer& then) {
  if (now.reach == then.reach) return true;
  return now.reach != nullptr && then.reach != nullptr &&
         now.reach->digest() == then.reach->digest();
}

std::vector<std::string> tool_names(const catalog::Toolset& toolset) {
  std::vector<std::string> names;
  names.reserve(toolset.tools().size());
  for (const catalog::Tool* tool : toolset.tools()) names.push_back(tool->name);
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
    return now != nullptr && now->account == server_.server_->account &&
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
  return catalog::instructions(*server_->toolset, server_->account->time_zone().name());
}

mcp::SharedText MintedServer::listing_of(const control::McpServer& server) const {
  return parts_.listings.tools(server.toolset,
                               {.structured_output = server.structured_output,
                                .confirm_writes = server.confirm_writes,
                                .result_bytes = server.max_result_bytes,
                                .held = limits_shown(server.reach.get())},
                               server.reach.get());
}

mcp::SharedText MintedServer::tool_listing() const {
  return listing_of(*server_);
}

std::optional<mcp::Listings> MintedServer::current_listings() const {
  const std::shared_ptr<const control::McpServer> now = this->now();
  if (now == nullptr) return std::nullopt;
  return mcp::Listings{.tools = listing_of(*now), .prompts = parts_.listings.prompts(now->toolset)};
}

std::shared_ptr<const control::McpServer> MintedServer::now() const {
  std::shared_ptr<const control::McpServer> server = parts_.current.still(admission_.server);
  if (server == nullptr || server->id != server_->id) return nullptr;
  const bool admitted =
      !server->require_api_token_auth ||
      (admission_.api_token && parts_.current.admits(*admission_.api_token, *server) != nullptr);
  return admitted ? server : nullptr;
}

gateway::CallContext MintedServer::context_for(const mcp::Conversation& conversation) const {
  gateway::CallContext context;
  context.account = server_->account;
  context.scope_id = server_->id;
  context.reach = server_->reach;
  context.request_id = conversation.request_id;
  context.max_result_bytes = server_->max_result_bytes;
  context.max_file_bytes = server_->max_file_bytes;
  context.traceparent = conversation.traceparent;
  context.wait_on_rate_limit = server_->wait_on_rate_limit;
  context.cancel = conversation.cancel;
  context.receipt = conversation.receipt;
  return context;
}

io::Task<mcp::ServerOutcome> MintedServer::call_tool(std::string name, json::Value arguments,
                                                     mcp::Conversation& conversation) const {
  const catalog::Tool* tool = server_->toolset->find(name);
  if (tool == nullptr) co_return mcp::unknown_name("tool", name, tool_names(*server_->toolset));
  // What is only shown needs no yes; the gateway decides by the very same question.
  const bool needs_yes =
      needs_confirmation(*tool, arguments) && !gateway::is_dry_run(*tool, arguments);
  const bool asks = server_->confirm_writes && needs_yes;
  // What was narrowed meanwhile may have lost the tool, or asks for a yes that nobody gave.
  const Permit permit(*this, conversation, [&](const control::McpServer& now) {
    return reaches_as_far(now.toolset->find(name), *tool) &&
           (asks || !needs_yes || !now.confirm_writes);
  });
  if (asks) {
    std::optional<mcp::ServerOutcome> instead = co_await confirm(*tool, arguments, conversation);
    if (instead) co_return std::move(*instead);
  } else if (server_->confirm_writes && may_need_confirmation(*tool)) {
    arguments.if_object()->erase(kConfirmationArgument);
  }
  gateway::CallContext context = permit.context();
  gateway::Waits waits;
  const ToldWaits told(conversation, waits);
  if (conversation.wants_progress()) {
    context.waits = &waits;
    context.on_progress = [&conversation](std::int64_t done, std::int64_t total,
                                          std::string_view message) {
      conversation.progress(static_cast<double>(done), static_cast<double>(total), message);
    };
  }
  gateway::CallResult result =
      co_await parts_.gateway.call(*tool, std::move(arguments), std::move(context));
  if (result.credentials_refused && parts_.credentials_refused) {
    parts_.credentials_refused(server_->account->id());
  }
  co_return mcp::TextOutcome{
      .text = std::move(result.text),
      .is_error = result.is_error,
      .rate_limit = to_mcp(result.rate_limit),
      .structured = server_->structured_output,
      .further_blocks = result.file ? file_block(*result.file) : std::string()};
}

mcp::SharedText MintedServer::prompt_listing() const {
  return parts_.listings.prompts(server_->toolset);
}

io::Task<mcp::ServerOutcome> MintedServer::get_prompt(std::string name, json::Value arguments,
                                                      mcp::Conversation& /*conversation*/) const {
  const integration::Prompt* prompt = find_prompt(*server_->toolset, name);
  if (prompt == nullptr) {
    co_return mcp::unknown_name("prompt", name, prompt_names(*server_->toolset));
  }
  co_return fill_prompt(*server_->toolset, *prompt, arguments);
}

io::Task<std::expected<mcp::Completion, mcp::Fault>> MintedServer::complete(
    json::Value reference, std::string argument, std::string value, json::Value /*others*/,
    mcp::Conversation& conversation) const {
  if (reference.string_or("type", "") != "ref/prompt") {
    co_return std::unexpected(mcp::invalid_params(
        "completion/complete: this server completes arguments of prompts only (ref/prompt)."));
  }
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
