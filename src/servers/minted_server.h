// The MCP servers of the control plane as hosts of tools: the one place in this room that knows
// snapshots, tokens and the gateway.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "control/snapshot.h"
#include "gateway/gateway.h"
#include "servers/listing_variants.h"
#include "mcp/server/server.h"
#include "vault/vault.h"

namespace patchbay::servers {

class ServedRegistry final : public HostRegistry {
 public:
  ServedRegistry(const control::SnapshotHolder& snapshot, gateway::Gateway& gateway,
                 std::shared_ptr<const vault::Vault> vault, const Clock& clock);

  std::optional<Found> find(std::string_view token) const override;
  bool admits(std::string_view api_token, std::string_view environment_id) const override;

  void on_credentials_refused(std::function<void(const std::string& account_id)> callback) {
    credentials_refused_ = std::move(callback);
  }

 private:
  friend class ServedTools;
  // Null: unknown or expired.
  std::shared_ptr<const control::McpServer> find(const vault::TokenHash& hash) const;
  SharedText listing(const control::McpServer& server) const;
  bool passed(const std::optional<WallTime>& expires_at) const;

  const control::SnapshotHolder& snapshot_;
  gateway::Gateway& gateway_;
  std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
  mutable ListingVariants listings_;  // synchronised by itself
  std::function<void(const std::string& account_id)> credentials_refused_;
};

// One MCP server, for the time of a request.
class ServedTools final : public ToolHost, public PromptHost, public CompletionHost {
 public:
  ServedTools(const ServedRegistry& registry, const vault::TokenHash& token,
              std::shared_ptr<const control::McpServer> server)
      : registry_(registry), token_(token), server_(std::move(server)) {}

  std::string_view id() const override { return server_->id; }
  std::string_view title() const override { return server_->name; }
  std::string instructions() const override;
  SharedText tool_listing() const override;
  bool has_tool(std::string_view name) const override;
  std::vector<std::string> tool_names() const override;
  io::Task<Outcome> call_tool(std::string name, json::Value arguments,
                              Exchange& exchange) const override;
  const PromptHost* prompts() const override { return offers_prompts() ? this : nullptr; }
  const CompletionHost* completions() const override { return offers_prompts() ? this : nullptr; }
  SharedText prompt_listing() const override;
  io::Task<Outcome> get_prompt(std::string name, json::Value arguments,
                               Exchange& exchange) const override;
  io::Task<std::expected<Completion, Fault>> complete(json::Value reference, std::string argument,
                                                      std::string value,
                                                      json::Value other_arguments,
                                                      Exchange& exchange) const override;
  // Questions come with confirm_writes only; a server without needs no session.
  bool asks() const override { return server_->confirm_writes; }
  std::optional<Listings> current_listings() const override;

 private:
  gateway::CallContext context_for(const Exchange& exchange) const;
  bool offers_prompts() const { return prompt_listing() != nullptr; }

  const ServedRegistry& registry_;
  vault::TokenHash token_;
  std::shared_ptr<const control::McpServer> server_;
};

}  // namespace patchbay::servers
