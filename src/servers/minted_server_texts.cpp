// What an MCP server has beside its tools: prompts, resources, and whose arguments it completes.
#include <utility>

#include "mcp/wire/fault.h"
#include "servers/field_resources.h"
#include "servers/minted_server.h"
#include "servers/prompts.h"

namespace patchbay::servers {

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

io::Task<mcp::ServerOutcome> MintedServer::read_resource(std::string uri,
                                                         mcp::Conversation& conversation) const {
  co_return read_field_resource(*server_->toolset, server_->reach.get(), uri,
                                conversation.client.era);
}

io::Task<std::expected<mcp::Completion, mcp::Fault>> MintedServer::complete(
    json::Value reference, std::string argument, std::string value, json::Value /*others*/,
    mcp::Conversation& conversation) const {
  const std::string_view type = reference.string_or("type", "");
  if (type == "ref/resource" && offers_resources()) {
    co_return complete_field_resource(*server_->toolset, reference, argument, value);
  }
  if (type != "ref/prompt") {
    co_return std::unexpected(
        mcp::invalid_params("completion/complete: this server completes arguments of prompts "
                            "(ref/prompt) and of its resource template (ref/resource)."));
  }
  co_return co_await complete_prompt(reference, std::move(argument), std::move(value),
                                     conversation);
}

}  // namespace patchbay::servers
