// Environments, API tokens, integrated accounts and MCP servers: rules and life cycles.
// Every change is committed to the repository first, and seen by calls (through the snapshot) before
// the function returns. All functions block: they run on the blocking pool. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "catalog/tool.h"
#include "control/snapshot.h"
#include "json/value.h"
#include "store/repository.h"
#include "vault/vault.h"

namespace patchbay::control {

// Who is asking: a valid API token.
struct Principal {
  std::string token_id;
  std::string environment_id;  // empty: the whole instance
};

struct NewAccount {
  std::string environment_id;  // empty: the principal's, or the only one
  std::string integration;
  std::string tenant_id;
  std::string name;
  std::map<std::string, Secret> credentials;
  json::Value settings;
};

struct NewMcpServer {
  std::string name;
  json::Value config;  // {methods, tags, require_api_token_auth, tool_exposure, max_result_bytes}
  std::optional<WallTime> expires_at;
};

// A secret that is shown once, beside what it belongs to.
template <class Row>
struct Minted {
  Row row;
  vault::Token token;
};

struct ControlOptions {
  std::chrono::seconds least_lifetime{60};  // of an MCP server with an expiry
};

class ControlPlane {
 public:
  // Proves an account's credentials against its upstream; blocks.
  using Probe = std::function<Result<>(std::shared_ptr<const upstream::Account>)>;

  ControlPlane(store::Repository& repository, std::shared_ptr<const vault::Vault> vault,
               const Clock& clock, SnapshotHolder& snapshot, Probe probe, ControlOptions options);
  ~ControlPlane();

  // Integrations known by name. Replacing one re-derives the toolsets that use it.
  void set_catalog(std::shared_ptr<const catalog::ToolCatalog> catalog);
  std::vector<std::shared_ptr<const catalog::ToolCatalog>> catalogs() const;

  // Reads everything and publishes the first snapshot. What cannot be used any more (an unknown
  // integration, credentials that do not open) is reported, kept, and not served.
  Result<std::vector<std::string>> load();

  // Error unauthenticated: unknown or expired.
  Result<Principal> authenticate(std::string_view api_token) const;

  Result<store::EnvironmentRow> create_environment(const Principal&, std::string name);
  Result<std::vector<store::EnvironmentRow>> environments(const Principal&) const;
  Result<Minted<store::ApiTokenRow>> create_api_token(const Principal&, std::string environment_id,
                                                      std::string name,
                                                      std::optional<WallTime> expires_at);
  Result<std::vector<store::ApiTokenRow>> api_tokens(const Principal&) const;
  Result<> delete_api_token(const Principal&, std::string_view id);

  Result<store::AccountRow> create_account(const Principal&, NewAccount account);
  Result<store::AccountRow> account(const Principal&, std::string_view id) const;
  Result<std::vector<store::AccountRow>> accounts(const Principal&) const;
  // `patch`: name, tenant_id, settings (merged shallowly), credentials (replaced whole, probed).
  Result<store::AccountRow> update_account(const Principal&, std::string_view id,
                                           const json::Object& patch);
  Result<store::AccountRow> probe_account(const Principal&, std::string_view id);
  Result<> delete_account(const Principal&, std::string_view id);
  // The upstream refused this account's credentials during a call.
  void mark_needs_reauth(std::string_view account_id, std::string_view reason);

  Result<Minted<store::McpServerRow>> create_mcp_server(const Principal&,
                                                        std::string_view account_id,
                                                        NewMcpServer server);
  Result<store::McpServerRow> mcp_server(const Principal&, std::string_view account_id,
                                         std::string_view id) const;
  Result<std::vector<store::McpServerRow>> mcp_servers(const Principal&,
                                                       std::string_view account_id) const;
  // `patch`: name, config (merged shallowly, validated again), expires_at (null clears).
  Result<store::McpServerRow> update_mcp_server(const Principal&, std::string_view account_id,
                                                std::string_view id, const json::Object& patch);
  Result<Minted<store::McpServerRow>> rotate_mcp_server(const Principal&,
                                                        std::string_view account_id,
                                                        std::string_view id);
  Result<> delete_mcp_server(const Principal&, std::string_view account_id, std::string_view id);

  // Removes what has expired; returns when the next expiry is due (nothing: never). The app's timer
  // calls it, and again after each change (see on_expiry_changed).
  std::optional<WallTime> expire();
  void on_expiry_changed(std::function<void()> callback);

  // The first token of an empty instance (serve's bootstrap, demo). Nothing if there is one already.
  Result<std::optional<vault::Token>> bootstrap();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::control
