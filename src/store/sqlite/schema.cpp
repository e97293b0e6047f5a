#include "store/sqlite/schema.h"

#include <array>
#include <string>

namespace patchbay::store::sqlite {
namespace {

// "pbay" in ASCII, so that a file can be told from any other program's connection.
constexpr std::int64_t kApplicationId = 0x70626179;

struct Migration {
  std::int64_t to_version;
  Sql script;
};

// Times are milliseconds since 1970 (UTC).
constexpr std::array<Migration, kSchemaVersion> kMigrations{{
    {1,
     "CREATE TABLE environment ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  name TEXT NOT NULL UNIQUE,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE api_token ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  environment_id TEXT REFERENCES environment (id) ON DELETE CASCADE,"
     "  name TEXT NOT NULL,"
     "  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at INTEGER,"
     "  created_by TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX api_token_environment ON api_token (environment_id);"
     "CREATE TABLE integrated_account ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  environment_id TEXT NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  integration TEXT NOT NULL,"
     "  tenant_id TEXT NOT NULL,"
     "  name TEXT NOT NULL,"
     "  status TEXT NOT NULL CHECK (status IN ('active', 'needs_reauth', 'validation_error')),"
     "  last_error TEXT NOT NULL,"
     "  credentials BLOB NOT NULL,"
     "  settings TEXT NOT NULL,"
     "  created_by TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX integrated_account_environment ON integrated_account (environment_id);"
     "CREATE TABLE mcp_server ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  account_id TEXT NOT NULL REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  environment_id TEXT NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  name TEXT NOT NULL,"
     "  config TEXT NOT NULL,"
     "  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at INTEGER,"
     "  created_by TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX mcp_server_account ON mcp_server (account_id);"
     "CREATE INDEX mcp_server_environment ON mcp_server (environment_id);"
     "CREATE INDEX mcp_server_expiry ON mcp_server (expires_at) WHERE expires_at IS NOT NULL;"
     "CREATE TABLE instance_secret ("
     "  name TEXT PRIMARY KEY NOT NULL,"
     "  sealed BLOB NOT NULL"
     ") STRICT;"
     "PRAGMA application_id = 1885495673;"
     "PRAGMA user_version = 1;"},
    {2,
     "CREATE TABLE idempotency ("
     "  account_id TEXT NOT NULL REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  key TEXT NOT NULL,"
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'unknown')),"
     "  result BLOB NOT NULL,"
     "  started_at INTEGER NOT NULL,"
     "  PRIMARY KEY (account_id, key)"
     ") STRICT;"
     "CREATE INDEX idempotency_age ON idempotency (started_at);"
     "PRAGMA user_version = 2;"},
    // Keys become a column of the journal of writes.
    {3,
     "CREATE TABLE write_journal ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  account_id TEXT NOT NULL REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  key TEXT NOT NULL,"
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'unknown')),"
     "  result BLOB NOT NULL,"
     "  started_at INTEGER NOT NULL,"
     "  UNIQUE (account_id, key)"
     ") STRICT;"
     "INSERT INTO write_journal (id, account_id, key, digest, state, result, started_at)"
     "  SELECT 'wrt_' || lower(hex(randomblob(16))), account_id, key, digest, state, result,"
     "    started_at FROM idempotency;"
     "DROP TABLE idempotency;"
     "CREATE INDEX write_journal_age ON write_journal (started_at);"
     "PRAGMA user_version = 3;"},
    // API tokens get a scope: those that are there go on as they were. A keyed code binds what
    // gives authority in a row; control makes it for the rows that are there (control/authority.h).
    {4,
     "ALTER TABLE api_token ADD COLUMN scope TEXT NOT NULL DEFAULT 'admin'"
     "  CHECK (scope IN ('admin', 'read', 'mint', 'mcp'));"
     "ALTER TABLE api_token ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';"
     "ALTER TABLE api_token ADD COLUMN mac BLOB;"
     "ALTER TABLE integrated_account ADD COLUMN mac BLOB;"
     "ALTER TABLE mcp_server ADD COLUMN mac BLOB;"
     "PRAGMA user_version = 4;"},
    // The store is asked by the page, and tells what changed (store/changes.h). Pages go by
    // created_at and id within what they are filtered by; an index that another one begins with
    // goes.
    {5,
     "ALTER TABLE environment ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE api_token ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE integrated_account ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE mcp_server ADD COLUMN version INTEGER NOT NULL DEFAULT 0;"
     "CREATE TABLE instance_revision ("
     "  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),"
     "  revision INTEGER NOT NULL"
     ") STRICT;"
     "INSERT INTO instance_revision (id, revision) VALUES (1, 0);"
     "CREATE TABLE change ("
     "  revision INTEGER PRIMARY KEY NOT NULL,"
     "  kind INTEGER NOT NULL,"
     "  id TEXT NOT NULL,"
     "  deleted INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX environment_page ON environment (created_at, id);"
     "CREATE INDEX api_token_page ON api_token (created_at, id);"
     "DROP INDEX api_token_environment;"
     "CREATE INDEX api_token_environment_page ON api_token (environment_id, created_at, id);"
     "CREATE INDEX api_token_scope ON api_token (environment_id, scope);"
     "CREATE INDEX api_token_expiry ON api_token (expires_at) WHERE expires_at IS NOT NULL;"
     "CREATE INDEX integrated_account_page ON integrated_account (created_at, id);"
     "DROP INDEX integrated_account_environment;"
     "CREATE INDEX integrated_account_environment_page"
     "  ON integrated_account (environment_id, created_at, id);"
     "CREATE INDEX integrated_account_environment_integration_page"
     "  ON integrated_account (environment_id, integration, created_at, id);"
     "CREATE INDEX integrated_account_integration_page"
     "  ON integrated_account (integration, created_at, id);"
     "CREATE INDEX integrated_account_tenant_page"
     "  ON integrated_account (tenant_id, created_at, id);"
     "DROP INDEX mcp_server_account;"
     "CREATE INDEX mcp_server_account_page ON mcp_server (account_id, created_at, id);"
     "PRAGMA user_version = 5;"},
    // How far a copy into this database is (store/copy.h); no row: none is under way.
    {6,
     "CREATE TABLE incomplete_copy ("
     "  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),"
     "  source TEXT NOT NULL,"
     "  revision INTEGER NOT NULL,"
     "  in_table TEXT NOT NULL,"
     "  last_id TEXT,"
     "  steps INTEGER NOT NULL"
     ") STRICT;"
     "PRAGMA user_version = 6;"},
    // Calls that wait for a person's yes (store/approval_rows.h).
    {7,
     "CREATE TABLE approval ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  environment_id TEXT NOT NULL REFERENCES environment (id) ON DELETE CASCADE,"
     "  account_id TEXT NOT NULL"
     "    REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  server_id TEXT NOT NULL,"
     "  tool TEXT NOT NULL,"
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'done', 'failed',"
     "    'unknown', 'refused', 'expired', 'stale')),"
     "  content BLOB NOT NULL,"
     "  outcome BLOB NOT NULL,"
     "  decided_by TEXT NOT NULL,"
     "  reason TEXT NOT NULL,"
     "  decided_at INTEGER,"
     "  expires_at INTEGER NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL,"
     "  mac BLOB,"
     "  version INTEGER NOT NULL"
     ") STRICT;"
     "CREATE UNIQUE INDEX approval_pending ON approval (server_id, digest)"
     "  WHERE state = 'pending';"
     "CREATE INDEX approval_call ON approval (server_id, digest, created_at, id);"
     "CREATE INDEX approval_state ON approval (state, expires_at);"
     "CREATE INDEX approval_server_state ON approval (server_id, state, expires_at);"
     "CREATE INDEX approval_page ON approval (created_at, id);"
     "CREATE INDEX approval_environment_page ON approval (environment_id, created_at, id);"
     "CREATE INDEX approval_account_page ON approval (account_id, created_at, id);"
     "CREATE INDEX approval_server_page ON approval (server_id, created_at, id);"
     "PRAGMA user_version = 7;"},
    // A rotated server may open by its old token for a while, and what is used is counted.
    {8,
     "ALTER TABLE mcp_server ADD COLUMN previous_hash BLOB"
     "  CHECK (previous_hash IS NULL OR length(previous_hash) = 32);"
     "ALTER TABLE mcp_server ADD COLUMN previous_expires_at INTEGER;"
     "CREATE UNIQUE INDEX mcp_server_previous ON mcp_server (previous_hash)"
     "  WHERE previous_hash IS NOT NULL;"
     "CREATE INDEX mcp_server_overlap ON mcp_server (previous_expires_at)"
     "  WHERE previous_expires_at IS NOT NULL;"
     "CREATE TABLE mcp_server_use ("
     "  id TEXT PRIMARY KEY NOT NULL REFERENCES mcp_server (id) ON DELETE CASCADE,"
     "  day INTEGER NOT NULL DEFAULT 0,"
     "  calls INTEGER NOT NULL DEFAULT 0,"
     "  errors INTEGER NOT NULL DEFAULT 0,"
     "  last_used_at INTEGER,"
     "  calls_minute INTEGER NOT NULL DEFAULT 0,"
     "  calls_of_minute INTEGER NOT NULL DEFAULT 0,"
     "  calls_day INTEGER NOT NULL DEFAULT 0,"
     "  calls_of_day INTEGER NOT NULL DEFAULT 0,"
     "  writes_minute INTEGER NOT NULL DEFAULT 0,"
     "  writes_of_minute INTEGER NOT NULL DEFAULT 0,"
     "  writes_day INTEGER NOT NULL DEFAULT 0,"
     "  writes_of_day INTEGER NOT NULL DEFAULT 0"
     ") STRICT, WITHOUT ROWID;"
     "PRAGMA user_version = 8;"},
    // What is deleted and still has rows is found (store/deletions.h).
    {9,
     "CREATE INDEX environment_marked ON environment (version) WHERE version < 0;"
     "CREATE INDEX integrated_account_marked ON integrated_account (version) WHERE version < 0;"
     "PRAGMA user_version = 9;"},
    // Every call and every change leaves an event, and a write's is the row that its key stands in.
    // Events belong to no account: they stay when it goes. Rows that are there get numbers below
    // zero, in front of the chain that nobody can have made for them here.
    {10,
     "ALTER TABLE environment ADD COLUMN audit TEXT;"
     "CREATE TABLE audit_chain ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  cut_number INTEGER NOT NULL,"
     "  cut_link TEXT NOT NULL,"
     "  last_number INTEGER NOT NULL,"
     "  last_link TEXT NOT NULL,"
     "  code TEXT NOT NULL"
     ") STRICT;"
     "CREATE TABLE audit_event ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  chain TEXT NOT NULL,"
     "  number INTEGER NOT NULL,"
     "  at INTEGER NOT NULL,"
     "  kind TEXT NOT NULL,"
     "  account_id TEXT NOT NULL,"
     "  server_id TEXT NOT NULL,"
     "  tool TEXT NOT NULL,"
     "  outcome TEXT NOT NULL CHECK (outcome IN ('started', 'done', 'failed', 'unknown')),"
     "  begun TEXT NOT NULL,"
     "  link TEXT NOT NULL,"
     "  ended TEXT NOT NULL,"
     "  ended_number INTEGER,"
     "  ended_link TEXT NOT NULL,"
     "  key TEXT,"
     "  digest TEXT NOT NULL,"
     "  state TEXT NOT NULL CHECK (state IN ('', 'started', 'done', 'unknown')),"
     "  result BLOB,"
     "  UNIQUE (chain, number)"
     ") STRICT;"
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
     "PRAGMA user_version = 10;"},
    // Who wants to hear of events, and what is on its way to them (store/webhook_rows.h). Of an
    // expiry everybody is told once.
    {11,
     "ALTER TABLE mcp_server ADD COLUMN told_expires_at INTEGER;"
     "CREATE INDEX mcp_server_untold ON mcp_server (expires_at)"
     "  WHERE coalesce(told_expires_at, 0) <> expires_at;"
     "CREATE TABLE webhook ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  environment_id TEXT NOT NULL"
     "    REFERENCES environment (id) ON DELETE CASCADE,"
     "  url TEXT NOT NULL,"
     "  description TEXT NOT NULL,"
     "  events INTEGER NOT NULL,"
     "  enabled INTEGER NOT NULL,"
     "  disabled_because TEXT NOT NULL,"
     "  secret BLOB NOT NULL,"
     "  previous BLOB NOT NULL,"
     "  previous_until INTEGER,"
     "  created_by TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL,"
     "  mac BLOB,"
     "  version INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX webhook_page ON webhook (created_at, id);"
     "CREATE INDEX webhook_environment_page ON webhook (environment_id, created_at, id);"
     "CREATE INDEX webhook_of_expiry ON webhook (id) WHERE enabled = 1 AND (events & 2) <> 0;"
     "CREATE TABLE webhook_delivery ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  webhook_id TEXT NOT NULL"
     "    REFERENCES webhook (id) ON DELETE CASCADE,"
     "  message_id TEXT NOT NULL,"
     "  event TEXT NOT NULL,"
     "  payload BLOB NOT NULL,"
     "  once TEXT,"
     "  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up')),"
     "  tries INTEGER NOT NULL,"
     "  due_at INTEGER NOT NULL,"
     "  claim TEXT NOT NULL,"
     "  attempts TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  updated_at INTEGER NOT NULL"
     ") STRICT;"
     "CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook_id, once)"
     "  WHERE once IS NOT NULL;"
     "CREATE INDEX webhook_delivery_page ON webhook_delivery (webhook_id, created_at, id);"
     "CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at)"
     "  WHERE state = 'pending';"
     "CREATE INDEX webhook_delivery_claimed ON webhook_delivery (due_at)"
     "  WHERE state = 'pending' AND claim <> '';"
     "CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at)"
     "  WHERE state <> 'pending';"
     "PRAGMA user_version = 11;"},
    // Calls that were recorded together, many to a row.
    {12,
     "CREATE TABLE audit_calls ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  chain TEXT NOT NULL,"
     "  number INTEGER NOT NULL,"
     "  count INTEGER NOT NULL,"
     "  first_at INTEGER NOT NULL,"
     "  last_at INTEGER NOT NULL,"
     "  link TEXT NOT NULL,"
     "  events BLOB NOT NULL,"
     "  UNIQUE (chain, number)"
     ") STRICT;"
     "CREATE INDEX audit_calls_page ON audit_calls (last_at, id);"
     "CREATE INDEX audit_calls_chain_page ON audit_calls (chain, last_at, id);"
     "PRAGMA user_version = 12;"},
    // A server may be a member's, with credentials of that member's own.
    {13,
     "ALTER TABLE mcp_server ADD COLUMN member TEXT;"
     "ALTER TABLE mcp_server ADD COLUMN credentials BLOB;"
     "ALTER TABLE mcp_server ADD COLUMN status TEXT CHECK (status IN ('active', 'needs_reauth'));"
     "ALTER TABLE mcp_server ADD COLUMN last_error TEXT;"
     "PRAGMA user_version = 13;"},
    // Who is signed in to the dashboard, and links that sign in (store/sign_in_rows.h).
    {14,
     "CREATE TABLE dashboard_session ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  api_token_id TEXT NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,"
     "  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  ends_at INTEGER NOT NULL,"
     "  expires_at INTEGER NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  mac BLOB NOT NULL"
     ") STRICT;"
     "CREATE INDEX dashboard_session_token ON dashboard_session (api_token_id, ends_at);"
     "CREATE INDEX dashboard_session_end ON dashboard_session (ends_at);"
     "CREATE TABLE sign_in_link ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  api_token_id TEXT NOT NULL REFERENCES api_token (id) ON DELETE CASCADE,"
     "  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),"
     "  expires_at INTEGER NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  mac BLOB NOT NULL"
     ") STRICT;"
     "CREATE INDEX sign_in_link_token ON sign_in_link (api_token_id, expires_at);"
     "CREATE INDEX sign_in_link_end ON sign_in_link (expires_at);"
     "PRAGMA user_version = 14;"},
    // Versions of definitions that were uploaded or imported (store/definition_rows.h).
    {15,
     "CREATE TABLE integration_revision ("
     "  id TEXT PRIMARY KEY NOT NULL,"
     "  integration TEXT NOT NULL,"
     "  revision INTEGER NOT NULL,"
     "  origin TEXT NOT NULL CHECK (origin IN ('uploaded', 'imported')),"
     "  uploaded INTEGER NOT NULL,"
     "  imported INTEGER NOT NULL,"
     "  files BLOB NOT NULL,"
     "  tools INTEGER NOT NULL,"
     "  created_by TEXT NOT NULL,"
     "  created_at INTEGER NOT NULL,"
     "  mac BLOB NOT NULL,"
     "  UNIQUE (integration, revision)"
     ") STRICT;"
     "PRAGMA user_version = 15;"},
    // What people have said yes to, at authorization servers (store/grant_rows.h).
    {16,
     "CREATE TABLE account_grant ("
     "  account_id TEXT PRIMARY KEY NOT NULL REFERENCES integrated_account (id) ON DELETE CASCADE,"
     "  tokens BLOB NOT NULL,"
     "  expires_at INTEGER NOT NULL,"
     "  connected_at INTEGER NOT NULL,"
     "  claimed_until INTEGER NOT NULL,"
     "  version INTEGER NOT NULL"
     ") STRICT;"
     "PRAGMA user_version = 16;"},
}};
static_assert(kApplicationId == 1885495673);

