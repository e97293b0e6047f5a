// PostgreSQL: opening a database, and what is refused.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "store/postgres/open_postgres.h"
#include "store/test_nodes.h"

namespace patchbay::store {
namespace {

TEST_CASE("PostgreSQL: nodes that start at once on a new database make it once") {
  const Nodes nodes;
  std::array<std::string, 6> refusals;
  run_at_once(6, [&](int i) {
    const auto opened = open_postgres(nodes.server.url(nodes.name));
    if (!opened) refusals[static_cast<std::size_t>(i)] = opened.error().message;
  });
  for (const std::string& refusal : refusals) CHECK(refusal == "");
  CHECK(nodes.sql("SELECT count(*) FROM schema_version") == "1");
}

TEST_CASE("PostgreSQL: a newer version or another program's schema is refused and left alone") {
  const Nodes nodes;
  nodes.open().reset();
  nodes.sql("UPDATE schema_version SET version = 99");
  const auto newer = open_postgres(nodes.server.url(nodes.name));
  CHECK(code_of(newer) == ErrorCode::unsupported);
  CHECK(newer.error().message.contains("99"));
  CHECK(nodes.sql("SELECT version FROM schema_version") == "99");

  const Nodes others;
  others.sql("CREATE SCHEMA patchbay; CREATE TABLE patchbay.theirs (x int)");
  CHECK(code_of(open_postgres(others.server.url(others.name))) == ErrorCode::unavailable);
  CHECK(others.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'patchbay'") == "1");
}

TEST_CASE("PostgreSQL: whoever only looks at a database neither makes nor migrates its tables") {
  const Nodes nodes;
  for (const Tables tables : {Tables::migrate, Tables::leave}) {
    const auto none = open_postgres(nodes.server.url(nodes.name), {.tables = tables});
    CHECK(code_of(none) == ErrorCode::not_found);
    CHECK(nodes.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'patchbay'") == "0");
  }
  nodes.open().reset();
  CHECK(nodes.open({.tables = Tables::leave}));
  const std::string before = nodes.sql("SELECT version - 1 FROM schema_version");
  nodes.sql("UPDATE schema_version SET version = version - 1");
  nodes.sql("INSERT INTO environment VALUES ('env_1', 'x', 0, 0, 0)");
  const auto older = open_postgres(nodes.server.url(nodes.name), {.tables = Tables::leave});
  CHECK((code_of(older) == ErrorCode::conflict || code_of(older) == ErrorCode::not_found));
  CHECK(nodes.sql("SELECT version FROM schema_version") == before);
}

TEST_CASE(
    "PostgreSQL: where the role may not make the schema, the error says what an administrator "
    "does") {
  const Nodes nodes;
  nodes.sql(
      "DO $$ BEGIN CREATE ROLE \"Small\" LOGIN PASSWORD 'small'; EXCEPTION WHEN "
      "duplicate_object THEN END $$");
  std::string url(nodes.server.url(nodes.name).reveal());
  url = "postgresql://Small:small" + url.substr(url.find('@'));
  const auto refused = open_postgres(Secret(url));
  CHECK(code_of(refused) == ErrorCode::unavailable);
  CHECK(refused.error().hint.contains("CREATE SCHEMA patchbay AUTHORIZATION \"Small\";"));
  nodes.sql("CREATE SCHEMA patchbay AUTHORIZATION \"Small\"");
  CHECK(open_postgres(Secret(url)));
}

TEST_CASE("PostgreSQL: a database of another encoding is refused") {
  const Nodes nodes;
  nodes.server.sql("postgres",
                   "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' "
                   "TEMPLATE template0");
  const auto refused = open_postgres(nodes.server.url("latin"));
  CHECK(code_of(refused) == ErrorCode::unsupported);
  CHECK(refused.error().message.contains("UTF8"));
  CHECK(nodes.server.sql("latin", "SELECT count(*) FROM pg_namespace WHERE nspname = 'patchbay'") ==
        "0");
}

TEST_CASE("PostgreSQL: what another user puts in the way of our names is not taken for ours") {
  const Nodes nodes;
  nodes.sql("CREATE TABLE public.environment (id text); ALTER DATABASE " + nodes.name +
            " SET search_path = public; ALTER DATABASE " + nodes.name +
            " SET synchronous_commit = off");
  const auto repository = nodes.open();
  REQUIRE(repository->insert(environment("env_1")));
  CHECK(given(repository->environment("env_1")));
  CHECK(nodes.sql("SELECT count(*) FROM public.environment") == "0");
}

TEST_CASE("PostgreSQL: no error tells the password") {
  const Nodes nodes;
  const std::string url(nodes.server.url("there_is_none").reveal());
  const auto no_database = open_postgres(Secret(url));
  const std::string wrong_password =
      "postgresql://postgres:wr0ng-password@127.0.0.1:" + url.substr(url.rfind(':') + 1);
  const std::string nobody_there = "postgresql://postgres:wr0ng-password@127.0.0.1:1/x";
  const std::string no_url = "postgresql://postgres:wr0ng-password@[::1/x?sslmode=%zz";
  const std::string no_option = "postgresql://postgres:wr0ng-password@127.0.0.1/x?wr0ng-password=1";
  const std::string slash = "postgresql://postgres:wr0ng-password/x@127.0.0.1/x";
  const std::string sign = "postgresql://postgres:x@wr0ng-password@127.0.0.1/x";
  const std::string mode = "postgresql://postgres@127.0.0.1:1/x?sslmode=wr0ng-password";
  for (const std::string& each : {url, wrong_password, nobody_there, no_url, no_option, slash, sign,
                                  mode, std::string("mysql://wr0ng-password@x"), std::string()}) {
    const auto refused = open_postgres(Secret(each));
    REQUIRE_FALSE(refused);
    CAPTURE(refused.error().message);
    for (const char* const secret : {"wr0ng-password", TestPostgres::kPassword, "s3cret"}) {
      CHECK_FALSE((refused.error().message + refused.error().hint).contains(secret));
    }
  }
  CHECK(code_of(open_postgres(Secret(no_url))) == ErrorCode::invalid_argument);
  CHECK(code_of(open_postgres(Secret(nobody_there))) == ErrorCode::unavailable);
  // What is wrong is told nevertheless.
  CHECK(open_postgres(Secret(wrong_password)).error().message.contains("password authentication"));
  CHECK(no_database.error().message.contains("there_is_none"));
}

}  // namespace
}  // namespace patchbay::store
