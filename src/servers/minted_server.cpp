#include "servers/minted_server.h"

#include <utility>

#include "io/runtime.h"
#include "servers/confirmation.h"
#include "servers/file_block.h"
#include "servers/prompts.h"

namespace patchbay::servers {

ServedRegistry::ServedRegistry(const control::SnapshotHolder& snapshot, gateway::Gateway& gateway,
                               std::shared_ptr<const vault::Vault> vault, const Clock& clock)
    : snapshot_(snapshot), gateway_(gateway), vault_(std::move(vault)), clock_(clock) {}

// Against the clock, not against a timer: the moment counts even if the timer has not fired yet.
bool ServedRegistry::passed(const std::optional<WallTime>& expires_at) const {
  return expires_at && *expires_at <= clock_.now();
}

std::shared_ptr<const control::McpServer> ServedRegistry::find(const vault::TokenHash& hash) const {
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  std::shared_ptr<const control::McpServer> server = snapshot->find_server(hash);
  return server == nullptr || passed(server->expires_at) ? nullptr : server;
}

std::optional<HostRegistry::Found> ServedRegistry::find(std::string_view text) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::mcp_server, text);
  if (!token) return std::nullopt;
  const vault::TokenHash hash = vault_->hash(*token);
  std::shared_ptr<const control::McpServer> server = find(hash);
  if (server == nullptr) return std::nullopt;
  Found found;
  found.needs_api_token = server->require_api_token_auth;
  if (found.needs_api_token) found.environment_id = server->environment_id;
  found.host = std::make_shared<ServedTools>(*this, hash, std::move(server));
  return found;
}

bool ServedRegistry::admits(std::string_view text, std::string_view environment_id) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::api, text);
  if (!token) return false;
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  const control::ApiToken* known = snapshot->find_api_token(vault_->hash(*token));
  if (known == nullptr || passed(known->expires_at)) return false;
  return known->environment_id.empty() || known->environment_id == environment_id;
}

std::string ServedTools::instructions() const {
  const std::string& label = server_->toolset->catalog().integration().label;
  return "Tools of " + label +
         ".\n"
         "- Name other records by name or by id (board: \"Triage\" or board: 7). A name that fits "
         "none or several fails before anything is written, and the error lists the candidates.\n"
         "- Lists return {result, next_cursor, result_count}, 25 records unless limit says "
         "otherwise, newest first. Call again with next_cursor and the same arguments until it is "
         "absent. Ask for few fields with fields; verbose: true keeps all but nulls; count: true "
         "tells "
         "only how many there are.\n"
         "- dry_run: true shows what a write would send, and sends nothing.\n"
         "- Search or list before you get, update or delete by id; never guess an id.\n"
         "- Times are ISO 8601; without an offset they are in the account's time zone (" +
         std::string(server_->account->time_zone().name()) +
         ").\n"
         "- An error says what to change. On code rate_limited wait retry_after_seconds; "
         "was_applied "
         "says whether a write happened before you repeat it.";
}

SharedText ServedRegistry::listing(const control::McpServer& server) const {
  return listings_.tools(server.toolset, {.structured_output = server.structured_output,
                                          .confirm_writes = server.confirm_writes});
}

SharedText ServedTools::tool_listing() const {
  return registry_.listing(*server_);
}

std::optional<Listings> ServedTools::current_listings() const {
  const std::shared_ptr<const control::McpServer> now = registry_.find(token_);
  if (now == nullptr) return std::nullopt;
  return Listings{.tools = registry_.listing(*now),
                  .prompts = registry_.listings_.prompts(now->toolset)};
}

bool ServedTools::has_tool(std::string_view name) const {
  return server_->toolset->find(name) != nullptr;
}

std::vector<std::string> ServedTools::tool_names() const {
  std::vector<std::string> names;
  names.reserve(server_->toolset->tools().size());
  for (const catalog::Tool* tool : server_->toolset->tools()) names.push_back(tool->name);
  return names;
}

gateway::CallContext ServedTools::context_for(const Exchange& exchange) const {
  gateway::CallContext context;
  context.account = server_->account;
  context.scope_id = server_->id;
  context.request_id = exchange.request_id;
  context.max_result_bytes = server_->max_result_bytes;
  context.traceparent = exchange.traceparent;
  context.wait_on_rate_limit = server_->wait_on_rate_limit;
  context.cancel = exchange.cancel;
  return context;
}

io::Task<Outcome> ServedTools::call_tool(std::string name, json::Value arguments,
                                         Exchange& exchange) const {
  const catalog::Tool* tool = server_->toolset->find(name);
  // What is only shown needs no yes; the gateway decides by the very same question.
  const bool asks = server_->confirm_writes && needs_confirmation(*tool);
  if (asks && gateway::is_dry_run(*tool, arguments)) {
    arguments.if_object()->erase(kConfirmationArgument);
  } else if (asks) {
    std::optional<Outcome> instead = co_await confirm(*tool, arguments, exchange);
    if (instead) co_return std::move(*instead);
  }
  gateway::CallContext context = context_for(exchange);
  if (exchange.wants_progress()) {
    context.on_progress = [&exchange](std::int64_t done, std::int64_t total,
                                      std::string_view message) {
      exchange.progress(static_cast<double>(done), static_cast<double>(total), message);
    };
  }
  gateway::CallResult result =
      co_await registry_.gateway_.call(*tool, std::move(arguments), std::move(context));
  if (result.credentials_refused && registry_.credentials_refused_) {
    registry_.credentials_refused_(server_->account->id());
  }
  co_return TextOutcome{.text = std::move(result.text),
                        .is_error = result.is_error,
                        .rate_limit = result.rate_limit,
                        .structured = server_->structured_output,
                        .further_blocks = result.file ? file_block(*result.file) : std::string()};
}

SharedText ServedTools::prompt_listing() const {
  return registry_.listings_.prompts(server_->toolset);
}

io::Task<Outcome> ServedTools::get_prompt(std::string name, json::Value arguments,
                                          Exchange& /*exchange*/) const {
  const integration::Prompt* prompt = find_prompt(*server_->toolset, name);
  if (prompt == nullptr) {
    co_return unknown_name("prompt", name, prompt_names(*server_->toolset));
  }
  co_return fill_prompt(*server_->toolset, *prompt, arguments);
}

io::Task<std::expected<Completion, Fault>> ServedTools::complete(json::Value reference,
                                                                 std::string argument,
                                                                 std::string value,
                                                                 json::Value /*others*/,
                                                                 Exchange& exchange) const {
  if (reference.string_or("type", "") != "ref/prompt") {
    co_return std::unexpected(invalid_params(
        "completion/complete: this server completes arguments of prompts only (ref/prompt)."));
  }
  const std::string name(reference.string_or("name", ""));
  const integration::Prompt* prompt = find_prompt(*server_->toolset, name);
  if (prompt == nullptr) {
    co_return std::unexpected(unknown_name("prompt", name, prompt_names(*server_->toolset)));
  }
  for (const integration::PromptArgument& known : prompt->arguments) {
    if (known.name != argument) continue;
    if (known.completes.empty()) co_return Completion{};
    co_return co_await complete_names(registry_.gateway_, server_->toolset->catalog(),
                                      known.completes, std::move(value), context_for(exchange));
  }
  co_return std::unexpected(invalid_params("completion/complete: prompt " + name +
                                           " has no argument \"" + argument + "\"."));
}

}  // namespace patchbay::servers