// What a database says of itself, read in one transaction: another process may be making it.
Result<std::int64_t> read_version(Connection& connection) {
  const auto tables = connection.read_integer("SELECT count(*) FROM sqlite_schema");
  const auto version = connection.read_integer("PRAGMA user_version");
  const auto application = connection.read_integer("PRAGMA application_id");
  if (!version) return std::unexpected(version.error());
  if (!application) return std::unexpected(application.error());
  if (!tables) return std::unexpected(tables.error());

  if (*application != kApplicationId && (*tables > 0 || *version > 0)) {
    return fail(ErrorCode::unavailable, "The database belongs to another program.",
                "Name a file of its own for Patchbay.");
  }
  if (*version > kSchemaVersion) {
    return fail(ErrorCode::unsupported,
                "The database has version " + std::to_string(*version) +
                    "; this program knows versions up to " + std::to_string(kSchemaVersion) + ".",
                "Run the newer program that made it, or restore a backup.");
  }
  return *version;
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

// `work` between the two, and nothing of it if it fails.
template <class Work>
Result<> in_transaction(Connection& connection, Sql begin, Work work) {
  if (auto begun = connection.execute(begin); !begun) return begun;
  Result<> done = work();
  if (done) return connection.execute("COMMIT;");
  static_cast<void>(connection.execute("ROLLBACK;"));
  return done;
}

}  // namespace

