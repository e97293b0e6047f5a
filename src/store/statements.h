// Every statement that the repository runs, in one table, so that a test can read the plan of each
// (statements_test.cpp): none may walk through a whole table.
//
// Both databases know the numbered form $1, $2, … SQLite counts parameters by their first
// appearance, so they appear in order. Lists of values go in as JSON text, which both can take
// apart.
#pragma once

#include <cstdint>
#include <span>

#include "store/sql.h"

namespace patchbay::store {

enum class Question : std::uint8_t {
  insert_environment,
  update_environment,
  delete_environment,
  environment,
  environments,
  environments_after,
  count_accounts_of_environment,
  count_mcp_servers_of_environment,

  insert_api_token,
  update_api_token,
  delete_api_token,
  api_token,
  api_token_by_hash,
  api_tokens,
  api_tokens_of_environment,
  api_tokens_after,
  count_instance_admins,

  insert_account,
  update_account,
  delete_account,
  account,
  accounts,
  accounts_by_ids,
  accounts_of_tenant,
  accounts_of_integration,
  accounts_of_environment,
  accounts_of_environment_and_integration,
  accounts_after,
  count_mcp_servers_of_account,

  insert_mcp_server,
  update_mcp_server,
  delete_mcp_server,
  mcp_server,
  mcp_server_by_hash,
  mcp_servers_of_account,
  mcp_servers_after,

  nearest_expiry_of_mcp_server,
  nearest_expiry_of_api_token,
  delete_expired_mcp_servers,
  delete_expired_api_tokens,

  take_revisions,
  note_changes,
  trim_changes,
  revision,
  changes_since,

  delete_old_writes,
  insert_write,
  write_of_key,
  restart_write,
  finish_write,
  delete_write,
  writes_after,

  insert_approval,
  update_approval,
  approval,
  approval_of_call,
  approvals,
  approvals_of_environment,
  approvals_of_account,
  approvals_of_server,
  approvals_due,
  count_pending_of_server,
  count_pending,
  delete_old_approvals,
  approvals_after,

  secret,
  insert_secret,
  update_secret,
  secrets_after,
};

struct Statement {
  Question question;
  Sql sqlite;
  Sql postgres;
};

// In the order of Question.
std::span<const Statement> statements();

}  // namespace patchbay::store
