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
  mark_environment,
  marked_environment,
  some_mcp_servers_of_environment,
  some_accounts_of_environment,
  some_api_tokens_of_environment,
  delete_api_tokens_of_environment,
  environment,
  environments,
  environments_after,
  environment_ids,
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
  api_token_ids,
  count_instance_admins,

  insert_account,
  update_account,
  delete_account,
  mark_account,
  mark_accounts_of_environment,
  marked_account,
  some_mcp_servers_of_account,
  account,
  accounts,
  accounts_by_ids,
  accounts_named,
  accounts_of_tenant,
  accounts_of_integration,
  accounts_of_environment,
  accounts_of_environment_and_integration,
  accounts_after,
  account_ids,
  count_mcp_servers_of_account,

  insert_mcp_server,
  update_mcp_server,
  delete_mcp_server,
  delete_some_mcp_servers,
  mcp_server,
  mcp_server_by_hash,
  mcp_servers_of_account,
  mcp_servers_named,
  mcp_servers_after,
  mcp_server_ids,
  overlaps_until,

  begin_server_use,
  lock_server_use,
  update_server_use,
  server_uses,
  server_uses_after,
  server_use_ids,
  insert_server_use,
  delete_server_use,

  nearest_expiry_of_mcp_server,
  nearest_end_of_overlap,
  nearest_expiry_of_api_token,
  mcp_servers_expiring,
  nearest_untold_expiry,
  mcp_servers_untold,
  mark_told_of_expiry,
  delete_expired_mcp_servers,
  delete_expired_api_tokens,

  take_revisions,
  note_changes,
  trim_changes,
  revision,
  changes_since,

  insert_approval,
  update_approval,
  approval,
  approval_under_way_of_call,
  approval_of_call,
  approvals,
  approvals_of_environment,
  approvals_of_account,
  approvals_of_server,
  approvals_due,
  count_pending_of_server,
  count_pending_of_environment,
  count_pending,
  delete_old_approvals,
  approvals_after,
  approval_ids,
  delete_approval,

  insert_webhook,
  update_webhook,
  delete_webhook,
  delete_webhooks_of_environment,
  webhook,
  webhooks,
  webhooks_of_environment,
  count_webhooks_of_environment,
  webhook_that_hears_of_expiry,
  webhooks_after,
  webhook_ids,

  tell_webhooks,
  insert_webhook_delivery,
  webhook_delivery,
  deliveries_of_webhook,
  send_delivery_again,
  next_waiting_webhook,
  deliveries_due,
  claim_delivery,
  finish_delivery,
  release_claims,
  delete_old_deliveries,
  webhook_deliveries_after,
  webhook_delivery_ids,
  delete_webhook_delivery,

  lock_audit_chain,
  insert_audit_chain,
  update_audit_chain,
  audit_chains_after,
  audit_chain_ids,
  delete_audit_chain,

  insert_event,
  end_event,
  event,
  events,
  events_of_chain,
  events_after,
  event_ids,
  delete_event,
  events_by_number,
  events_by_end,
  open_events,
  event_of_key,
  keep_result,
  free_key,
  take_key,
  free_old_keys,
  audit_settings,
  last_number_before,
  delete_events,

  insert_calls,
  calls,
  calls_of_chain,
  calls_by_id,
  calls_by_number,
  calls_around,
  last_calls_before,
  calls_after,
  calls_ids,
  delete_calls,
  delete_calls_of_chain,

  secret,
  insert_secret,
  update_secret,
  delete_secret,
  secrets_after,
  secret_names,

  copy_state,
  begin_copy,
  note_copy,
  end_copy,

  insert_dashboard_session,
  dashboard_session,
  prolong_dashboard_session,
  delete_dashboard_session,
  delete_dashboard_sessions_of_token,
  trim_dashboard_sessions,
  delete_ended_dashboard_sessions,

  insert_sign_in_link,
  sign_in_link,
  delete_sign_in_link,
  trim_sign_in_links,
  delete_ended_sign_in_links,

  insert_definition,
  delete_definition,
  definition,
  latest_definition,
  definitions_of,
  next_defined_integration,
  definitions_after,
  definition_ids,
  account_grant,
  put_account_grant,
  insert_account_grant,
  claim_account_grant,
  keep_account_grant,
  reseal_account_grant,
  delete_account_grant,
  account_grants_after,
  account_grant_ids,
};

struct Statement {
  Question question;
  Sql sqlite;
  Sql postgres;
};

// Of those that are the same for both.
constexpr Statement both(Question question, Sql sql) {
  return {question, sql, sql};
}

// In the order of Question.
std::span<const Statement> statements();

}  // namespace patchbay::store
