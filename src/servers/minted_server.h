// An MCP server that the control plane minted, as the protocol's server: its toolset's tools and
// prompts, run by the gateway against its integrated account.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "control/approvals.h"
#include "control/control_plane.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "mcp/server/server.h"
#include "servers/current_servers.h"
#include "servers/field_resources.h"
#include "servers/listing_variants.h"
#include "servers/running_calls.h"
#include "servers/tool_indexes.h"
#include "vault/token.h"

namespace patchbay::servers {

// Called when the upstream refused what a server's calls are made with, on the loop of the call: it
// must not block.
using CredentialsRefused = std::function<void(const control::McpServer& server)>;

// What all minted servers are served with.
struct ServingParts {
  // Constant after construction.
  CurrentServers current;
  io::Runtime& runtime;
  control::ControlPlane& control;
  gateway::Gateway& gateway;
  control::Approvals& approvals;
  CredentialsRefused credentials_refused;  // may be empty
  // Synchronised by themselves.
  mutable RunningCalls running;
  ListingVariants listings = {};
  ToolIndexes indexes = {};
};

// What a request came in with.
struct Admission {
  vault::TokenHash server;
  std::optional<IpAddress> address = {};           // the client's; nothing: not known
  std::optional<vault::TokenHash> api_token = {};  // the second factor, if it was asked for
  std::shared_ptr<control::Use> api_token_use = {};
  std::string api_token_id = {};
  bool approved = false;  // an operator lets a call through that was made before: no second factor
};

// For the time of a request, or of a listener.
class MintedServer final : public mcp::Server,
                           public mcp::PromptSource,
                           public mcp::ResourceSource,
                           public mcp::CompletionSource {
 public:
  MintedServer(const ServingParts& parts, const Admission& admission,
               std::shared_ptr<const control::McpServer> server);
  ~MintedServer() override;

  std::string_view id() const override { return server_->id; }
  std::string_view title() const override { return server_->name; }
  std::string instructions() const override;
  mcp::SharedText tool_listing() const override;
  io::Task<mcp::ServerOutcome> call_tool(std::string name, json::Value arguments,
                                         mcp::Conversation& conversation) const override;
  const mcp::PromptSource* prompts() const override { return offers_prompts() ? this : nullptr; }
  const mcp::ResourceSource* resources() const override {
    return offers_resources() ? this : nullptr;
  }
  const mcp::CompletionSource* completions() const override {
    return offers_prompts() || offers_resources() ? this : nullptr;
  }
  mcp::SharedText prompt_listing() const override;
  io::Task<mcp::ServerOutcome> get_prompt(std::string name, json::Value arguments,
                                          mcp::Conversation& conversation) const override;
  // None stands by itself: all come of the template.
  mcp::SharedText resource_listing() const override {
    return std::make_shared<const std::string>("[]");
  }
  mcp::SharedText resource_template_listing() const override {
    return field_resource_templates(*server_->toolset);
  }
  io::Task<mcp::ServerOutcome> read_resource(std::string uri,
                                             mcp::Conversation& conversation) const override;
  io::Task<std::expected<mcp::Completion, mcp::Fault>> complete(
      json::Value reference, std::string argument, std::string value, json::Value other_arguments,
      mcp::Conversation& conversation) const override;
  // A server that never has a question needs no session.
  bool asks() const override {
    return server_->confirm_writes || (server_->approvals && server_->approvals->by_client);
  }
  std::optional<mcp::Listings> current_listings() const override;
  // Sends a call that a person approved, if it is still what they were shown.
  io::Task<control::Sent> send_approved(const control::Approval& approval,
                                        mcp::Conversation& conversation) const;

 private:
  class Permit;
  audit::Caller caller_of(const mcp::Conversation& conversation) const;
  class ToolCall;
  // Tells whoever has to know that the upstream refused the account's credentials.
  void note_credentials(const gateway::CallResult& result) const;
  gateway::CallContext context_for(const mcp::Conversation& conversation) const;
  // The server as it is at this moment; null if it is gone, or no longer for who asked.
  std::shared_ptr<const control::McpServer> now() const;
  io::Task<std::expected<mcp::Completion, mcp::Fault>> complete_prompt(
      const json::Value& reference, std::string argument, std::string value,
      mcp::Conversation& conversation) const;
  bool offers_prompts() const { return prompt_listing() != nullptr; }
  bool offers_resources() const { return offers_field_resources(*server_->toolset); }

  const ServingParts& parts_;
  Admission admission_;
  std::shared_ptr<const control::McpServer> server_;
};

}  // namespace patchbay::servers
