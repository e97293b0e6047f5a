// No statement of the repository walks through a whole table: read from the plans that the
// databases make for the statements of the program's own table.
#include "store/statements.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "base/text.h"
#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
#include "store/test_postgres.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// What SQLite does for a statement, a step a line.
std::string plan_of(sqlite3* database, std::string_view sql) {
  const std::string text = "EXPLAIN QUERY PLAN " + std::string(sql);
  sqlite3_stmt* statement = nullptr;
  REQUIRE_MESSAGE(sqlite3_prepare_v2(database, text.c_str(), -1, &statement, nullptr) == SQLITE_OK,
                  sqlite3_errmsg(database));
  std::string plan;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    plan += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
    plan += '\n';
  }
  sqlite3_finalize(statement);
  return plan;
}

// The first step that goes through everything; "" if there is none. A list that came in as a
// parameter is gone through on purpose.
std::string full_scan(const std::string& plan) {
  for (std::size_t at = plan.find("SCAN "); at != std::string::npos;
       at = plan.find("SCAN ", at + 1)) {
    const std::string step = plan.substr(at, plan.find('\n', at) - at);
    if (!step.starts_with("SCAN json_each VIRTUAL TABLE")) return step;
  }
  return {};
}

// A page is read in the order of its index, not sorted out of all that fits its filter; but for
// those that were asked for by their ids, who are few.
bool sorts(const Statement& statement, const std::string& plan) {
  return statement.question != Question::accounts_by_ids &&
         plan.find("USE TEMP B-TREE FOR ORDER BY") != std::string::npos;
}

TEST_CASE("SQLite: every statement goes by an index") {
  const TestFolder folder;
  given(open_sqlite(folder.file())).reset();
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(folder.file().c_str(), &database) == SQLITE_OK);
  for (const Statement& statement : statements()) {
    const std::string plan = plan_of(database, statement.sqlite.text());
    CAPTURE(statement.sqlite.text());
    CAPTURE(plan);
    CHECK(full_scan(plan) == "");
    CHECK_FALSE(sorts(statement, plan));
  }
  // The check sees what it looks for.
  CHECK(full_scan(plan_of(database, "SELECT id FROM mcp_server WHERE name = $1")) != "");
  sqlite3_close(database);
}

// What PostgreSQL does for a statement, whatever its parameters are.
std::string plan_of(PGconn* connection, std::string_view sql) {
  int parameters = 0;
  while (sql.find("$" + std::to_string(parameters + 1)) != std::string_view::npos) ++parameters;
  std::string nulls;
  for (int i = 0; i < parameters; ++i) nulls += i == 0 ? "(NULL" : ", NULL";
  if (parameters > 0) nulls += ")";
  TestPostgres::sql(connection, "PREPARE asked AS " + std::string(sql));
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
      PQexec(connection, ("EXPLAIN (COSTS OFF) EXECUTE asked" + nulls).c_str()), PQclear);
  REQUIRE_MESSAGE(PQresultStatus(result.get()) == PGRES_TUPLES_OK, PQerrorMessage(connection));
  std::string plan;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    plan += std::string(PQgetvalue(result.get(), row, 0)) + "\n";
  }
  TestPostgres::sql(connection, "DEALLOCATE asked");
  return plan;
}

// The first step that goes through a whole table, or a whole index: one without a condition, but
// for the first few of an index.
std::string whole_scan(const std::string& plan) {
  const auto lines = split(plan, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    // Those have a single row, whatever there is.
    const bool is_single = line.contains("instance_revision") || line.contains("incomplete_copy");
    if (line.contains("Seq Scan") && !is_single) return std::string(line);
    if (!line.contains("Index Scan") && !line.contains("Index Only Scan")) continue;
    const std::string_view next = i + 1 < lines.size() ? lines[i + 1] : "";
    const bool first_few = i > 0 && lines[i - 1].contains("Limit") && !next.contains("Filter:");
    if (!next.contains("Index Cond:") && !first_few) return std::string(line);
  }
  return {};
}

