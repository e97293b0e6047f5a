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

#include "store/each_row.h"
#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"

namespace patchbay::store {
namespace {

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

TEST_CASE("A database in memory works and is nobody else's") {
  const auto one = open(":memory:");
  const auto other = open(":memory:");
  REQUIRE(one->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  CHECK(other->environments(Page()).value().empty());
}

TEST_CASE("A new database is readable by its owner only") {
  const TestFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  for (const std::string suffix : {"", "-wal"}) {
    struct stat status{};
    REQUIRE(stat((folder.file() + suffix).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("A database of a newer version or of another program is refused and left alone") {
  const TestFolder folder;
  open(folder.file()).reset();
  run_raw(folder.file(), "PRAGMA user_version = 99");
  const auto newer = open_sqlite(folder.file());
  REQUIRE_FALSE(newer);
  CHECK(newer.error().code == ErrorCode::unsupported);
  CHECK(newer.error().message.find("99") != std::string::npos);

  const TestFolder other_folder;
  run_raw(other_folder.file(), "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  CHECK(open_sqlite(other_folder.file()).error().code == ErrorCode::unavailable);
  run_raw(other_folder.file(), "SELECT x FROM theirs");
}

TEST_CASE("A path that cannot be opened and a file that is no database give errors") {
  const TestFolder folder;
  CHECK(open_sqlite("/nowhere/at/all.db").error().code == ErrorCode::unavailable);
  std::ofstream(folder.file()) << std::string(10'000, 'x');
  CHECK(open_sqlite(folder.file()).error().code == ErrorCode::unavailable);
}

TEST_CASE("A damaged row is an error that names it") {
  const TestFolder folder;
  {
    const auto repository = open(folder.file());
    REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
    REQUIRE(repository->insert(account("acc_1")));
    REQUIRE(repository->insert(server(1)));
  }
  const auto check_damage = [&](const char* sql) {
    CAPTURE(sql);
    run_raw(folder.file(), sql);
    const auto row = open(folder.file())->mcp_server("mcp_1");
    REQUIRE_FALSE(row);
    CHECK(row.error().code == ErrorCode::internal);
    CHECK(row.error().message.find("mcp_1") != std::string::npos);
    run_raw(folder.file(), "UPDATE mcp_server SET config = '{}', name = 'server'");
    CHECK(open(folder.file())->mcp_server("mcp_1"));
  };
  check_damage("UPDATE mcp_server SET config = '{\"methods\":'");
  check_damage("UPDATE mcp_server SET config = '[]'");
  check_damage("UPDATE mcp_server SET config = ''");
  check_damage("UPDATE mcp_server SET name = CAST(x'ff' AS TEXT)");
}

TEST_CASE("Who reads does not wait for a change that is under way, and sees it when it is made") {
  const TestFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "before"}));
  // Another process in the middle of a change: a second writer would wait for it for seconds.
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(folder.file().c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE; UPDATE environment SET name = 'after'", nullptr,
                       nullptr, nullptr) == SQLITE_OK);
  const auto begun = std::chrono::steady_clock::now();
  CHECK(repository->environment("env_1").value()->name == "before");
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(1));
  REQUIRE(sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(repository->environment("env_1").value()->name == "after");
  sqlite3_close(other);
}

TEST_CASE("Old changes go, and who asks for them is to begin anew") {
  const TestFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  run_raw(folder.file(),
          "UPDATE instance_revision SET revision = 150998;"
          "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 150998)"
          "INSERT INTO change SELECT i, 4, 'mcp_' || i, 0 FROM n;");
  REQUIRE(std::holds_alternative<Changes>(repository->changes_since(0, 10).value()));
  for (const char* id : {"env_2", "env_3"}) {
    REQUIRE(repository->insert(EnvironmentRow{.id = id, .name = id}));
  }
  const auto old = repository->changes_since(0, 10).value();
  REQUIRE(std::holds_alternative<Forgotten>(old));
  CHECK(std::get<Forgotten>(old).revision == 151'000);
  const auto kept = repository->changes_since(151'000 - kKeptChanges, 10).value();
  REQUIRE(std::holds_alternative<Changes>(kept));
  CHECK(std::get<Changes>(kept).changes.size() == 10);
}

TEST_CASE("Ten thousand that expire in the same second are gone within one") {
  const TestFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  REQUIRE(repository->insert(account("acc_1")));
  run_raw(
      folder.file(),
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
      "INSERT INTO mcp_server (id, account_id, environment_id, name, config, hash, expires_at,"
      "  created_by, created_at, updated_at)"
      "  SELECT 'mcp_' || i, 'acc_1', 'env_1', 's', '{}', randomblob(32), 5000, 'c', i, i FROM n");
  const auto begun = std::chrono::steady_clock::now();
  std::size_t gone = 0;
  while (true) {
    const auto batch =
        repository->delete_expired(WallTime(std::chrono::milliseconds(5000)), 1'000).value();
    gone += batch.size();
    if (batch.size() < 1'000) break;
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  MESSAGE("took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
  CHECK(gone == 10'000);
  CHECK(took < std::chrono::seconds(2));  // the machine of a test may be busy
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
  const TestFolder folder;
  const auto repository = open(folder.file());
  REQUIRE(repository->insert(EnvironmentRow{.id = "env_1", .name = "n"}));
  REQUIRE(repository->insert(account("acc_1")));
  const auto commits = [&, before = commits_in(folder.file() + "-wal")] {
    return commits_in(folder.file() + "-wal") - before;
  };
  EventRow row{.id = "evt_1", .chain = "env_1", .number = 1, .kind = "write"};
  row.outcome = "started";
  const auto with = [&](const auto& work) {
    REQUIRE(repository->change_events([&](EventSession& session) -> Result<> {
      REQUIRE(session.make_chain("env_1"));
      ChainRow chain = session.lock_chain("env_1").value().value();
      ++chain.last_number;
      work(session);
      return session.update(chain);
    }));
  };
  with([&](EventSession& session) { REQUIRE(session.insert(row)); });
  CHECK(commits() == 1);
  row.outcome = "done";
  row.ended_number = 2;
  with([&](EventSession& session) { REQUIRE(session.end(row).value()); });
  CHECK(commits() == 2);
}

TEST_CASE("Threads that write at the same time lose nothing") {
  const TestFolder folder;
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
  CHECK(repository->count_mcp_servers("acc_1").value() == 200);
}

TEST_CASE("Two processes that start on one new database both get it") {
  const TestFolder folder;
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
  const TestFolder folder;
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
    const auto reopened = open(folder.file());
    REQUIRE(each_row<McpServerRow>(*reopened, [&](McpServerRow& row) -> Result<> {
      stored.insert(row.id);
      return {};
    }));
    for (const auto& id : acknowledged) CHECK_MESSAGE(stored.contains(id), id);
  }
  CHECK(acknowledged.size() > 500);
}

}  // namespace
}  // namespace patchbay::store
