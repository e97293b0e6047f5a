// No statement of the repository walks through a whole table: read from the plans that the
// databases make for the statements of the program's own table.
#include "store/statements.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
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