Result<> migrate(Connection& connection, std::int64_t to) {
  std::int64_t version = 0;
  const auto read = [&]() -> Result<> {
    auto found = read_version(connection);
    if (!found) return std::unexpected(std::move(found.error()));
    version = *found;
    return {};
  };
  // Most starts change nothing, and then nobody is kept waiting.
  if (auto known = in_transaction(connection, "BEGIN;", read); !known) return known;
  if (version >= to) return {};
  // From one state to another with no other process in between: a step that was taken meanwhile
  // must not be taken again, even where its tables are gone by now.
  return in_transaction(connection, "BEGIN IMMEDIATE;", [&]() -> Result<> {
    if (auto known = read(); !known) return known;
    for (const Migration& migration : kMigrations) {
      if (migration.to_version <= version || migration.to_version > to) continue;
      if (auto done = connection.execute(migration.script); !done) return done;
    }
    return {};
  });
}

Result<> check_tables(Connection& connection, Tables tables) {
  return in_transaction(connection, "BEGIN;", [&]() -> Result<> {
    const auto version = read_version(connection);
    if (!version) return std::unexpected(version.error());
    if (*version == 0 && !makes(tables)) return nothing_of_ours();
    if (*version < kSchemaVersion && tables == Tables::leave) return older(*version);
    return {};
  });
}

}  // namespace patchbay::store::sqlite
