#include "store/postgres/schema.h"

#include <array>
#include <string>

namespace patchbay::store::postgres {
namespace {

struct Migration {
  std::int64_t to_version;
  Sql script;
};

// Times are milliseconds since 1970 (UTC). What is in an index is compared by its bytes (COLLATE
// "C"), as SQLite does: the order of pages is the same, and no update of the system's locales makes
// an index wrong.
constexpr std::array<Migration, kSchemaVersion> kMigrations{{
    {1,
     "CREATE TABLE schema_version ("
     "  id BIGINT PRIMARY KEY CHECK (id = 1),"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE TABLE environment ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  name TEXT COLLATE \"C\" NOT NULL UNIQUE,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE INDEX environment_page ON environment (created_at, id);"
     "CREATE TABLE api_token ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  environment_id TEXT COLLATE \"C\" REFERENCES environment (id) ON DELETE CASCADE,"
     "  name TEXT NOT NULL,"
     "  scope TEXT COLLATE \"C\" NOT NULL CHECK (scope IN ('admin', 'read', 'mint', 'mcp')),"
     "  limits TEXT NOT NULL,"
     "  hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at BIGINT,"
     "  created_by TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  mac BYTEA,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE INDEX api_token_page ON api_token (created_at, id);"
     "CREATE INDEX api_token_environment_page ON api_token (environment_id, created_at, id);"
     "CREATE INDEX api_token_scope ON api_token (environment_id, scope);"
     "CREATE INDEX api_token_expiry ON api_token (expires_at) WHERE expires_at IS NOT NULL;"
     "CREATE TABLE integrated_account ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  environment_id TEXT COLLATE \"C\" NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  integration TEXT COLLATE \"C\" NOT NULL,"
     "  tenant_id TEXT COLLATE \"C\" NOT NULL,"
     "  name TEXT NOT NULL,"
     "  status TEXT NOT NULL CHECK (status IN ('active', 'needs_reauth', 'validation_error')),"
     "  last_error TEXT NOT NULL,"
     "  credentials BYTEA NOT NULL,"
     "  settings TEXT NOT NULL,"
     "  created_by TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  mac BYTEA,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE INDEX integrated_account_page ON integrated_account (created_at, id);"
     "CREATE INDEX integrated_account_environment_page"
     "  ON integrated_account (environment_id, created_at, id);"
     "CREATE INDEX integrated_account_environment_integration_page"
     "  ON integrated_account (environment_id, integration, created_at, id);"
     "CREATE INDEX integrated_account_integration_page"
     "  ON integrated_account (integration, created_at, id);"
     "CREATE INDEX integrated_account_tenant_page"
     "  ON integrated_account (tenant_id, created_at, id);"
     "CREATE TABLE mcp_server ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  account_id TEXT COLLATE \"C\" NOT NULL"
     "    REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  environment_id TEXT COLLATE \"C\" NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  name TEXT NOT NULL,"
     "  config TEXT NOT NULL,"
     "  hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at BIGINT,"
     "  created_by TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  mac BYTEA,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE INDEX mcp_server_account_page ON mcp_server (account_id, created_at, id);"
     "CREATE INDEX mcp_server_environment ON mcp_server (environment_id);"
     "CREATE INDEX mcp_server_expiry ON mcp_server (expires_at) WHERE expires_at IS NOT NULL;"
     "CREATE TABLE write_journal ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  account_id TEXT COLLATE \"C\" NOT NULL"
     "    REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  key TEXT COLLATE \"C\" NOT NULL,"
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'unknown')),"
     "  result BYTEA NOT NULL,"
     "  started_at BIGINT NOT NULL,"
     "  UNIQUE (account_id, key)"
     ");"
     "CREATE INDEX write_journal_age ON write_journal (started_at);"
     "CREATE TABLE instance_secret ("
     "  name TEXT COLLATE \"C\" PRIMARY KEY,"
     "  sealed BYTEA NOT NULL"
     ");"
     "CREATE TABLE instance_revision ("
     "  id BIGINT PRIMARY KEY CHECK (id = 1),"
     "  revision BIGINT NOT NULL"
     ");"
     "INSERT INTO instance_revision (id, revision) VALUES (1, 0);"
     "CREATE TABLE change ("
     "  revision BIGINT PRIMARY KEY,"
     "  kind BIGINT NOT NULL,"
     "  id TEXT NOT NULL,"
     "  deleted BIGINT NOT NULL"
     ");"
     "INSERT INTO schema_version (id, version) VALUES (1, 1);"},
    // How far a copy into this database is (store/copy.h); no row: none is under way.
    {2,
     "CREATE TABLE incomplete_copy ("
     "  id BIGINT PRIMARY KEY CHECK (id = 1),"
     "  source TEXT NOT NULL,"
     "  revision BIGINT NOT NULL,"
     "  in_table TEXT NOT NULL,"
     "  last_id TEXT COLLATE \"C\","
     "  steps BIGINT NOT NULL"
     ");"
     "UPDATE schema_version SET version = 2 WHERE id = 1;"},
    // Calls that wait for a person's yes (store/approval_rows.h).
    {3,
     "CREATE TABLE approval ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  environment_id TEXT COLLATE \"C\" NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  account_id TEXT COLLATE \"C\" NOT NULL"
     "    REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  server_id TEXT COLLATE \"C\" NOT NULL,"
     "  tool TEXT NOT NULL,"
     "  digest TEXT COLLATE \"C\" NOT NULL,"
     "  state TEXT COLLATE \"C\" NOT NULL CHECK (state IN ('pending', 'sending', 'done', 'failed',"
     "    'unknown', 'refused', 'expired', 'stale')),"
     "  content BYTEA NOT NULL,"
     "  outcome BYTEA NOT NULL,"
     "  decided_by TEXT NOT NULL,"
     "  reason TEXT NOT NULL,"
     "  decided_at BIGINT,"
     "  expires_at BIGINT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  mac BYTEA,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE UNIQUE INDEX approval_pending ON approval (server_id, digest)"
     "  WHERE state = 'pending';"
     "CREATE INDEX approval_call ON approval (server_id, digest, created_at, id);"
     "CREATE INDEX approval_state ON approval (state, expires_at);"
     "CREATE INDEX approval_server_state ON approval (server_id, state, expires_at);"
     "CREATE INDEX approval_page ON approval (created_at, id);"
     "CREATE INDEX approval_environment_page ON approval (environment_id, created_at, id);"
     "CREATE INDEX approval_account_page ON approval (account_id, created_at, id);"
     "CREATE INDEX approval_server_page ON approval (server_id, created_at, id);"
     "UPDATE schema_version SET version = 3 WHERE id = 1;"},
    // A rotated server may open by its old token for a while, and what is used is counted.
    {4,
     "ALTER TABLE mcp_server ADD COLUMN previous_hash BYTEA"
     "  CHECK (length(previous_hash) = 32);"
     "ALTER TABLE mcp_server ADD COLUMN previous_expires_at BIGINT;"
     "CREATE UNIQUE INDEX mcp_server_previous ON mcp_server (previous_hash)"
     "  WHERE previous_hash IS NOT NULL;"
     "CREATE INDEX mcp_server_overlap ON mcp_server (previous_expires_at)"
     "  WHERE previous_expires_at IS NOT NULL;"
     "CREATE TABLE mcp_server_use ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY REFERENCES mcp_server (id) ON DELETE CASCADE,"
     "  day BIGINT NOT NULL DEFAULT 0,"
     "  calls BIGINT NOT NULL DEFAULT 0,"
     "  errors BIGINT NOT NULL DEFAULT 0,"
     "  last_used_at BIGINT,"
     "  calls_minute BIGINT NOT NULL DEFAULT 0,"
     "  calls_of_minute BIGINT NOT NULL DEFAULT 0,"
     "  calls_day BIGINT NOT NULL DEFAULT 0,"
     "  calls_of_day BIGINT NOT NULL DEFAULT 0,"
     "  writes_minute BIGINT NOT NULL DEFAULT 0,"
     "  writes_of_minute BIGINT NOT NULL DEFAULT 0,"
     "  writes_day BIGINT NOT NULL DEFAULT 0,"
     "  writes_of_day BIGINT NOT NULL DEFAULT 0"
     ");"
     "UPDATE schema_version SET version = 4 WHERE id = 1;"},
    // What is deleted and still has rows is found (store/deletions.h).
    {5,
     "CREATE INDEX environment_marked ON environment (version) WHERE version < 0;"
     "CREATE INDEX integrated_account_marked ON integrated_account (version) WHERE version < 0;"
     "UPDATE schema_version SET version = 5 WHERE id = 1;"},
    // Every call and every change leaves an event, and a write's is the row that its key stands in.
    // Events belong to no account: they stay when it goes. Rows that are there get numbers below
    // zero, in front of the chain that nobody can have made for them here.
    {6,
     "ALTER TABLE environment ADD COLUMN audit TEXT;"
     "CREATE TABLE audit_chain ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  cut_number BIGINT NOT NULL,"
     "  cut_link TEXT NOT NULL,"
     "  last_number BIGINT NOT NULL,"
     "  last_link TEXT NOT NULL,"
     "  code TEXT NOT NULL"
     ");"
     "CREATE TABLE audit_event ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  chain TEXT COLLATE \"C\" NOT NULL,"
     "  number BIGINT NOT NULL,"
     "  at BIGINT NOT NULL,"
     "  kind TEXT NOT NULL,"
     "  account_id TEXT COLLATE \"C\" NOT NULL,"
     "  server_id TEXT NOT NULL,"
     "  tool TEXT NOT NULL,"
     "  outcome TEXT NOT NULL CHECK (outcome IN ('started', 'done', 'failed', 'unknown')),"
     "  begun TEXT NOT NULL,"
     "  link TEXT NOT NULL,"
     "  ended TEXT NOT NULL,"
     "  ended_number BIGINT,"
     "  ended_link TEXT NOT NULL,"
     "  key TEXT COLLATE \"C\","
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('', 'started', 'done', 'unknown')),"
     "  result BYTEA,"
     "  UNIQUE (chain, number)"
     ");"
     "INSERT INTO audit_event (id, chain, number, at, kind, account_id, server_id, tool, outcome,"
     "    begun, link, ended, ended_link, key, digest, state, result)"
     "  SELECT w.id, a.environment_id, -(row_number() OVER (ORDER BY w.started_at, w.id)),"
     "    w.started_at, 'write', w.account_id, '', '', w.state, '{}', '', '', '', w.key, w.digest,"
     "    w.state, w.result"
     "  FROM write_journal w JOIN integrated_account a ON a.id = w.account_id;"
     "DROP TABLE write_journal;"
     "CREATE INDEX audit_event_page ON audit_event (at, id);"
     "CREATE INDEX audit_event_chain_page ON audit_event (chain, at, id);"
     "CREATE INDEX audit_event_end ON audit_event (chain, ended_number)"
     "  WHERE ended_number IS NOT NULL;"
     "CREATE INDEX audit_event_open ON audit_event (at) WHERE outcome = 'started';"
     "CREATE UNIQUE INDEX audit_event_key ON audit_event (account_id, key) WHERE key IS NOT NULL;"
     "CREATE INDEX audit_event_key_age ON audit_event (at) WHERE key IS NOT NULL;"
     "UPDATE schema_version SET version = 6 WHERE id = 1;"},
    // Who wants to hear of events, and what is on its way to them (store/webhook_rows.h). Of an
    // expiry everybody is told once.
    {7,
     "ALTER TABLE mcp_server ADD COLUMN told_expires_at BIGINT;"
     "CREATE INDEX mcp_server_untold ON mcp_server (expires_at)"
     "  WHERE coalesce(told_expires_at, 0) <> expires_at;"
     "CREATE TABLE webhook ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  environment_id TEXT COLLATE \"C\" NOT NULL"
     "    REFERENCES environment (id) ON DELETE CASCADE,"
     "  url TEXT NOT NULL,"
     "  description TEXT NOT NULL,"
     "  events BIGINT NOT NULL,"
     "  enabled BIGINT NOT NULL,"
     "  disabled_because TEXT NOT NULL,"
     "  secret BYTEA NOT NULL,"
     "  previous BYTEA NOT NULL,"
     "  previous_until BIGINT,"
     "  created_by TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL,"
     "  mac BYTEA,"
     "  version BIGINT NOT NULL"
     ");"
     "CREATE INDEX webhook_page ON webhook (created_at, id);"
     "CREATE INDEX webhook_environment_page ON webhook (environment_id, created_at, id);"
     "CREATE INDEX webhook_of_expiry ON webhook (id) WHERE enabled = 1 AND (events & 2) <> 0;"
     "CREATE TABLE webhook_delivery ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  webhook_id TEXT COLLATE \"C\" NOT NULL"
     "    REFERENCES webhook (id) ON DELETE CASCADE,"
     "  message_id TEXT NOT NULL,"
     "  event TEXT NOT NULL,"
     "  payload BYTEA NOT NULL,"
     "  once TEXT,"
     "  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up')),"
     "  tries BIGINT NOT NULL,"
     "  due_at BIGINT NOT NULL,"
     "  claim TEXT NOT NULL,"
     "  attempts TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  updated_at BIGINT NOT NULL"
     ");"
     "CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook_id, once)"
     "  WHERE once IS NOT NULL;"
     "CREATE INDEX webhook_delivery_page ON webhook_delivery (webhook_id, created_at, id);"
     "CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at)"
     "  WHERE state = 'pending';"
     "CREATE INDEX webhook_delivery_claimed ON webhook_delivery (due_at)"
     "  WHERE state = 'pending' AND claim <> '';"
     "CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at)"
     "  WHERE state <> 'pending';"
     "UPDATE schema_version SET version = 7 WHERE id = 1;"},
    // Calls that were recorded together, many to a row.
    {8,
     "CREATE TABLE audit_calls ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  chain TEXT COLLATE \"C\" NOT NULL,"
     "  number BIGINT NOT NULL,"
     "  count BIGINT NOT NULL,"
     "  first_at BIGINT NOT NULL,"
     "  last_at BIGINT NOT NULL,"
     "  link TEXT NOT NULL,"
     "  events BYTEA NOT NULL,"
     "  UNIQUE (chain, number)"
     ");"
     "CREATE INDEX audit_calls_page ON audit_calls (last_at, id);"
     "CREATE INDEX audit_calls_chain_page ON audit_calls (chain, last_at, id);"
     "UPDATE schema_version SET version = 8 WHERE id = 1;"},
    // A server may be a member's, with credentials of that member's own.
    {9,
     "ALTER TABLE mcp_server ADD COLUMN member TEXT;"
     "ALTER TABLE mcp_server ADD COLUMN credentials BYTEA;"
     "ALTER TABLE mcp_server ADD COLUMN status TEXT CHECK (status IN ('active', 'needs_reauth'));"
     "ALTER TABLE mcp_server ADD COLUMN last_error TEXT;"
     "UPDATE schema_version SET version = 9 WHERE id = 1;"},
    // Who is signed in to the dashboard, and links that sign in (store/sign_in_rows.h).
    {10,
     "CREATE TABLE dashboard_session ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  api_token_id TEXT COLLATE \"C\" NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,"
     "  hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  ends_at BIGINT NOT NULL,"
     "  expires_at BIGINT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  mac BYTEA NOT NULL"
     ");"
     "CREATE INDEX dashboard_session_token ON dashboard_session (api_token_id, ends_at);"
     "CREATE INDEX dashboard_session_end ON dashboard_session (ends_at);"
     "CREATE TABLE sign_in_link ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  api_token_id TEXT COLLATE \"C\" NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,"
     "  hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at BIGINT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  mac BYTEA NOT NULL"
     ");"
     "CREATE INDEX sign_in_link_token ON sign_in_link (api_token_id, expires_at);"
     "CREATE INDEX sign_in_link_end ON sign_in_link (expires_at);"
     "UPDATE schema_version SET version = 10 WHERE id = 1;"},
    // Versions of definitions that were uploaded or imported (store/definition_rows.h).
    {11,
     "CREATE TABLE integration_revision ("
     "  id TEXT COLLATE \"C\" PRIMARY KEY,"
     "  integration TEXT COLLATE \"C\" NOT NULL,"
     "  revision BIGINT NOT NULL,"
     "  origin TEXT NOT NULL CHECK (origin IN ('uploaded', 'imported')),"
     "  uploaded BIGINT NOT NULL,"
     "  imported BIGINT NOT NULL,"
     "  files BYTEA NOT NULL,"
     "  tools BIGINT NOT NULL,"
     "  created_by TEXT NOT NULL,"
     "  created_at BIGINT NOT NULL,"
     "  mac BYTEA NOT NULL,"
     "  UNIQUE (integration, revision)"
     ");"
     "UPDATE schema_version SET version = 11 WHERE id = 1;"},
    // What people have said yes to, at authorization servers (store/grant_rows.h).
    {12,
     "CREATE TABLE account_grant ("
     "  account_id TEXT COLLATE \"C\" PRIMARY KEY REFERENCES integrated_account (id) ON DELETE "
     "CASCADE,"
     "  tokens BYTEA NOT NULL,"
     "  expires_at BIGINT NOT NULL,"
     "  connected_at BIGINT NOT NULL,"
     "  claimed_until BIGINT NOT NULL,"
     "  version BIGINT NOT NULL"
     ");"
     "UPDATE schema_version SET version = 12 WHERE id = 1;"},
}};

