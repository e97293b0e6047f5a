// Both databases against one contract.
#include <doctest/doctest.h>

#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
#include "store/test_postgres.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// A file for each time that a contract makes a store.
class SqliteFiles {
 public:
  RepositoryFactory factory() {
    return {.make = [this] { return given(open_sqlite(file())); },
            .reopen =
                [this](std::unique_ptr<Repository> repository) {
                  repository.reset();
                  return given(open_sqlite(file()));
                }};
  }

 private:
  std::string file() const { return folder_.file(); }
  TestFolder folder_;
};

TEST_CASE("SQLite: rows") {
  SqliteFiles files;
  check_rows(files.factory());
}
TEST_CASE("SQLite: lists") {
  SqliteFiles files;
  check_lists(files.factory());
}
TEST_CASE("SQLite: changes") {
  SqliteFiles files;
  check_changes(files.factory());
}
TEST_CASE("SQLite: journal and secrets") {
  SqliteFiles files;
  check_events_and_secrets(files.factory());
}
TEST_CASE("SQLite: uses, quotas and previous tokens") {
  SqliteFiles files;
  check_uses(files.factory());
}

TEST_CASE("SQLite: approvals") {
  SqliteFiles files;
  check_approvals(files.factory());
}

TEST_CASE("SQLite: webhooks") {
  SqliteFiles files;
  check_webhooks(files.factory());
}

TEST_CASE("SQLite: versions of definitions") {
  SqliteFiles files;
  check_definitions(files.factory());
}

TEST_CASE("SQLite: who is signed in") {
  SqliteFiles files;
  check_sign_ins(files.factory());
}

TEST_CASE("SQLite: grants") {
  SqliteFiles files;
  check_grants(files.factory());
}

TEST_CASE("SQLite: a clock that is set back") {
  SqliteFiles files;
  check_a_clock_set_back(files.factory());
}

// The same on a database of the server.
class PostgresDatabases {
 public:
  RepositoryFactory factory() {
    return {.make =
                [this] {
                  name_ = server_.create_database();
                  return given(open_postgres(server_.url(name_)));
                },
            .reopen =
                [this](std::unique_ptr<Repository> repository) {
                  repository.reset();
                  return given(open_postgres(server_.url(name_)));
                }};
  }

 private:
  TestPostgres& server_ = TestPostgres::instance();
  std::string name_;
};

TEST_CASE("PostgreSQL: rows") {
  PostgresDatabases databases;
  check_rows(databases.factory());
}
TEST_CASE("PostgreSQL: lists") {
  PostgresDatabases databases;
  check_lists(databases.factory());
}
TEST_CASE("PostgreSQL: changes") {
  PostgresDatabases databases;
  check_changes(databases.factory());
}
TEST_CASE("PostgreSQL: journal and secrets") {
  PostgresDatabases databases;
  check_events_and_secrets(databases.factory());
}
TEST_CASE("PostgreSQL: approvals") {
  PostgresDatabases databases;
  check_approvals(databases.factory());
}

TEST_CASE("PostgreSQL: webhooks") {
  PostgresDatabases databases;
  check_webhooks(databases.factory());
}

TEST_CASE("PostgreSQL: versions of definitions") {
  PostgresDatabases databases;
  check_definitions(databases.factory());
}

TEST_CASE("PostgreSQL: who is signed in") {
  PostgresDatabases databases;
  check_sign_ins(databases.factory());
}

TEST_CASE("PostgreSQL: grants") {
  PostgresDatabases databases;
  check_grants(databases.factory());
}

TEST_CASE("PostgreSQL: a clock that is set back") {
  PostgresDatabases databases;
  check_a_clock_set_back(databases.factory());
}

TEST_CASE("PostgreSQL: uses, quotas and previous tokens") {
  PostgresDatabases databases;
  check_uses(databases.factory());
}

}  // namespace
}  // namespace patchbay::store