TEST_CASE("PostgreSQL: every statement goes by an index") {
  TestPostgres& server = TestPostgres::instance();
  const std::string name = server.create_database();
  given(open_postgres(server.url(name))).reset();
  const auto connection = server.connect(name);
  // Of a small table it would read everything, since that is quickest there.
  TestPostgres::sql(
      connection.get(),
      "SET search_path = patchbay; SET plan_cache_mode = force_generic_plan;"
      "INSERT INTO environment SELECT 'env_' || n, 'e' || n, n, n, 0, '{}' FROM generate_series(1, "
      "5000) "
      "n;"
      "INSERT INTO api_token SELECT 'tok_' || n, CASE WHEN n % 3 > 0 THEN 'env_' || n % 50 + 1 END,"
      "  't', CASE WHEN n % 100 = 0 THEN 'admin' ELSE 'mint' END, '{}',"
      "  decode(lpad(to_hex(n), 64, '0'), 'hex'), n, 'c', n, n, NULL, 0 FROM generate_series(1, "
      "20000) n;"
      "INSERT INTO integrated_account SELECT 'acc_' || n, 'env_' || n % 50 + 1, 'i' || n % 20,"
      "  't' || n % 2000, 'a', 'active', '', '', '{}', 'c', n, n, NULL, 0 FROM generate_series(1, "
      "20000) n;"
      "INSERT INTO mcp_server SELECT 'mcp_' || n, 'acc_' || n % 5000 + 1, 'env_' || n % 50 + 1, "
      "'s',"
      "  '{}', decode(lpad(to_hex(n), 64, '0'), 'hex'), n, 'c', n, n, NULL, 0"
      "  FROM generate_series(1, 20000) n;"
      "INSERT INTO audit_chain SELECT 'env_' || n, 0, '', n, '', '' FROM generate_series(1, 5000) "
      "n;"
      "INSERT INTO audit_event SELECT 'evt_' || n, 'env_' || n % 50 + 1, n, n, 'write',"
      "  'acc_' || n % 5000 + 1, '', 't', CASE WHEN n % 500 = 0 THEN 'started' ELSE 'done' END,"
      "  '{}', '', '', CASE WHEN n % 4 = 0 THEN n + 100000 END, '',"
      "  CASE WHEN n % 10 = 0 THEN 'k' || n END, 'd', 'done', ''"
      "  FROM generate_series(1, 20000) n;"
      "INSERT INTO audit_calls SELECT 'cls_' || n, 'env_' || n % 50 + 1, n, 1, n, n, '', ''"
      "  FROM generate_series(1, 20000) n;"
      "UPDATE mcp_server SET previous_hash = hash, previous_expires_at = expires_at"
      "  WHERE expires_at % 10 = 0;"
      "INSERT INTO mcp_server_use (id) SELECT 'mcp_' || n"
      "  FROM generate_series(1, 20000) n;"
      "INSERT INTO approval SELECT 'apr_' || n, 'env_' || n % 50 + 1, 'acc_' || n % 5000 + 1,"
      "  'mcp_' || n % 5000 + 1, 't', 'd' || n, CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'done' "
      "END,"
      "  '', '', '', '', NULL, n, n, n, NULL, 1 FROM generate_series(1, 20000) n;"
      "UPDATE mcp_server SET told_expires_at = expires_at WHERE expires_at % 100 > 0;"
      "INSERT INTO webhook SELECT 'whk_' || n, 'env_' || n % 2000 + 1, 'u', '', n % 64,"
      "  n % 2, '', '', '', NULL, 'c', n, n, NULL, 1 FROM generate_series(1, 20000) n;"
      "INSERT INTO webhook_delivery SELECT 'whk_' || n % 5000 + 1 || '.' || n,"
      "  'whk_' || n % 5000 + 1, 'msg_' || n, 'e', '', CASE WHEN n % 3 = 0 THEN 'o' || n END,"
      "  CASE WHEN n % 20 = 0 THEN 'pending' ELSE 'delivered' END, 0, n,"
      "  CASE WHEN n % 100 = 0 THEN 'c' ELSE '' END, '[]', n, n FROM generate_series(1, 20000) n;"
      "INSERT INTO dashboard_session SELECT 'ses_' || n, 'tok_' || n % 5000 + 1,"
      "  decode(lpad(to_hex(n), 64, '0'), 'hex'), n, n, n, '' FROM generate_series(1, 20000) n;"
      "INSERT INTO account_grant SELECT 'acc_' || n, '', n, n, n, 1"
      "  FROM generate_series(1, 20000) n;"
      "INSERT INTO sign_in_link SELECT 'lnk_' || n, 'tok_' || n % 5000 + 1,"
      "  decode(lpad(to_hex(n), 64, '0'), 'hex'), n, n, '' FROM generate_series(1, 20000) n;"
      "INSERT INTO integration_revision SELECT 'i' || n, 'i' || n % 500, n, 'uploaded', n, 0, '',"
      "  1, 'tok_1', n, '' FROM generate_series(1, 20000) n;"
      "INSERT INTO instance_secret SELECT 's' || n, '' FROM generate_series(1, 5000) n;"
      "INSERT INTO change SELECT n, 4, 'mcp_' || n, 0 FROM generate_series(1, 20000) n;"
      "ANALYZE environment, api_token, integrated_account, mcp_server, mcp_server_use, "
      "audit_chain, audit_event, audit_calls, approval, webhook, webhook_delivery,"
      "  dashboard_session, account_grant, sign_in_link, integration_revision, instance_secret, "
      "change");
  for (const Statement& statement : statements()) {
    const std::string plan = plan_of(connection.get(), statement.postgres.text());
    CAPTURE(statement.postgres.text());
    CAPTURE(plan);
    CHECK(whole_scan(plan) == "");
  }
  CHECK(whole_scan(plan_of(connection.get(), "SELECT id FROM mcp_server WHERE name = $1")) != "");
}

// Else another value would be bound in a parameter's place (statements.h).
TEST_CASE("Parameters of a statement appear in their order") {
  for (const Statement& statement : statements()) {
    for (const std::string_view sql : {statement.sqlite.text(), statement.postgres.text()}) {
      CAPTURE(sql);
      int highest = 0;
      for (std::size_t at = sql.find('$'); at != std::string_view::npos;
           at = sql.find('$', at + 1)) {
        const int number = std::atoi(sql.substr(at + 1).data());
        CHECK(number >= 1);
        CHECK(number <= highest + 1);
        highest = std::max(highest, number);
      }
    }
  }
}

}  // namespace
}  // namespace patchbay::store