Result<std::int64_t> read_number(Connection& connection, Sql sql) {
  const auto answer = connection.run(sql, {});
  if (!answer) return std::unexpected(answer.error());
  return answer->rows() == 0 ? 0 : answer->at(0, 0).integer;
}

// 0: there is nothing of ours yet.
Result<std::int64_t> read_version(Connection& connection) {
  const auto known = read_number(
      connection,
      "SELECT count(*) FROM pg_class WHERE oid = to_regclass('patchbay.schema_version')");
  if (!known) return known;
  if (*known > 0) return read_number(connection, "SELECT version FROM schema_version WHERE id = 1");
  const auto others = read_number(connection,
                                  "SELECT count(*) FROM pg_class WHERE relnamespace = "
                                  "(SELECT oid FROM pg_namespace WHERE nspname = 'patchbay')");
  if (!others) return others;
  if (*others == 0) return 0;
  return fail(ErrorCode::unavailable,
              "The schema 'patchbay' of the database belongs to another program.",
              "Name a database of its own for Patchbay.");
}

std::unexpected<Error> nothing_of_ours() {
  return fail(ErrorCode::not_found, "The database has no tables of Patchbay.",
              "Name the database that the server uses; it makes the tables when it starts.");
}

std::unexpected<Error> older(std::int64_t version) {
  return fail(ErrorCode::conflict,
              "The database has version " + std::to_string(version) + "; this program works with " +
                  std::to_string(kSchemaVersion) + ".",
              "Start the server of this version once: it brings the database up to date.");
}

