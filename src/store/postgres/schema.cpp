#include "store/postgres/schema.h"

#include <string>

#include "store/postgres/migrations.h"

namespace patchbay::store::postgres {
namespace {

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
  for (const Migration& migration : migrations()) {
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
