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
#include "mcp/tool_host.h"
#include "vault/vault.h"

namespace patchbay::mcp {

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
  bool passed(const std::optional<WallTime>& expires_at) const;

  const control::SnapshotHolder& snapshot_;
  gateway::Gateway& gateway_;
  std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
  std::function<void(const std::string& account_id)> credentials_refused_;
};

// One MCP server, for the time of a request.
class ServedTools final : public ToolHost {
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
  std::optional<Listings> current_listings() const override;

 private:
  const ServedRegistry& registry_;
  vault::TokenHash token_;
  std::shared_ptr<const control::McpServer> server_;
};

}  // namespace patchbay::mcp
