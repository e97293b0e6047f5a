#include "store/sqlite_database.h"

#include <string>
#include <type_traits>

#include <doctest/doctest.h>

namespace patchbay::store {
namespace {

// Only what was written in this program can become a statement.
static_assert(!std::is_constructible_v<Sql, std::string>);
static_assert(!std::is_constructible_v<Sql, std::string_view>);
static_assert(!std::is_constructible_v<Sql, const char*>);

TEST_CASE("Every connection commits to the disk, keeps foreign keys and wipes what it deletes") {
  const auto database = Database::open(":memory:").value();
  CHECK(database->read_integer("PRAGMA synchronous").value() == 2);  // FULL
  CHECK(database->read_integer("PRAGMA foreign_keys").value() == 1);
  CHECK(database->read_integer("PRAGMA secure_delete").value() == 1);
  CHECK(database->read_integer("PRAGMA trusted_schema").value() == 0);
}

TEST_CASE("Values are bound: what looks like SQL stays a value") {
  const auto database = Database::open(":memory:").value();
  REQUIRE(database->execute("CREATE TABLE t (a TEXT, b BLOB, c INTEGER) STRICT"));
  const std::string hostile = "'); DROP TABLE t; --\" \xC3\xBC";
  const std::string bytes("\0\xff'", 3);
  {
    auto insert = database->prepare("INSERT INTO t VALUES (?, ?, ?)").value();
    CHECK(insert.text(hostile).blob(bytes).optional_integer({}).run().value() == 1);
  }
  auto select = database->prepare("SELECT a, b, c FROM t WHERE a = ?").value();
  REQUIRE(select.text(hostile).step().value());
  CHECK(select.column_text(0) == hostile);
  CHECK(select.column_text(1) == bytes);
  CHECK_FALSE(select.column_integer(2));
  CHECK_FALSE(select.step().value());
}

TEST_CASE("A statement is ready again when it has gone out of scope, also after a failure") {
  const auto database = Database::open(":memory:").value();
  REQUIRE(database->execute("CREATE TABLE t (a TEXT UNIQUE) STRICT"));
  for (const ErrorCode expected : {ErrorCode::internal, ErrorCode::conflict, ErrorCode::conflict}) {
    auto insert = database->prepare("INSERT INTO t VALUES (?)").value();
    const auto done = insert.text("x").run();
    if (expected == ErrorCode::internal) {
      CHECK(done);
    } else {
      CHECK(done.error().code == expected);
    }
  }
  CHECK(database->read_integer("SELECT count(*) FROM t").value() == 1);
  CHECK(database->prepare("SELECT nonsense FROM nowhere").error().code == ErrorCode::unavailable);
}

}  // namespace
}  // namespace patchbay::store
