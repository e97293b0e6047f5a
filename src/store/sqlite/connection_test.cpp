#include "store/sqlite/connection.h"

#include <string>
#include <type_traits>

#include <doctest/doctest.h>

namespace patchbay::store::sqlite {
namespace {

// Only what was written in this program can become a statement.
static_assert(!std::is_constructible_v<Sql, std::string>);
static_assert(!std::is_constructible_v<Sql, std::string_view>);
static_assert(!std::is_constructible_v<Sql, const char*>);

TEST_CASE("Every connection commits to the disk, keeps foreign keys and wipes what it deletes") {
  const auto connection = Connection::open(":memory:").value();
  CHECK(connection->read_integer("PRAGMA synchronous").value() == 2);  // FULL
  CHECK(connection->read_integer("PRAGMA foreign_keys").value() == 1);
  CHECK(connection->read_integer("PRAGMA secure_delete").value() == 1);
  CHECK(connection->read_integer("PRAGMA trusted_schema").value() == 0);
}

TEST_CASE("Values are bound: what looks like SQL stays a value") {
  const auto connection = Connection::open(":memory:").value();
  REQUIRE(connection->execute("CREATE TABLE t (a TEXT, b BLOB, c INTEGER) STRICT"));
  const std::string hostile = "'); DROP TABLE t; --\" \xC3\xBC";
  const std::string bytes("\0\xff'", 3);
  const auto inserted =
      connection->run("INSERT INTO t VALUES ($1, $2, $3)",
                      Parameters().text(hostile).blob(bytes).optional_integer({}));
  CHECK(inserted.value().changed() == 1);
  const auto found =
      connection->run("SELECT a, b, c FROM t WHERE a = $1", Parameters().text(hostile)).value();
  REQUIRE(found.rows() == 1);
  CHECK(found.at(0, 0).bytes == hostile);
  CHECK(found.at(0, 1).bytes == bytes);
  CHECK(found.at(0, 2).type == Cell::Type::null);
}

TEST_CASE("A statement is ready again after its use, also after a failure") {
  const auto connection = Connection::open(":memory:").value();
  REQUIRE(connection->execute("CREATE TABLE t (a TEXT UNIQUE) STRICT"));
  const auto insert = [&] {
    return connection->run("INSERT INTO t VALUES ($1)", Parameters().text("x"));
  };
  CHECK(insert());
  CHECK(insert().error().code == ErrorCode::conflict);
  CHECK(insert().error().code == ErrorCode::conflict);
  CHECK(connection->read_integer("SELECT count(*) FROM t").value() == 1);
  CHECK(connection->run("SELECT nonsense FROM nowhere", {}).error().code == ErrorCode::unavailable);
}

}  // namespace
}  // namespace patchbay::store::sqlite
