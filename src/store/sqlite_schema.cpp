#include "store/sqlite_schema.h"

#include <array>
#include <string>

namespace patchbay::store {
namespace {

// "pbay" in ASCII, so that a file can be told from any other program's database.
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
}};
static_assert(kApplicationId == 1885495673);

// What a database says of itself, read in one transaction: another process may be making it.
Result<std::int64_t> read_version(Database& database) {
  const auto tables = database.read_integer("SELECT count(*) FROM sqlite_schema");
  const auto version = database.read_integer("PRAGMA user_version");
  const auto application = database.read_integer("PRAGMA application_id");
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

// `work` between the two, and nothing of it if it fails.
template <class Work>
Result<> in_transaction(Database& database, Sql begin, Work work) {
  if (auto begun = database.execute(begin); !begun) return begun;
  Result<> done = work();
  if (done) return database.execute("COMMIT;");
  static_cast<void>(database.execute("ROLLBACK;"));
  return done;
}

}  // namespace

Result<> migrate(Database& database) {
  std::int64_t version = 0;
  const auto read = [&]() -> Result<> {
    auto found = read_version(database);
    if (!found) return std::unexpected(std::move(found.error()));
    version = *found;
    return {};
  };
  // Most starts change nothing, and then nobody is kept waiting.
  if (auto known = in_transaction(database, "BEGIN;", read); !known) return known;
  if (version == kSchemaVersion) return {};
  // From one state to another with no other process in between: a step that was taken meanwhile
  // must not be taken again, even where its tables are gone by now.
  return in_transaction(database, "BEGIN IMMEDIATE;", [&]() -> Result<> {
    if (auto known = read(); !known) return known;
    for (const Migration& migration : kMigrations) {
      if (migration.to_version <= version) continue;
      if (auto done = database.execute(migration.script); !done) return done;
    }
    return {};
  });
}

}  // namespace patchbay::store