Result<> refuse_newer(std::int64_t version) {
  if (version <= kSchemaVersion) return {};
  return fail(ErrorCode::unsupported,
              "The database has version " + std::to_string(version) +
                  "; this program knows versions up to " + std::to_string(kSchemaVersion) + ".",
              "Run the newer program that made it, or restore a backup.");
}

// In another encoding text would be refused later, character by character.
Result<> check_encoding(Connection& connection) {
  const auto fits =
      read_number(connection, "SELECT (current_setting('server_encoding') = 'UTF8')::int::bigint");
  if (!fits) return std::unexpected(fits.error());
  if (*fits == 1) return {};
  return fail(
      ErrorCode::unsupported, "The encoding of the database is not UTF8.",
      "Make one for Patchbay: CREATE DATABASE patchbay ENCODING 'UTF8' TEMPLATE template0.");
}

// What an administrator has to do where the role may not, before PostgreSQL refuses it without.
Result<> make_schema(Connection& connection) {
  const auto there =
      read_number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = 'patchbay'");
  if (!there) return std::unexpected(there.error());
  // 'CREATE' of a database: to make schemas; of a schema: to make tables.
  const auto may =
      *there == 0
          ? read_number(connection,
                        "SELECT has_database_privilege(current_database(), 'CREATE')::int::bigint")
          : read_number(connection,
                        "SELECT has_schema_privilege('patchbay', 'CREATE, USAGE')::int::bigint");
  if (!may) return std::unexpected(may.error());
  if (*may == 0) {
    const auto role = connection.run("SELECT quote_ident(current_user)", {});
    if (!role) return std::unexpected(role.error());
    const std::string name = role->at(0, 0).bytes;
    return fail(ErrorCode::unavailable,
                *there == 0 ? "The role may not make the schema 'patchbay' in the database."
                            : "The role may not make tables in the schema 'patchbay'.",
                *there == 0 ? "Let an administrator of the database make it, once: CREATE SCHEMA "
                              "patchbay AUTHORIZATION " +
                                  name + ";"
                            : "Let an administrator of the database give it to the role: ALTER "
                              "SCHEMA patchbay OWNER TO " +
                                  name + ";");
  }
  if (*there > 0) return {};
  const auto made = connection.execute("CREATE SCHEMA patchbay");
  return made ? Result<>() : std::unexpected(made.error());
}

