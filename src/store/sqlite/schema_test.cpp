#include "store/sqlite/schema.h"

#include <string>

#include <doctest/doctest.h>

#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"

namespace patchbay::store {
namespace {

// What each version of the program knew to write, a row of each kind.
constexpr Sql kRowsOfVersion1 =
    "INSERT INTO environment (id, name, created_at, updated_at) VALUES ('env_1', 'E', 1, 2);"
    "INSERT INTO api_token (id, environment_id, name, hash, expires_at, created_by, created_at,"
    "  updated_at) VALUES ('tok_1', NULL, 'T', zeroblob(32), 9000, 'c', 1, 2);"
    "INSERT INTO integrated_account (id, environment_id, integration, tenant_id, name, status,"
    "  last_error, credentials, settings, created_by, created_at, updated_at)"
    "  VALUES ('acc_1', 'env_1', 'psa', 't', 'A', 'active', '', x'00ff', '{}', 'c', 1, 2),"
    "         ('acc_2', 'env_1', 'psa', 't', 'B', 'active', '', x'00ff', '{}', 'c', 3, 3);"
    "INSERT INTO mcp_server (id, account_id, environment_id, name, config, hash, created_by,"
    "  created_at, updated_at)"
    "  VALUES ('mcp_1', 'acc_1', 'env_1', 'S', '{\"a\":1}', zeroblob(32), 'c', 1, 2);"
    "INSERT INTO instance_secret (name, sealed) VALUES ('pepper', x'0102');";
constexpr Sql kWritesOfVersion2 =
    "INSERT INTO idempotency VALUES"
    "  ('acc_1', 'k', 'd1', 'done', x'00ff', 1000),"
    "  ('acc_2', 'k', 'd2', 'started', x'', 2000),"
    "  ('acc_2', 'l', 'd3', 'unknown', x'', 3000);";
constexpr Sql kWritesOfVersion3 =
    "INSERT INTO write_journal (id, account_id, key, digest, state, result, started_at) VALUES"
    "  ('wrt_1', 'acc_1', 'k', 'd1', 'done', x'00ff', 1000),"
    "  ('wrt_2', 'acc_2', 'k', 'd2', 'started', x'', 2000),"
    "  ('wrt_3', 'acc_2', 'l', 'd3', 'unknown', x'', 3000);";
constexpr Sql kCodesOfVersion4 =
    "UPDATE api_token SET scope = 'read', mac = x'aa'; UPDATE integrated_account SET mac = x'bb';"
    "UPDATE mcp_server SET mac = x'cc';";

constexpr std::int64_t kEvents = 10;  // which writes are from then on

void make_version(const std::string& path, std::int64_t version) {
  const auto connection = sqlite::Connection::open(path).value();
  REQUIRE(sqlite::migrate(*connection, version));
  REQUIRE(connection->read_integer("PRAGMA user_version").value() == version);
  REQUIRE(connection->execute(kRowsOfVersion1));
  if (version == 2) REQUIRE(connection->execute(kWritesOfVersion2));
  if (version >= 3 && version < kEvents) REQUIRE(connection->execute(kWritesOfVersion3));
  if (version >= 4) REQUIRE(connection->execute(kCodesOfVersion4));
}

EventRow present_write(Repository& repository, std::string_view account_id, std::string_view key) {
  std::optional<EventRow> found;
  REQUIRE(repository.change_events([&](EventSession& session) -> Result<> {
    found = session.event_of_key(account_id, key).value();
    return {};
  }));
  REQUIRE(found);
  return *found;
}

TEST_CASE("Whoever only looks at a database neither makes nor migrates it") {
  const TestFolder folder;
  make_version(folder.file(), 3);
  CHECK(open_sqlite(folder.file(), Tables::leave).error().code == ErrorCode::conflict);
  CHECK(sqlite::Connection::open(folder.file()).value()->read_integer("PRAGMA user_version") == 3);
  CHECK(open_sqlite(folder.file(), Tables::migrate));
  CHECK(open_sqlite(folder.file(), Tables::leave));
  const std::string none = (folder.path() / "none.db").string();
  for (const Tables tables : {Tables::migrate, Tables::leave}) {
    CHECK_FALSE(open_sqlite(none, tables));
    CHECK_FALSE(std::filesystem::exists(none));
  }
}

TEST_CASE("A database of every earlier version opens with all that is in it, and can be changed") {
  for (std::int64_t version = 1; version < sqlite::kSchemaVersion; ++version) {
    CAPTURE(version);
    const TestFolder folder;
    make_version(folder.file(), version);
    const auto opened = open_sqlite(folder.file());
    REQUIRE_MESSAGE(opened.has_value(), opened.error().message);
    Repository& repository = **opened;

    CHECK(repository.environment("env_1").value()->name == "E");
    const ApiTokenRow token = repository.api_token("tok_1").value().value();
    CHECK(token.environment_id.empty());
    CHECK(token.scope == (version < 4 ? "admin" : "read"));
    CHECK(token.limits == json::Value(json::Object{}));
    // What was never signed is told by its empty code.
    CHECK(token.mac == (version < 4 ? "" : "\xaa"));
    CHECK(token.expires_at == WallTime(std::chrono::milliseconds(9000)));
    CHECK(repository.account("acc_1").value()->mac == (version < 4 ? "" : "\xbb"));
    CHECK(repository.account("acc_1").value()->credentials.bytes == std::string("\0\xff", 2));
    McpServerRow server = repository.mcp_server(vault::TokenHash()).value().value();
    CHECK(server.id == "mcp_1");
    CHECK(server.mac == (version < 4 ? "" : "\xcc"));
    CHECK(repository.secret("pepper").value()->bytes == "\x01\x02");

    if (version >= 2 && version < kEvents) {
      const EventRow done = present_write(repository, "acc_1", "k");
      CHECK(done.digest == "d1");
      CHECK(done.state == "done");
      CHECK(done.outcome == "done");
      CHECK(done.chain == "env_1");
      CHECK(done.number < 0);
      CHECK(done.result.bytes == std::string("\0\xff", 2));
      CHECK(done.at == WallTime(std::chrono::milliseconds(1000)));
      EventRow started = present_write(repository, "acc_2", "k");
      CHECK(started.state == "started");
      CHECK(started.id != done.id);
      CHECK(present_write(repository, "acc_2", "l").state == "unknown");
      // One that was under way can still be finished.
      started.outcome = "unknown";
      REQUIRE(repository.change_events([&](EventSession& session) -> Result<> {
        REQUIRE(session.end(started).value());
        return session.keep_result(started.id, "unknown", {});
      }));
      CHECK(present_write(repository, "acc_2", "k").state == "unknown");
    }

    // Its revisions begin with the first change.
    CHECK(repository.revision().value() == 0);
    CHECK(server.version == 0);
    server.name = "changed";
    REQUIRE(repository.update(server));
    CHECK(server.version == 1);
    CHECK(repository.accounts({.tenant_id = "t"}, Page()).value().size() == 2);
    REQUIRE(repository.delete_account("acc_1"));
    CHECK_FALSE(repository.mcp_server("mcp_1").value());
  }
}

TEST_CASE("Whatever refers to a row is found by an index when that row is deleted") {
  const auto connection = sqlite::Connection::open(":memory:").value();
  REQUIRE(sqlite::migrate(*connection));
  const auto answer = connection
                          ->run(
                              "SELECT t.name || '.' || f.\"from\" FROM sqlite_schema t, "
                              "pragma_foreign_key_list(t.name) f WHERE t.type = 'table' "
                              "AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i, "
                              "pragma_index_info(i.name) c WHERE c.seqno = 0 "
                              "AND c.name = f.\"from\" AND NOT i.partial)",
                              {})
                          .value();
  for (std::size_t i = 0; i < answer.rows(); ++i) FAIL_CHECK(answer.at(i, 0).bytes);
}

}  // namespace
}  // namespace patchbay::store
