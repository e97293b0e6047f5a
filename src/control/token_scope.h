// The scope of an API token: what it may do at the admin API, and whether it is a second factor.
//
//   admin   everything within its environment (or the whole instance); also a second factor
//   read    looks at everything, changes nothing
//   mint    MCP servers and what is needed to choose them: of the accounts
//   `integrated_account_ids`,
//           within the words `methods` and `tags`. It neither makes nor sees nor rotates another
//           one
//   mcp     the second factor of MCP servers (`mcp_server_ids`: of these alone), and nothing here
//
// What narrows a scope stands in `limits`; a list that is left out limits nothing; an empty one
// and null are refused. Words of methods and tags are compared as words and not by the tools that
// they choose today, so that a later definition cannot widen what was minted. Rejected: an order of
// scopes (mint cannot read tokens and environments, read cannot mint), and scopes as a list to be
// combined.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalog/tool.h"
#include "json/value.h"

namespace patchbay::control {

enum class Scope : std::uint8_t { admin, read, mint, mcp };

std::string_view to_string(Scope scope);

struct TokenScope {
  Scope scope = Scope::admin;
  // Empty: not limited by it.
  std::vector<std::string> accounts = {};  // mint
  catalog::ToolFilter words = {};          // mint
  std::vector<std::string> servers = {};   // mcp
  bool operator==(const TokenScope&) const = default;
};

// Checks everything but whether accounts and servers exist. Error invalid_argument.
Result<TokenScope> read_token_scope(std::string_view scope, const json::Value& limits);

// As they are stored and shown, and as read_token_scope reads them.
json::Value limits_of(const TokenScope& scope);

// Whether the account, or a server with this id, is within the scope's limits.
bool covers_account(const TokenScope& scope, std::string_view account_id);
bool admits_to_server(const TokenScope& scope, std::string_view server_id);
// Whether a server of this (valid) config is. Error permission_denied: it says what would be.
Result<> check_within(const TokenScope& scope, const json::Value& config);

}  // namespace patchbay::control
