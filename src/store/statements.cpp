#include "store/statements.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "store/definition_statements.h"
#include "store/grant_statements.h"
#include "store/sign_in_statements.h"
#include "store/statement_words.h"
#include "store/webhook_statements.h"

namespace patchbay::store {
namespace {

// Macros, since Sql takes literals only, and only literals can be put together from these. The
// order of columns is that of rows.cpp.
#define SELECT_ENVIRONMENT \
  "SELECT id, name, created_at, updated_at, version, audit FROM environment "
#define SELECT_API_TOKEN                                                                       \
  "SELECT id, environment_id, name, scope, limits, hash, expires_at, created_by, created_at, " \
  "updated_at, mac, version FROM api_token "
#define SELECT_ACCOUNT                                                                         \
  "SELECT id, environment_id, integration, tenant_id, name, status, last_error, credentials, " \
  "settings, created_by, created_at, updated_at, mac, version FROM integrated_account "
#define MCP_SERVER_COLUMNS                                                             \
  "id, account_id, environment_id, name, config, hash, expires_at, created_by, "       \
  "created_at, updated_at, mac, version, previous_hash, previous_expires_at, member, " \
  "credentials, status, last_error "
#define SELECT_MCP_SERVER "SELECT " MCP_SERVER_COLUMNS "FROM mcp_server "
// Of an expiry that nobody was told of as it is now; an index has it in these words.
#define IS_UNTOLD "coalesce(told_expires_at, 0) <> expires_at "
#define SELECT_APPROVAL                                                                       \
  "SELECT id, environment_id, account_id, server_id, tool, digest, state, content, outcome, " \
  "decided_by, reason, decided_at, expires_at, created_at, updated_at, mac, version FROM "    \
  "approval "
#define APPROVALS_LIKE(state, environment, account, limit)      \
  "AND (" state " = '' OR state = " state ") AND (" environment \
  " = '' OR environment_id = " environment ") AND (" account    \
  " = '' OR "                                                   \
  "account_id = " account ") " NEWEST_FIRST limit
#define SELECT_SERVER_USE                                                                   \
  "SELECT id, day, calls, errors, last_used_at, calls_minute, calls_of_minute, calls_day, " \
  "calls_of_day, writes_minute, writes_of_minute, writes_day, writes_of_day FROM "          \
  "mcp_server_use "
#define SELECT_EVENT                                                                               \
  "SELECT id, chain, number, at, kind, account_id, server_id, tool, outcome, begun, link, ended, " \
  "ended_number, ended_link, key, digest, state, result FROM audit_event "
#define SELECT_CALLS \
  "SELECT id, chain, number, count, first_at, last_at, link, events FROM audit_calls "

using enum Question;

constexpr std::array kFirstStatements{
    both(insert_environment,
         "INSERT INTO environment (name, created_at, updated_at, version, audit, id) "
         "VALUES ($1, $2, $3, $4, $5, $6)"),
    both(update_environment,
         "UPDATE environment SET name = $1, created_at = $2, updated_at = $3, version = $4, "
         "audit = $5 WHERE id = $6 AND version = $7"),
    both(delete_environment, "DELETE FROM environment WHERE id = $1"),
    // What is marked is not found any more (deletions.h). Its name is free.
    both(mark_environment,
         "UPDATE environment SET version = -1, name = 'deleted ' || id "
         "WHERE id = $1 AND version >= 0"),
    both(marked_environment, "SELECT id FROM environment WHERE version < 0 LIMIT 1"),
    both(some_mcp_servers_of_environment,
         "SELECT id FROM mcp_server WHERE environment_id = $1 LIMIT $2"),
    both(some_accounts_of_environment,
         "SELECT id FROM integrated_account WHERE environment_id = $1 "
         "ORDER BY created_at, id LIMIT $2"),
    both(some_api_tokens_of_environment,
         "SELECT id FROM api_token WHERE environment_id = $1 LIMIT $2"),
    both(delete_api_tokens_of_environment, "DELETE FROM api_token WHERE environment_id = $1"),
    both(environment, SELECT_ENVIRONMENT "WHERE id = $1 AND version >= 0"),
    both(environments, SELECT_ENVIRONMENT
         "WHERE (created_at, id) < ($1, $2) AND version >= 0 " NEWEST_FIRST "$3"),
    both(environments_after, SELECT_ENVIRONMENT READ_ON("id")),
    both(environment_ids, "SELECT id FROM environment " READ_ON("id")),
    both(count_accounts_of_environment,
         "SELECT count(*) FROM integrated_account WHERE environment_id = $1"),
    both(count_mcp_servers_of_environment,
         "SELECT count(*) FROM mcp_server WHERE environment_id = $1"),

    both(insert_api_token,
         "INSERT INTO api_token (environment_id, name, scope, limits, hash, expires_at, "
         "created_by, created_at, updated_at, mac, version, id) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
    both(update_api_token,
         "UPDATE api_token SET environment_id = $1, name = $2, scope = $3, limits = $4, "
         "hash = $5, expires_at = $6, created_by = $7, created_at = $8, updated_at = $9, "
         "mac = $10, version = $11 WHERE id = $12 AND version = $13"),
    both(delete_api_token, "DELETE FROM api_token WHERE id = $1"),
    both(api_token, SELECT_API_TOKEN "WHERE id = $1"),
    both(api_token_by_hash, SELECT_API_TOKEN "WHERE hash = $1"),
    both(api_tokens, SELECT_API_TOKEN "WHERE (created_at, id) < ($1, $2) " NEWEST_FIRST "$3"),
    both(api_tokens_of_environment, SELECT_API_TOKEN
         "WHERE environment_id = $1 AND (created_at, id) < ($2, $3) " NEWEST_FIRST "$4"),
    both(api_tokens_after, SELECT_API_TOKEN READ_ON("id")),
    both(api_token_ids, "SELECT id FROM api_token " READ_ON("id")),
    both(count_instance_admins,
         "SELECT count(*) FROM api_token WHERE environment_id IS NULL AND scope = 'admin' "
         "AND (expires_at IS NULL OR expires_at > $1)"),

    both(insert_account,
         "INSERT INTO integrated_account (environment_id, integration, tenant_id, name, status, "
         "last_error, credentials, settings, created_by, created_at, updated_at, mac, version, "
         "id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"),
    both(update_account,
         "UPDATE integrated_account SET environment_id = $1, integration = $2, tenant_id = $3, "
         "name = $4, status = $5, last_error = $6, credentials = $7, settings = $8, "
         "created_by = $9, created_at = $10, updated_at = $11, mac = $12, version = $13 "
         "WHERE id = $14 AND version = $15"),
    both(delete_account, "DELETE FROM integrated_account WHERE id = $1"),
    both(mark_account, "UPDATE integrated_account SET version = -1 WHERE id = $1 AND version >= 0"),
    both(mark_accounts_of_environment,
         "UPDATE integrated_account SET version = -1 WHERE environment_id = $1 AND version >= 0"),
    both(marked_account, "SELECT id FROM integrated_account WHERE version < 0 LIMIT 1"),
    both(some_mcp_servers_of_account, "SELECT id FROM mcp_server WHERE account_id = $1 LIMIT $2"),
    both(account, SELECT_ACCOUNT "WHERE id = $1 AND version >= 0"),
    // Of what is given, the member that fewest accounts have in common leads; the others are looked
    // at in the rows that it finds.
    both(accounts,
         SELECT_ACCOUNT "WHERE (created_at, id) < ($1, $2) AND version >= 0 " NEWEST_FIRST "$3"),
    Statement{accounts_by_ids,
              SELECT_ACCOUNT
              "WHERE id IN (SELECT value FROM json_each($1)) AND (+created_at, id) < ($2, $3) "
              "AND ($4 = '' OR environment_id = $4) AND ($5 = '' OR tenant_id = $5) "
              "AND ($6 = '' OR integration = $6) AND version >= 0 " NEWEST_FIRST "$7",
              SELECT_ACCOUNT "WHERE id = ANY (ARRAY(SELECT json_array_elements_text($1::json))) "
                             "AND (created_at, id) < ($2, $3) "
                             "AND ($4 = '' OR environment_id = $4) AND ($5 = '' OR tenant_id = $5) "
                             "AND ($6 = '' OR integration = $6) AND version >= 0 " NEWEST_FIRST
                             "$7"},
    both(accounts_named,
         SELECT_ACCOUNT "WHERE (created_at, id) < ($1, $2) " IS_NAMED(
             "$3") "AND ($4 = '' OR environment_id = $4) AND ($5 = '' OR tenant_id = $5) "
                   "AND ($6 = '' OR integration = $6) AND version >= 0 " NEWEST_FIRST "$7"),
    both(accounts_of_tenant,
         SELECT_ACCOUNT "WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) "
                        "AND ($4 = '' OR environment_id = $4) AND ($5 = '' OR integration = $5) "
                        "AND version >= 0 " NEWEST_FIRST "$6"),
    both(accounts_of_integration, SELECT_ACCOUNT
         "WHERE integration = $1 AND (created_at, id) < ($2, $3) AND version >= 0 " NEWEST_FIRST
         "$4"),
    both(accounts_of_environment, SELECT_ACCOUNT
         "WHERE environment_id = $1 AND (created_at, id) < ($2, $3) AND version >= 0 " NEWEST_FIRST
         "$4"),
    both(accounts_of_environment_and_integration,
         SELECT_ACCOUNT "WHERE environment_id = $1 AND integration = $2 AND (created_at, id) < "
                        "($3, $4) AND version >= 0 " NEWEST_FIRST "$5"),
    both(accounts_after, SELECT_ACCOUNT READ_ON("id")),
    both(account_ids, "SELECT id FROM integrated_account " READ_ON("id")),
    both(count_mcp_servers_of_account, "SELECT count(*) FROM mcp_server WHERE account_id = $1"),

    both(
        insert_mcp_server,
        "INSERT INTO mcp_server (account_id, environment_id, name, config, hash, expires_at, "
        "created_by, created_at, updated_at, mac, version, previous_hash, previous_expires_at, "
        "member, credentials, status, last_error, id) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"),
    both(update_mcp_server,
         "UPDATE mcp_server SET account_id = $1, environment_id = $2, name = $3, config = $4, "
         "hash = $5, expires_at = $6, created_by = $7, created_at = $8, updated_at = $9, "
         "mac = $10, version = $11, previous_hash = $12, previous_expires_at = $13, "
         "member = $14, credentials = $15, status = $16, last_error = $17 "
         "WHERE id = $18 AND version = $19"),
    both(delete_mcp_server, "DELETE FROM mcp_server WHERE id = $1"),
    Statement{delete_some_mcp_servers,
              "DELETE FROM mcp_server WHERE id IN (SELECT id FROM mcp_server "
              "WHERE account_id = $1 LIMIT $2)",
              "DELETE FROM mcp_server WHERE id = ANY (ARRAY(SELECT id FROM mcp_server "
              "WHERE account_id = $1 LIMIT $2))"},
    both(mcp_server, SELECT_MCP_SERVER "WHERE id = $1"),
    both(mcp_server_by_hash, SELECT_MCP_SERVER "WHERE hash = $1 OR previous_hash = $1"),
    both(mcp_servers_of_account,
         SELECT_MCP_SERVER "WHERE account_id = $1 AND (created_at, id) < ($2, $3) "
                           "AND (expires_at IS NULL OR expires_at > $4) " NEWEST_FIRST "$5"),
    both(mcp_servers_named, SELECT_MCP_SERVER
         "WHERE account_id = $1 AND (created_at, id) < ($2, $3) "
         "AND (expires_at IS NULL OR expires_at > $4) " IS_NAMED("$5") NEWEST_FIRST "$6"),
    both(mcp_servers_after, SELECT_MCP_SERVER READ_ON("id")),
    both(mcp_server_ids, "SELECT id FROM mcp_server " READ_ON("id")),
    both(overlaps_until,
         SELECT_MCP_SERVER "WHERE previous_expires_at IS NOT NULL AND previous_expires_at <= $1 "
                           "ORDER BY previous_expires_at LIMIT $2"),

    both(begin_server_use,
         "INSERT INTO mcp_server_use (id) SELECT id FROM mcp_server WHERE id = $1 "
         "ON CONFLICT (id) DO NOTHING"),
    Statement{lock_server_use, SELECT_SERVER_USE "WHERE id = $1",
              SELECT_SERVER_USE "WHERE id = $1 FOR UPDATE"},
    both(update_server_use,
         "UPDATE mcp_server_use SET day = $1, calls = $2, errors = $3, last_used_at = $4, "
         "calls_minute = $5, calls_of_minute = $6, calls_day = $7, calls_of_day = $8, "
         "writes_minute = $9, writes_of_minute = $10, writes_day = $11, writes_of_day = $12 "
         "WHERE id = $13"),
    Statement{server_uses, SELECT_SERVER_USE "WHERE id IN (SELECT value FROM json_each($1))",
              SELECT_SERVER_USE
              "WHERE id = ANY (ARRAY(SELECT json_array_elements_text($1::json)))"},
    both(server_uses_after, SELECT_SERVER_USE READ_ON("id")),
    both(server_use_ids, "SELECT id FROM mcp_server_use " READ_ON("id")),
    both(insert_server_use,
         "INSERT INTO mcp_server_use (day, calls, errors, last_used_at, calls_minute, "
         "calls_of_minute, calls_day, calls_of_day, writes_minute, writes_of_minute, writes_day, "
         "writes_of_day, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"),
    both(delete_server_use, "DELETE FROM mcp_server_use WHERE id = $1"),

    both(nearest_expiry_of_mcp_server,
         "SELECT expires_at FROM mcp_server WHERE expires_at IS NOT NULL "
         "ORDER BY expires_at LIMIT 1"),
    both(nearest_end_of_overlap,
         "SELECT previous_expires_at FROM mcp_server WHERE previous_expires_at IS NOT NULL "
         "ORDER BY previous_expires_at LIMIT 1"),
    both(nearest_expiry_of_api_token,
         "SELECT expires_at FROM api_token WHERE expires_at IS NOT NULL "
         "ORDER BY expires_at LIMIT 1"),
    both(mcp_servers_expiring,
         SELECT_MCP_SERVER "WHERE expires_at IS NOT NULL AND expires_at > $1 AND expires_at <= $2 "
                           "AND ($3 = '' OR environment_id = $3) ORDER BY expires_at LIMIT $4"),
    both(nearest_untold_expiry,
         "SELECT expires_at FROM mcp_server WHERE expires_at IS NOT NULL AND " IS_UNTOLD
         "ORDER BY expires_at LIMIT 1"),
    both(mcp_servers_untold,
         SELECT_MCP_SERVER "WHERE " IS_UNTOLD "AND expires_at <= $1 ORDER BY expires_at LIMIT $2"),
    both(mark_told_of_expiry,
         "UPDATE mcp_server SET told_expires_at = expires_at WHERE id = $1 AND " IS_UNTOLD),
    // As an array the ids are looked up one by one; as a subquery PostgreSQL, which does not know
    // how few there will be, may read the whole table to join them.
    // PostgreSQL is made to begin with the nearest: with the bound inside it reads and sorts all
    // that has expired, again for each batch (seen with EXPLAIN where statistics knew no expiry).
    Statement{delete_expired_mcp_servers,
              "DELETE FROM mcp_server WHERE id IN (SELECT id FROM mcp_server "
              "WHERE expires_at IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2) "
              "RETURNING " MCP_SERVER_COLUMNS,
              "DELETE FROM mcp_server WHERE expires_at <= $1 AND id = ANY (ARRAY(SELECT id "
              "FROM mcp_server WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT $2)) "
              "RETURNING " MCP_SERVER_COLUMNS},
    Statement{delete_expired_api_tokens,
              "DELETE FROM api_token WHERE id IN (SELECT id FROM api_token "
              "WHERE expires_at IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2) "
              "RETURNING id, hash",
              "DELETE FROM api_token WHERE expires_at <= $1 AND id = ANY (ARRAY(SELECT id "
              "FROM api_token WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT $2)) "
              "RETURNING id, hash"},

    // The revision before; and the lock of every change, see database.h.
    both(take_revisions,
         "UPDATE instance_revision SET revision = revision + $1 WHERE id = 1 "
         "RETURNING revision - $1"),
    Statement{note_changes,
              "INSERT INTO change (revision, kind, deleted, id) "
              "SELECT $1 + key + 1, $2, $3, value FROM json_each($4)",
              // Other nodes hear of it when it commits, and not if it does not.
              "WITH noted AS (INSERT INTO change (revision, kind, deleted, id) "
              "  SELECT CAST($1 AS bigint) + entry.place, CAST($2 AS bigint), CAST($3 AS bigint), "
              "    entry.id "
              "  FROM json_array_elements_text($4::json) WITH ORDINALITY AS entry (id, place)) "
              "SELECT pg_notify('patchbay_change', '')"},
    both(trim_changes, "DELETE FROM change WHERE revision <= $1"),
    both(revision, "SELECT revision FROM instance_revision WHERE id = 1"),
    both(changes_since,
         "SELECT revision, kind, id, deleted FROM change WHERE revision > $1 "
         "ORDER BY revision LIMIT $2"),

    both(insert_approval,
         "INSERT INTO approval (environment_id, account_id, server_id, tool, digest, state, "
         "content, outcome, decided_by, reason, decided_at, expires_at, created_at, updated_at, "
         "mac, version, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
         "$15, $16, $17)"),
    both(update_approval,
         "UPDATE approval SET environment_id = $1, account_id = $2, server_id = $3, tool = $4, "
         "digest = $5, state = $6, content = $7, outcome = $8, decided_by = $9, reason = $10, "
         "decided_at = $11, expires_at = $12, created_at = $13, updated_at = $14, mac = $15, "
         "version = $16 WHERE id = $17 AND version = $18"),
    both(approval, SELECT_APPROVAL "WHERE id = $1"),
    both(approval_under_way_of_call,
         SELECT_APPROVAL "WHERE server_id = $1 AND digest = $2 AND state IN ('pending', 'sending') "
                         "ORDER BY created_at DESC, id DESC LIMIT 1"),
    both(approval_of_call, SELECT_APPROVAL
         "WHERE server_id = $1 AND digest = $2 ORDER BY created_at DESC, id DESC LIMIT 1"),
    both(approvals, SELECT_APPROVAL
         "WHERE (created_at, id) < ($1, $2) " APPROVALS_LIKE("$3", "$4", "$5", "$6")),
    both(approvals_of_environment,
         SELECT_APPROVAL "WHERE environment_id = $1 AND (created_at, id) < ($2, $3) "  //
         APPROVALS_LIKE("$4", "$5", "$6", "$7")),
    both(approvals_of_account,
         SELECT_APPROVAL "WHERE account_id = $1 AND (created_at, id) < ($2, $3) "  //
         APPROVALS_LIKE("$4", "$5", "$6", "$7")),
    both(approvals_of_server,
         SELECT_APPROVAL "WHERE server_id = $1 AND (created_at, id) < ($2, $3) "  //
         APPROVALS_LIKE("$4", "$5", "$6", "$7")),
    both(approvals_due,
         SELECT_APPROVAL "WHERE state = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3"),
    both(count_pending_of_server,
         "SELECT count(*) FROM approval WHERE server_id = $1 AND state = 'pending' "
         "AND expires_at > $2"),
    both(count_pending_of_environment,
         "SELECT count(*) FROM approval WHERE environment_id = $1 AND state = 'pending' "
         "AND expires_at > $2"),
    both(count_pending,
         "SELECT count(*) FROM approval WHERE state = 'pending' AND expires_at > $1"),
    Statement{delete_old_approvals,
              "DELETE FROM approval WHERE id IN (SELECT id FROM approval "
              "WHERE created_at <= $1 ORDER BY created_at LIMIT $2)",
              "DELETE FROM approval WHERE id = ANY (ARRAY(SELECT id FROM approval "
              "WHERE created_at <= $1 ORDER BY created_at LIMIT $2))"},
    both(approvals_after, SELECT_APPROVAL READ_ON("id")),
    both(approval_ids, "SELECT id FROM approval " READ_ON("id")),
    both(delete_approval, "DELETE FROM approval WHERE id = $1"),
};

constexpr std::array kLaterStatements{
    // Both read it and keep it as it is until the transaction ends.
    // A file's transaction has it all from its beginning; to return what was updated would cost a
    // table of its own there.
    Statement{lock_audit_chain,
              "SELECT id, cut_number, cut_link, last_number, last_link, code FROM audit_chain "
              "WHERE id = $1",
              "UPDATE audit_chain SET last_number = last_number WHERE id = $1 "
              "RETURNING id, cut_number, cut_link, last_number, last_link, code"},
    both(insert_audit_chain,
         "INSERT INTO audit_chain (cut_number, cut_link, last_number, last_link, code, id) "
         "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING"),
    both(update_audit_chain,
         "UPDATE audit_chain SET cut_number = $1, cut_link = $2, last_number = $3, "
         "last_link = $4, code = $5 WHERE id = $6"),
    both(audit_chains_after,
         "SELECT id, cut_number, cut_link, last_number, last_link, code FROM audit_chain " READ_ON(
             "id")),
    both(audit_chain_ids, "SELECT id FROM audit_chain " READ_ON("id")),
    both(delete_audit_chain, "DELETE FROM audit_chain WHERE id = $1"),

    both(insert_event,
         "INSERT INTO audit_event (chain, number, at, kind, account_id, server_id, tool, outcome, "
         "begun, link, ended, ended_number, ended_link, key, digest, state, result, id) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
         "$18)"),
    both(end_event,
         "UPDATE audit_event SET outcome = $1, ended = $2, ended_number = $3, ended_link = $4 "
         "WHERE id = $5 AND outcome = 'started'"),
    both(event, SELECT_EVENT "WHERE id = $1"),
    both(events,
         SELECT_EVENT "WHERE (at, id) < ($1, $2) AND at >= $3 ORDER BY at DESC, id DESC LIMIT $4"),
    both(events_of_chain, SELECT_EVENT
         "WHERE chain = $1 AND (at, id) < ($2, $3) AND at >= $4 ORDER BY at DESC, id DESC LIMIT "
         "$5"),
    both(events_after, SELECT_EVENT READ_ON("id")),
    both(event_ids, "SELECT id FROM audit_event " READ_ON("id")),
    both(delete_event, "DELETE FROM audit_event WHERE id = $1"),
    both(events_by_number,
         SELECT_EVENT "WHERE chain = $1 AND number > $2 ORDER BY number LIMIT $3"),
    both(events_by_end,
         SELECT_EVENT "WHERE chain = $1 AND ended_number > $2 ORDER BY ended_number LIMIT $3"),
    both(open_events, SELECT_EVENT "WHERE outcome = 'started' AND at < $1 ORDER BY at LIMIT $2"),
    both(event_of_key, SELECT_EVENT "WHERE account_id = $1 AND key = $2"),
    both(keep_result,
         "UPDATE audit_event SET state = $1, result = $2 WHERE id = $3 AND key IS NOT NULL"),
    both(free_key,
         "UPDATE audit_event SET key = NULL, state = '', result = NULL "
         "WHERE id = $1 AND key IS NOT NULL"),
    both(take_key,
         "UPDATE audit_event SET key = NULL, state = '', result = NULL "
         "WHERE id = $1 AND at = $2 AND state <> 'done' AND key IS NOT NULL"),
    both(free_old_keys,
         "UPDATE audit_event SET key = NULL, state = '', result = NULL "
         "WHERE key IS NOT NULL AND at < $1"),
    both(audit_settings, "SELECT coalesce(audit, '{}') FROM environment WHERE id = $1"),
    both(last_number_before,
         "SELECT max(number) FROM audit_event WHERE chain = $1 AND at = "
         "(SELECT at FROM audit_event WHERE chain = $1 AND at < $2 ORDER BY at DESC LIMIT 1)"),
    both(delete_events,
         "DELETE FROM audit_event WHERE chain = $1 AND number <= $2 "
         "AND (ended_number IS NULL OR ended_number <= $3) AND outcome <> 'started' "
         "AND key IS NULL"),

    both(insert_calls,
         "INSERT INTO audit_calls (chain, number, count, first_at, last_at, link, events, id) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
    both(calls, SELECT_CALLS "WHERE (last_at, id) < ($1, $2) AND last_at >= $3 AND first_at <= $4 "
                             "ORDER BY last_at DESC, id DESC LIMIT $5"),
    both(calls_of_chain, SELECT_CALLS
         "WHERE chain = $1 AND (last_at, id) < ($2, $3) AND last_at >= $4 AND first_at <= $5 "
         "ORDER BY last_at DESC, id DESC LIMIT $6"),
    both(calls_by_id, SELECT_CALLS "WHERE id = $1"),
    both(calls_by_number, SELECT_CALLS "WHERE chain = $1 AND number > $2 ORDER BY number LIMIT $3"),
    both(calls_around,
         "SELECT id, chain, number, count, first_at, last_at, link, '' FROM audit_calls "
         "WHERE chain = $1 AND number >= $2 ORDER BY number LIMIT 1"),
    both(last_calls_before,
         "SELECT max(number) FROM audit_calls WHERE chain = $1 AND last_at = "
         "(SELECT last_at FROM audit_calls WHERE chain = $1 AND last_at < $2 "
         "ORDER BY last_at DESC LIMIT 1)"),
    both(calls_after, SELECT_CALLS READ_ON("id")),
    both(calls_ids, "SELECT id FROM audit_calls " READ_ON("id")),
    both(delete_calls, "DELETE FROM audit_calls WHERE id = $1"),
    both(delete_calls_of_chain, "DELETE FROM audit_calls WHERE chain = $1 AND number <= $2"),

    both(secret, "SELECT sealed FROM instance_secret WHERE name = $1"),
    both(insert_secret, "INSERT INTO instance_secret (sealed, name) VALUES ($1, $2)"),
    both(update_secret, "UPDATE instance_secret SET sealed = $1 WHERE name = $2"),
    both(delete_secret, "DELETE FROM instance_secret WHERE name = $1"),
    both(secrets_after, "SELECT name, sealed FROM instance_secret " READ_ON("name")),
    both(secret_names, "SELECT name FROM instance_secret " READ_ON("name")),

    both(copy_state,
         "SELECT source, revision, in_table, last_id, steps FROM incomplete_copy WHERE id = 1"),
    both(begin_copy,
         "INSERT INTO incomplete_copy (id, source, revision, in_table, steps) "
         "VALUES (1, $1, $2, $3, 0)"),
    both(note_copy,
         "UPDATE incomplete_copy SET revision = $1, in_table = $2, last_id = $3, steps = steps + 1 "
         "WHERE id = 1 AND steps = $4"),
    both(end_copy, "DELETE FROM incomplete_copy WHERE id = 1 AND steps = $1"),
};

#undef SELECT_ENVIRONMENT
#undef SELECT_API_TOKEN
#undef SELECT_ACCOUNT
#undef SELECT_MCP_SERVER
#undef SELECT_EVENT
#undef SELECT_CALLS
#undef SELECT_APPROVAL
#undef MCP_SERVER_COLUMNS
#undef SELECT_MCP_SERVER
#undef IS_UNTOLD
#undef APPROVALS_LIKE
#undef SELECT_SERVER_USE

template <std::size_t... kSizes>
consteval auto joined(const std::array<Statement, kSizes>&... parts) {
  std::array<Statement, (kSizes + ...)> all{};
  auto next = all.begin();
  ((next = std::ranges::copy(parts, next).out), ...);
  return all;
}

constexpr std::array kStatements =
    joined(kFirstStatements, kWebhookStatements, kLaterStatements, kSignInStatements,
           kDefinitionStatements, kGrantStatements);

consteval bool in_order() {
  for (std::size_t i = 0; i < kStatements.size(); ++i) {
    if (static_cast<std::size_t>(kStatements[i].question) != i) return false;
  }
  return kStatements.size() == static_cast<std::size_t>(account_grant_ids) + 1;
}
static_assert(in_order());

}  // namespace

std::span<const Statement> statements() {
  return kStatements;
}

}  // namespace patchbay::store
