// What the control plane remembers, as records over a database. Two implementations keep each other
// honest (SQLite, PostgreSQL); the contract tests (test_repository_contract.h) run on both.
//
// All calls block on the disk or the network: they run on the blocking pool, never on an event
// loop. When a change has returned, it survives a crash of the process and of the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "json/value.h"
#include "store/write_rows.h"
#include "vault/vault.h"

namespace patchbay::store {

struct EnvironmentRow {
  std::string id;
  std::string name;  // unique
  WallTime created_at{};
  WallTime updated_at{};
};

// `mac` of the three below: control's keyed code over what gives authority in the row. Empty:
// written by a version that made none.
struct ApiTokenRow {
  std::string id;
  std::string environment_id;  // empty: the whole instance
  std::string name;
  std::string scope = "admin";          // admin, read, mint, mcp
  json::Value limits = json::Object{};  // what narrows the scope, as validated by control
  vault::TokenHash hash;
  std::optional<WallTime> expires_at;
  std::string created_by;
  WallTime created_at{};
  WallTime updated_at{};
  std::string mac = {};
};

struct AccountRow {
  std::string id;
  std::string environment_id;
  std::string integration;  // its name
  std::string tenant_id;    // the caller's own id of that customer; may be empty
  std::string name;
  std::string status = "active";  // active, needs_reauth, validation_error
  std::string last_error;
  vault::SealedBytes credentials;  // sealed with id, integration and environment
  json::Value settings;            // {"time_zone": "Europe/London"}
  std::string created_by;
  WallTime created_at{};
  WallTime updated_at{};
  std::string mac = {};
};

struct McpServerRow {
  std::string id;
  std::string account_id;
  std::string environment_id;
  std::string name;
  json::Value config;  // as validated by control
  vault::TokenHash hash;
  std::optional<WallTime> expires_at;
  std::string created_by;
  WallTime created_at{};
  WallTime updated_at{};
  std::string mac = {};
};

// Errors of all: unavailable (the database), internal (a row is damaged; the message says which).
// insert: conflict (the id, a unique name or a hash is taken), not_found (what owns it is gone).
// update: not_found, conflict. delete: not_found.
class Repository : public WriteRows {
 public:
  virtual Result<> insert(const EnvironmentRow& row) = 0;
  virtual Result<> update(const EnvironmentRow& row) = 0;
  virtual Result<> delete_environment(std::string_view id) = 0;  // and all that it owns
  virtual Result<std::vector<EnvironmentRow>> environments() = 0;

  virtual Result<> insert(const ApiTokenRow& row) = 0;
  virtual Result<> update(const ApiTokenRow& row) = 0;
  virtual Result<> delete_api_token(std::string_view id) = 0;
  virtual Result<std::vector<ApiTokenRow>> api_tokens() = 0;

  virtual Result<> insert(const AccountRow& row) = 0;
  virtual Result<> update(const AccountRow& row) = 0;
  virtual Result<> delete_account(std::string_view id) = 0;  // and all that is its
  virtual Result<std::vector<AccountRow>> accounts() = 0;

  virtual Result<> insert(const McpServerRow& row) = 0;
  virtual Result<> update(const McpServerRow& row) = 0;  // also its hash: a rotation
  virtual Result<> delete_mcp_server(std::string_view id) = 0;
  // Those whose expiry lies at or before `now` go; returns their ids.
  virtual Result<std::vector<std::string>> delete_expired_mcp_servers(WallTime now) = 0;
  virtual Result<std::vector<McpServerRow>> mcp_servers() = 0;

  // Sealed secrets of the instance itself, by name ("pepper").
  virtual Result<std::optional<vault::SealedBytes>> secret(std::string_view name) = 0;
  // Error conflict if there is one already: the first of several nodes wins.
  virtual Result<> insert_secret(std::string_view name, const vault::SealedBytes& value) = 0;
  virtual Result<> update_secret(std::string_view name, const vault::SealedBytes& value) = 0;
};

// Opens (and creates or migrates) a SQLite database. ":memory:" is allowed, for tests and demo.
// Errors: unavailable (path, permissions, not a database), unsupported (made by a newer version).
Result<std::unique_ptr<Repository>> open_sqlite(const std::string& path);

}  // namespace patchbay::store
