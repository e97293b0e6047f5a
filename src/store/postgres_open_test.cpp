// PostgreSQL: opening a database, and what is refused.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "store/postgres/open_postgres.h"
#include "store/postgres/schema.h"
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
  nodes.sql("UPDATE schema_version SET version = version - 1");
  nodes.sql("INSERT INTO environment VALUES ('env_1', 'x', 0, 0, 0)");
  const auto older = open_postgres(nodes.server.url(nodes.name), {.tables = Tables::leave});
  CHECK(code_of(older) == ErrorCode::conflict);
  CHECK(nodes.sql("SELECT version FROM schema_version") ==
        std::to_string(postgres::kSchemaVersion - 1));
}

TEST_CASE("PostgreSQL: writes of an earlier version become events, whose keys go on counting") {
  const Nodes nodes;
  nodes.open().reset();
  // As the version before events left it.
  nodes.sql(
      "DROP TABLE audit_event, audit_chain, audit_calls, webhook_delivery, webhook,"
      "  dashboard_session, sign_in_link, integration_revision,"
      "  account_grant;"
      "ALTER TABLE mcp_server DROP COLUMN told_expires_at, DROP COLUMN member,"
      "  DROP COLUMN credentials, DROP COLUMN status, DROP COLUMN last_error;"
      "ALTER TABLE environment DROP COLUMN audit;"
      "CREATE TABLE write_journal (id TEXT COLLATE \"C\" PRIMARY KEY, account_id TEXT NOT NULL"
      "  REFERENCES integrated_account (id) ON DELETE CASCADE, key TEXT NOT NULL, digest TEXT NOT "
      "NULL, state TEXT NOT NULL, result BYTEA NOT NULL, started_at BIGINT NOT NULL,"
      "  UNIQUE (account_id, key));"
      "UPDATE schema_version SET version = 5;"
      "INSERT INTO environment VALUES ('env_1', 'e', 1, 1, 0);"
      "INSERT INTO integrated_account VALUES ('acc_1', 'env_1', 'i', 't', 'a', 'active', '', '',"
      "  '{}', 'c', 1, 1, NULL, 0);"
      "INSERT INTO write_journal VALUES ('wrt_1', 'acc_1', 'k', 'd1', 'done', '\\x00ff', 1000),"
      "  ('wrt_2', 'acc_1', 'l', 'd2', 'started', '', 2000)");
  const auto repository = nodes.open();
  const EventRow done = found_by_key(*repository, "acc_1", "k").value();
  CHECK(done.id == "wrt_1");
  CHECK(done.chain == "env_1");
  CHECK(done.number < 0);
  CHECK(done.outcome == "done");
  CHECK(done.state == "done");
  CHECK(done.digest == "d1");
  CHECK(done.result.bytes == std::string("\0\xff", 2));
  CHECK(done.at == WallTime(std::chrono::milliseconds(1000)));
  CHECK(found_by_key(*repository, "acc_1", "l")->state == "started");
  CHECK(given(repository->environment("env_1"))->audit == json::Value(json::Object{}));
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

TEST_CASE("PostgreSQL: the server of another host proves who it is, or nothing is sent to it") {
  const Nodes nodes;
  std::string url(nodes.server.url(nodes.name).reveal());
  // By name another host, which happens to be this one.
  const auto at = [&](const std::string& host, const std::string& more) {
    std::string other = url;
    other.replace(other.find("127.0.0.1"), 9, host);
    return Secret(other + "?hostaddr=127.0.0.1" + more);
  };
  const auto is_encrypted = [&](Repository& repository) {
    CHECK(given(repository.revision()) == 0);
    return nodes.sql(
        "SELECT bool_or(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE "
        "datname = current_database() AND client_addr IS NOT NULL");
  };
  CHECK(unverified(at("db.test", "&sslmode=disable")).contains("verify-full"));
  CHECK(unverified(at("db.test", "")).empty());

  // Without TLS, as whoever is in between would be.
  CHECK(code_of(open_postgres(at("db.test", ""))) == ErrorCode::unavailable);
  CHECK(is_encrypted(*given(open_postgres(at("db.test", "&sslmode=disable")))) == "f");

  const std::string authority = nodes.server.take_tls("db.test");
  const std::string known = "&sslrootcert=" + authority;
  CHECK(is_encrypted(*given(open_postgres(at("db.test", known)))) == "t");
  // Of another name, or of an authority that nobody here knows.
  CHECK(open_postgres(at("other.test", known)).error().message.contains("other.test"));
  CHECK(open_postgres(at("db.test", "")).error().message.contains("certificate verify failed"));
  CHECK(is_encrypted(*given(open_postgres(at("db.test", "&sslmode=require")))) == "t");
  nodes.server.take_no_tls();
}

}  // namespace
}  // namespace patchbay::store
