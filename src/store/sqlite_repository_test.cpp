#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite_schema.h"
#include "store/test_repository_contract.h"

namespace patchbay::store {
namespace {

// A folder that is there as long as the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string file() const { return (path_ / "patchbay.db").string(); }

 private:
  std::filesystem::path path_;
};

std::unique_ptr<Repository> open(const std::string& path) {
  auto repository = open_sqlite(path);
  REQUIRE_MESSAGE(repository.has_value(), repository.error().message);
  return std::move(*repository);
}

// Runs SQL behind the repository's back.
void run_raw(const std::string& path, const std::string& sql) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  char* message = nullptr;
  const int code = sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, &message);
  CHECK_MESSAGE(code == SQLITE_OK, (message ? message : ""));
  sqlite3_free(message);
  sqlite3_close(raw);
}

AccountRow account(std::string id) {
  AccountRow row{.id = std::move(id), .environment_id = "env_1", .integration = "x"};
  row.settings = json::Object{};
  return row;
}

McpServerRow server(std::uint32_t number) {
  McpServerRow row{.id = "mcp_" + std::to_string(number),
                   .account_id = "acc_1",
                   .environment_id = "env_1",
                   .name = "server"};
  row.config = json::Object{};
  for (std::size_t i = 0; i < 4; ++i) {
    row.hash.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return row;
}

TEST_CASE("The SQLite store keeps the repository's contract") {
  const TemporaryFolder folder;
  check_repository_contract({.make = [&] { return open(folder.file()); },
                             .reopen =
                                 [&](std::unique_ptr<Repository> repository) {
                                   repository.reset();
                                   return open(folder.file());
                                 }});
}

TEST_CASE("A database in memory works and is nobody else's") {
  const auto one = open(":memory:");
  const auto other = open(":memory:");
  REQUIRE(one->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  CHECK(other->environments().value().empty());
}

TEST_CASE("A new database is readable by its owner only") {
  const TemporaryFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  for (const std::string suffix : {"", "-wal"}) {
    struct stat status{};
    REQUIRE(stat((folder.file() + suffix).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("A database of a newer version or of another program is refused and left alone") {
  const TemporaryFolder folder;
  open(folder.file()).reset();
  run_raw(folder.file(), "PRAGMA user_version = 99");
  const auto newer = open_sqlite(folder.file());
  REQUIRE_FALSE(newer);
  CHECK(newer.error().code == ErrorCode::unsupported);
  CHECK(newer.error().message.find("99") != std::string::npos);

  const TemporaryFolder other_folder;
  run_raw(other_folder.file(), "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  CHECK(open_sqlite(other_folder.file()).error().code == ErrorCode::unavailable);
  run_raw(other_folder.file(), "SELECT x FROM theirs");
}

TEST_CASE("A path that cannot be opened and a file that is no database give errors") {
  const TemporaryFolder folder;
  CHECK(open_sqlite("/nowhere/at/all.db").error().code == ErrorCode::unavailable);
  std::ofstream(folder.file()) << std::string(10'000, 'x');
  CHECK(open_sqlite(folder.file()).error().code == ErrorCode::unavailable);
}

TEST_CASE("A damaged row is an error that names it") {
  const TemporaryFolder folder;
  {
    const auto repository = open(folder.file());
    REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
    REQUIRE(repository->insert(account("acc_1")));
    REQUIRE(repository->insert(server(1)));
  }
  const auto check_damage = [&](const char* sql) {
    CAPTURE(sql);
    run_raw(folder.file(), sql);
    const auto rows = open(folder.file())->mcp_servers();
    REQUIRE_FALSE(rows);
    CHECK(rows.error().code == ErrorCode::internal);
    CHECK(rows.error().message.find("mcp_1") != std::string::npos);
    run_raw(folder.file(), "UPDATE mcp_server SET config = '{}', name = 'server'");
    CHECK(open(folder.file())->mcp_servers());
  };
  check_damage("UPDATE mcp_server SET config = '{\"methods\":'");
  check_damage("UPDATE mcp_server SET config = '[]'");
  check_damage("UPDATE mcp_server SET config = ''");
  check_damage("UPDATE mcp_server SET name = CAST(x'ff' AS TEXT)");
}

TEST_CASE(
    "A database of version 2 opens, and its idempotency keys stand in the journal of writes") {
  const TemporaryFolder folder;
  {
    const auto repository = open(folder.file());
    REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
    REQUIRE(repository->insert(account("acc_1")));
    REQUIRE(repository->insert(account("acc_2")));
  }
  // As version 2 left it behind.
  run_raw(folder.file(),
          "ALTER TABLE api_token DROP COLUMN scope;"
          "ALTER TABLE api_token DROP COLUMN limits;"
          "ALTER TABLE api_token DROP COLUMN mac;"
          "ALTER TABLE integrated_account DROP COLUMN mac;"
          "ALTER TABLE mcp_server DROP COLUMN mac;"
          "DROP TABLE write_journal;"
          "CREATE TABLE idempotency ("
          "  account_id TEXT NOT NULL REFERENCES integrated_account (id) ON DELETE CASCADE,"
          "  key TEXT NOT NULL,"
          "  digest TEXT NOT NULL,"
          "  state TEXT NOT NULL CHECK (state IN ('started', 'done', 'unknown')),"
          "  result BLOB NOT NULL,"
          "  started_at INTEGER NOT NULL,"
          "  PRIMARY KEY (account_id, key)"
          ") STRICT;"
          "CREATE INDEX idempotency_age ON idempotency (started_at);"
          "INSERT INTO idempotency VALUES"
          "  ('acc_1', 'k', 'd1', 'done', x'00ff', 1000),"
          "  ('acc_2', 'k', 'd2', 'started', x'', 2000),"
          "  ('acc_2', 'l', 'd3', 'unknown', x'', 3000);"
          "PRAGMA user_version = 2;");

  const auto repository = open(folder.file());
  const auto find = [&](std::string account_id, std::string key) {
    const WriteRow row{.id = "wrt_new",
                       .account_id = std::move(account_id),
                       .key = std::move(key),
                       .digest = "d",
                       .state = "started",
                       .result = {},
                       .started_at = WallTime(std::chrono::milliseconds(4000))};
    return repository->begin_write(row, {}).value().value();
  };
  const WriteRow done = find("acc_1", "k");
  CHECK(done.digest == "d1");
  CHECK(done.state == "done");
  CHECK(done.result.bytes == std::string("\0\xff", 2));
  CHECK(done.started_at == WallTime(std::chrono::milliseconds(1000)));
  const WriteRow started = find("acc_2", "k");
  CHECK(started.digest == "d2");
  CHECK(started.state == "started");
  CHECK(find("acc_2", "l").state == "unknown");
  // One that was under way can still be finished.
  CHECK(started.id != done.id);
  REQUIRE(repository->finish_write(started.id, "unknown", {}));
  CHECK(find("acc_2", "k").state == "unknown");
}

TEST_CASE(
    "API tokens of version 3 stay admin, and what was never signed is told by its empty code") {
  const TemporaryFolder folder;
  {
    const auto repository = open(folder.file());
    REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
    REQUIRE(repository->insert(account("acc_1")));
    REQUIRE(repository->insert(server(1)));
    REQUIRE(repository->insert(ApiTokenRow{.id = "tok_1", .name = "t"}));
  }
  // As version 3 left it behind.
  run_raw(folder.file(),
          "ALTER TABLE api_token DROP COLUMN scope;"
          "ALTER TABLE api_token DROP COLUMN limits;"
          "ALTER TABLE api_token DROP COLUMN mac;"
          "ALTER TABLE integrated_account DROP COLUMN mac;"
          "ALTER TABLE mcp_server DROP COLUMN mac;"
          "PRAGMA user_version = 3;");
  const auto repository = open(folder.file());
  const ApiTokenRow token = repository->api_tokens().value()[0];
  CHECK(token.id == "tok_1");
  CHECK(token.scope == "admin");
  CHECK(token.limits == json::Value(json::Object{}));
  CHECK(token.mac.empty());
  CHECK(repository->accounts().value()[0].mac.empty());
  CHECK(repository->mcp_servers().value()[0].mac.empty());
  CHECK(repository->mcp_servers().value()[0].id == server(1).id);
}

// The commits that a write-ahead log holds. (SQLite's file format, section 4: after a header of 32
// bytes, frames of 24 bytes and a page; bytes 4 to 7 of a frame are not 0 if it ends a commit.)
std::size_t commits_in(const std::string& wal_path) {
  std::ifstream stream(wal_path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  const auto number = [&](std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
    }
    return value;
  };
  if (bytes.size() < 32) return 0;
  const std::size_t page = number(8);
  std::size_t commits = 0;
  for (std::size_t frame = 32; frame + 24 + page <= bytes.size(); frame += 24 + page) {
    if (number(frame + 4) != 0) ++commits;
  }
  return commits;
}

TEST_CASE("A write is two commits: one before it is sent, one when it is known what became of it") {
  const TemporaryFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  REQUIRE(repository->insert(account("acc_1")));
  const auto commits = [&, before = commits_in(folder.file() + "-wal")] {
    return commits_in(folder.file() + "-wal") - before;
  };
  WriteRow row{.id = "wrt_1",
               .account_id = "acc_1",
               .key = "k1",
               .digest = "d",
               .state = "started",
               .result = {},
               .started_at = WallTime(std::chrono::milliseconds(1000))};
  REQUIRE_FALSE(repository->begin_write(row, {}).value());
  CHECK(commits() == 1);
  REQUIRE(repository->finish_write("wrt_1", "done", {"sealed"}));
  CHECK(commits() == 2);
  // Also one that takes an old row away.
  row.id = "wrt_2";
  row.key = "k2";
  row.started_at = WallTime(std::chrono::milliseconds(9000));
  REQUIRE_FALSE(repository->begin_write(row, WallTime(std::chrono::milliseconds(5000))).value());
  CHECK(commits() == 3);
  // A repetition writes nothing.
  REQUIRE(repository->begin_write(row, {}).value());
  CHECK(commits() == 3);
}

TEST_CASE("Threads that write at the same time lose nothing") {
  const TemporaryFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  REQUIRE(repository->insert(account("acc_1")));
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&repository, thread] {
      for (std::uint32_t i = 0; i < 50; ++i) (void)repository->insert(server(thread * 1000 + i));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(repository->mcp_servers().value().size() == 200);
}

TEST_CASE("Two processes that start on one new database both get it") {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  std::array<std::string, 4> refusals;
  for (auto& refusal : refusals) {
    threads.emplace_back([&] {
      const auto opened = open_sqlite(folder.file());
      if (!opened) refusal = opened.error().message;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& refusal : refusals) CHECK(refusal == "");
}

// The child writes servers and acknowledges each by its number through a pipe, until it is killed.
[[noreturn]] void write_until_killed(const std::string& path, int acknowledge, std::uint32_t from) {
  auto repository = open_sqlite(path);
  if (!repository) _exit(1);
  for (std::uint32_t number = from;; ++number) {
    if (!(*repository)->insert(server(number))) _exit(2);
    if (::write(acknowledge, &number, sizeof number) != sizeof number) _exit(3);
  }
}

TEST_CASE("Every acknowledged write is there after kill -9 at any moment") {
  const TemporaryFolder folder;
  {
    const auto repository = open(folder.file());
    REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
    REQUIRE(repository->insert(account("acc_1")));
  }
  std::set<std::string> acknowledged;
  for (std::uint32_t round = 0; round < 10; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(ends[0]);
      write_until_killed(folder.file(), ends[1], round * 1'000'000);
    }
    close(ends[1]);
    std::uint32_t number = 0;
    // Another moment in each round: after so many acknowledgements and some microseconds.
    for (std::uint32_t i = 0; i < 5 + 13 * round; ++i) {
      REQUIRE(read(ends[0], &number, sizeof number) == sizeof number);
      acknowledged.insert("mcp_" + std::to_string(number));
    }
    usleep(37 * round * round);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number) {
      acknowledged.insert("mcp_" + std::to_string(number));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));

    std::set<std::string> stored;
    for (const auto& row : open(folder.file())->mcp_servers().value()) stored.insert(row.id);
    for (const auto& id : acknowledged) CHECK_MESSAGE(stored.contains(id), id);
  }
  CHECK(acknowledged.size() > 500);
}

}  // namespace
}  // namespace patchbay::store
