#include "store/copy.h"

#include <set>

#include <sqlite3.h>

#include "store/test_databases.h"

namespace patchbay::store {
namespace {

// A database that can be opened again, and altered behind the program's back.
class Target {
 public:
  virtual ~Target() = default;
  virtual Result<std::unique_ptr<Repository>> open(Tables tables) const = 0;
  virtual void sql(const std::string& text) const = 0;
};

class SqliteTarget final : public Target {
 public:
  explicit SqliteTarget(std::string path) : path_(std::move(path)) {}
  Result<std::unique_ptr<Repository>> open(Tables tables) const override {
    return open_sqlite(path_, tables);
  }
  void sql(const std::string& text) const override {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(path_.c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
  }

 private:
  const std::string path_;
};

class PostgresTarget final : public Target {
 public:
  Result<std::unique_ptr<Repository>> open(Tables tables) const override {
    return open_postgres(server_.url(name_), {.tables = tables});
  }
  void sql(const std::string& text) const override {
    server_.sql(name_, "SET search_path = patchbay; " + text);
  }
  const std::string& name() const { return name_; }

 private:
  TestPostgres& server_ = TestPostgres::instance();
  const std::string name_ = server_.create_database();
};

// Each source with a target of the other kind.
struct Move {
  std::unique_ptr<Repository> from;
  std::unique_ptr<Target> to;
};
std::vector<Move> both_ways(TestDatabases& databases) {
  std::vector<Move> moves;
  moves.push_back({databases.filled_sqlite(), std::make_unique<PostgresTarget>()});
  moves.push_back(
      {databases.filled_postgres(), std::make_unique<SqliteTarget>(databases.new_path(".db"))});
  return moves;
}

constexpr std::size_t kCopied = kRows - 1;  // the revision is none of them

// A process that dies between two commits.
struct Died {};
std::size_t die_after(Repository& from, Repository& to, std::size_t told) {
  std::size_t rows = 0;
  CHECK_THROWS_AS((void)copy(from, to,
                             [&](const Done& done) {
                               rows = done.rows;
                               if (done.what == "copied" && told-- == 0) throw Died();
                             }),
                  Died);
  return rows;
}

TEST_CASE("An installation moves from one kind of database to the other and back") {
  TestDatabases databases;
  for (const Move& move : both_ways(databases)) {
    std::set<std::string> told;
    {
      const auto to = given(move.to->open(Tables::receive));
      CHECK(given(copy(*move.from, *to, [&](const Done& done) {
              if (done.rows == done.total) told.insert(std::string(done.what));
              CHECK(done.total == kCopied);
            })) == kCopied);
      // Who ends without a chance to say so is told the same when asked again.
      CHECK(given(copy(*move.from, *to)) == kCopied);
    }
    CHECK(told == std::set<std::string>{"copied", "compared"});
    const auto moved = given(move.to->open(Tables::leave));
    CHECK(everything(*moved) == everything(*move.from));
    // No node that knows the old one's revisions takes its own for those of the new one.
    CHECK(given(moved->revision()) == given(move.from->revision()) + 1);
    EnvironmentRow row = given(moved->environment("env_Ä")).value();
    row.name = "changed";
    CHECK(moved->update(row));
    CHECK(code_of(copy(*move.from, *moved)) == ErrorCode::conflict);
    CHECK(given(moved->environment("env_Ä"))->name == "changed");
  }
}

TEST_CASE("A copy that broke off goes on where it ended, and nothing else opens it until then") {
  TestDatabases databases;
  for (const Move& move : both_ways(databases)) {
    std::size_t before = 0;
    // Each time a step further than the last, so that it breaks off within every kind of table.
    for (int round = 0; round < 5; ++round) {
      const auto to = given(move.to->open(Tables::receive));
      const std::size_t rows = die_after(*move.from, *to, 0);
      CHECK(rows > before);
      before = rows;
      for (const Tables tables : {Tables::make, Tables::migrate, Tables::leave}) {
        const auto opened = move.to->open(tables);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == ErrorCode::conflict);
        CHECK(opened.error().message.contains("not complete"));
        CHECK(opened.error().hint.contains("store migrate"));
      }
      // Of another installation nothing is added.
      const auto other = databases.sqlite();
      REQUIRE(other->insert_secret("pepper", {"another"}));
      CHECK(code_of(copy(*other, *to)) == ErrorCode::conflict);
    }
    const auto to = given(move.to->open(Tables::receive));
    CHECK(given(copy(*move.from, *to)) == kCopied);
    CHECK(everything(*given(move.to->open(Tables::make))) == everything(*move.from));
  }
}

TEST_CASE("What is changed between two attempts, or while rows are copied, is copied again") {
  TestDatabases databases;
  for (const Move& move : both_ways(databases)) {
    Repository& from = *move.from;
    const auto to = given(move.to->open(Tables::receive));
    die_after(from, *to, 4);  // within the servers
    REQUIRE(from.insert(environment("env_0")));
    REQUIRE(from.insert(account("acc_0", "env_0")));
    // The name of one that went, and one that was renamed and gave its own away.
    REQUIRE(from.delete_environment("env_Ä"));
    EnvironmentRow renamed = given(from.environment("env_1")).value();
    const std::string name = std::exchange(renamed.name, "Name of env_Ä");
    REQUIRE(from.update(renamed));
    EnvironmentRow heir = environment("env_2");
    heir.name = name;
    REQUIRE(from.insert(heir));
    REQUIRE(from.delete_api_token("tok_2"));
    for (std::uint32_t i = 0; i < kServers; i += 7) {
      REQUIRE(from.delete_mcp_server("mcp_" + std::to_string(i)));
      REQUIRE(from.insert(server("new_" + std::to_string(i), "acc_0", 10'000 + i)));
    }
    REQUIRE(from.update_secret("pepper", given(from.secret("pepper")).value()));
    REQUIRE(from.insert_secret("another", {"s"}));
    REQUIRE(from.change_events([](EventSession& session) -> Result<> {
      return session.keep_result("evt_1", "unknown", {});
    }));

    bool changed = false;
    REQUIRE(copy(from, *to, [&](const Done& done) {
      if (done.what != "copied" || std::exchange(changed, true)) return;
      REQUIRE(from.insert(environment("env_3")));
      REQUIRE(from.insert(account("zcc_3", "env_3")));
      for (std::uint32_t i = 0; i < 20; ++i) {
        REQUIRE(from.insert(server("z" + std::to_string(i), "zcc_3", 20'000 + i)));
      }
      REQUIRE(from.delete_account("acc_0"));
    }));
    CHECK(changed);
    CHECK(everything(*to) == everything(from));
    CHECK(given(to->revision()) == given(from.revision()) + 1);
  }
}

TEST_CASE("Who changes something while the two are compared is told, and can go on") {
  TestDatabases databases;
  for (const Move& move : both_ways(databases)) {
    const auto to = given(move.to->open(Tables::receive));
    bool changed = false;
    const auto refused = copy(*move.from, *to, [&](const Done& done) {
      if (done.what == "compared" && !std::exchange(changed, true)) {
        REQUIRE(move.from->delete_api_token("tok_2"));
      }
    });
    CHECK(code_of(refused) == ErrorCode::conflict);
    CHECK(refused.error().message.contains("changed while"));
    CHECK_FALSE(move.to->open(Tables::make));
    CHECK(given(copy(*move.from, *to)) == kCopied - 1);
    CHECK_FALSE(given(to->api_token("tok_2")));
  }
}

TEST_CASE("A row that is not as it was read is named by its table and id") {
  TestDatabases databases;
  for (const Move& move : both_ways(databases)) {
    const auto to = given(move.to->open(Tables::receive));
    bool altered = false;
    const auto alter = [&](const Done& done) {
      if (done.what != "compared" || std::exchange(altered, true)) return;
      move.to->sql("UPDATE mcp_server SET name = 'altered' WHERE id = 'mcp_999'");
      move.to->sql("DELETE FROM mcp_server WHERE id = 'mcp_998'");
      move.to->sql(
          "INSERT INTO instance_secret (name, sealed) SELECT 'zzz', sealed FROM instance_secret "
          "WHERE name = 'pepper'");
    };
    // The second time it is the first one's work that is looked at.
    for (const bool first : {true, false}) {
      const auto differs = first ? copy(*move.from, *to, alter) : copy(*move.from, *to);
      CHECK(altered);
      CHECK(code_of(differs) == ErrorCode::conflict);
      const std::string& message = differs.error().message;
      CAPTURE(message);
      CHECK(message.contains(first ? "in 3 rows" : "in 2 rows"));
      CHECK(message.contains("mcp_server mcp_999 is another"));
      CHECK(message.contains("mcp_server mcp_998 is missing"));
      // Secrets have no revisions, and are brought to the same by each attempt.
      CHECK(message.contains("instance_secret zzz is in the new one only") == first);
      CHECK_FALSE(move.to->open(Tables::make));
    }
  }
}

TEST_CASE("Of many rows that differ the first are named, and all are counted") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  const PostgresTarget target;
  const auto to = given(target.open(Tables::receive));
  bool altered = false;
  const auto differs = copy(*from, *to, [&](const Done& done) {
    if (done.what == "compared" && !std::exchange(altered, true)) {
      target.sql("UPDATE mcp_server SET config = '{}' WHERE id > 'mcp_9'");
    }
  });
  CHECK(code_of(differs) == ErrorCode::conflict);
  CHECK(differs.error().message.contains("in 110 rows"));
  CHECK(differs.error().message.contains("mcp_server mcp_90 is another"));
  CHECK(differs.error().message.size() < 1'000);
}

TEST_CASE("A copy goes on though its connections to the new database are lost") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  const PostgresTarget target;
  const auto to = given(target.open(Tables::receive));
  int lost = 0;
  CHECK(given(copy(*from, *to, [&](const Done&) {
          ++lost;
          databases.server.sql("postgres",
                               "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                               "WHERE datname = '" +
                                   target.name() + "'");
        })) == kCopied);
  CHECK(lost > 5);
  CHECK(everything(*to) == everything(*from));
}

TEST_CASE("Two copies into one database do not mix") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  const PostgresTarget target;
  const auto one = given(target.open(Tables::receive));
  const auto other = given(target.open(Tables::receive));
  bool begun = false;
  const auto second = copy(*from, *one, [&](const Done&) {
    if (!std::exchange(begun, true)) CHECK(given(copy(*from, *other)) == kCopied);
  });
  CHECK(code_of(second) == ErrorCode::conflict);
  CHECK(second.error().message.contains("Another process"));
  CHECK(everything(*given(target.open(Tables::make))) == everything(*from));
}

TEST_CASE("Nothing is copied to where something is") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  for (const auto& used : {databases.sqlite(), databases.postgres()}) {
    REQUIRE(used->insert_secret("pepper", {"x"}));
    CHECK(code_of(copy(*from, *used)) == ErrorCode::conflict);
    CHECK(given(used->environments(Page())).empty());
  }
}

TEST_CASE("A row that the other database cannot hold is named") {
  TestDatabases databases;
  const auto from = databases.sqlite();
  REQUIRE(from->insert(environment("env_\xff")));
  const PostgresTarget target;
  const auto to = given(target.open(Tables::receive));
  const auto refused = copy(*from, *to);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("The row environment env_"));
}

}  // namespace
}  // namespace patchbay::store