Result<> migrate_in_transaction(Connection& connection) {
  // "pbay" in ASCII. Waits for another node that migrates; an index over many rows takes its time.
  if (auto locked = connection.execute("SET LOCAL statement_timeout = 0;"
                                       "SELECT pg_advisory_xact_lock(1885495673)");
      !locked) {
    return std::unexpected(locked.error());
  }
  if (auto fits = check_encoding(connection); !fits) return fits;
  const auto version = read_version(connection);
  if (!version) return std::unexpected(version.error());
  if (auto known = refuse_newer(*version); !known) return known;
  if (*version == 0) {
    if (auto made = make_schema(connection); !made) return made;
  }
  for (const Migration& migration : kMigrations) {
    if (migration.to_version <= *version) continue;
    if (auto done = connection.execute(migration.script); !done) {
      return std::unexpected(done.error());
    }
  }
  return {};
}

}  // namespace

Result<> migrate(Connection& connection) {
  connection.set_patience(std::chrono::hours(1));
  if (auto begun = connection.execute("BEGIN"); !begun) return std::unexpected(begun.error());
  auto migrated = migrate_in_transaction(connection);
  // The connection goes after this one, and with it what was begun.
  if (!migrated) return migrated;
  return connection.commit();
}

Result<> check_tables(Connection& connection, Tables tables) {
  const auto version = read_version(connection);
  if (!version) return std::unexpected(version.error());
  if (*version == 0 && !makes(tables)) return nothing_of_ours();
  if (*version < kSchemaVersion && tables == Tables::leave) return older(*version);
  return refuse_newer(*version);
}

}  // namespace patchbay::store::postgres
