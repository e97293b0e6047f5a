// What the control plane remembers, as records.
//
// `version` of each: the revision (changes.h) at which it last changed, set by the repository. An
// update names the version that it read, and does not overwrite another. 0: not inserted yet, or
// not changed since versions are counted.
//
// `mac` of three: control's keyed code over what gives authority in the row. Empty: written by a
// version that made none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "json/value.h"
#include "vault/vault.h"

namespace patchbay::store {

struct EnvironmentRow {
  std::string id;
  std::string name;                    // unique
  json::Value audit = json::Object{};  // of its log (audit/settings.h), as validated by control
  WallTime created_at{};
  WallTime updated_at{};
  std::int64_t version = 0;
};

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
  std::int64_t version = 0;
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
  std::int64_t version = 0;
};

// The token before the present one, which opens the same server until then.
struct PreviousToken {
  vault::TokenHash hash;
  WallTime expires_at{};
  bool operator==(const PreviousToken&) const = default;
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
  std::int64_t version = 0;
  std::optional<PreviousToken> previous = {};
  // Whose it is: {"id", "login", "name", "own_credentials"}; {}: nobody's.
  json::Value member = json::Object{};
  vault::SealedBytes credentials = {};  // that member's own, sealed for this server; may be empty
  std::string status = "active";        // of these: active, needs_reauth
  std::string last_error = {};
};

}  // namespace patchbay::store
