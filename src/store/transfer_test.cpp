#include "store/transfer.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
#include "store/test_postgres.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// Empty databases of both kinds.
struct Databases {
  TestFolder folder;
  TestPostgres& server = TestPostgres::instance();
  int made = 0;

  // Filled at once: one commit waits for the disk, and not thousands.
  std::unique_ptr<Repository> filled_sqlite();
  std::unique_ptr<Repository> filled_postgres();

  std::unique_ptr<Repository> postgres() {
    return given(open_postgres(server.url(server.create_database())));
  }
  std::unique_ptr<Repository> sqlite() {
    return given(open_sqlite((folder.path() / (std::to_string(++made) + ".db")).string()));
  }
  // Of backups that are not whole.
  std::vector<std::string> parts() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string path = entry.path().string();
      if (path.contains(".part_")) found.push_back(path);
    }
    return found;
  }
  std::string file() { return (folder.path() / ("backup" + std::to_string(++made))).string(); }
};

constexpr std::uint32_t kServers = 1'203;  // more than are read at once

void fill(Repository& repository) {
  REQUIRE(repository.insert(environment("env_1")));
  REQUIRE(repository.insert(environment("env_Ä")));
  REQUIRE(repository.insert(api_token("tok_1", "", 1)));
  REQUIRE(repository.insert(api_token("tok_2", "env_1", 2)));
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  for (std::uint32_t i = 0; i < kServers; ++i) {
    McpServerRow row = server("mcp_" + std::to_string(i), "acc_1", i);
    if (i % 2 == 0) row.expires_at = at(i);
    REQUIRE(repository.insert(row));
  }
  REQUIRE_FALSE(given(repository.begin_write(write("wrt_1", "acc_1", "k"), at(0))));
  REQUIRE(repository.finish_write("wrt_1", "done", {std::string("\0\xff", 2)}));
  REQUIRE(repository.insert(approval("apr_1", "acc_1", "d1")));
  REQUIRE(repository.insert_secret("pepper", {std::string("\0sealed", 7)}));
}
constexpr std::size_t kRows = 1 + 2 + 2 + 1 + kServers + 1 + 1 + 1;

std::unique_ptr<Repository> Databases::filled_postgres() {
  auto repository = postgres();
  fill(*repository);
  return repository;
}
std::unique_ptr<Repository> Databases::filled_sqlite() {
  auto repository = sqlite();
  REQUIRE(copy(*filled_postgres(), *repository));
  return repository;
}

std::vector<Record> everything(Repository& repository) {
  std::vector<Record> all;
  REQUIRE(repository.read_everything([&](const Record& record) -> Result<> {
    if (record.table != Table::revision) all.push_back(record);
    return {};
  }));
  return all;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("What is backed up from one kind of database is restored into either, to the last row") {
  Databases databases;
  for (const auto& from : {databases.filled_sqlite(), databases.filled_postgres()}) {
    const std::string path = databases.file();
    std::size_t told = 0;
    CHECK(given(backup(*from, path, [&](std::size_t rows) { told = rows; })) == kRows);
    CHECK(told == kRows);
    struct stat status{};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    for (const auto& to : {databases.sqlite(), databases.postgres()}) {
      CHECK(given(restore(*to, path)) == kRows);
      CHECK(everything(*to) == everything(*from));
      // It goes on from there: with versions that fit, and no node that knows the old one's
      // revisions.
      CHECK(given(to->revision()) == given(from->revision()) + 1);
      CHECK(
          std::holds_alternative<Forgotten>(given(to->changes_since(given(from->revision()), 10))));
      EnvironmentRow row = given(to->environment("env_Ä")).value();
      row.name = "changed";
      CHECK(to->update(row));
      CHECK(given(to->begin_write(write("wrt_2", "acc_1", "k"), at(0)))->result.bytes ==
            std::string("\0\xff", 2));
    }
  }
}

TEST_CASE("A backup is of one moment, and holds up nobody who changes something meanwhile") {
  Databases databases;
  for (const auto& repository : {databases.filled_sqlite(), databases.filled_postgres()}) {
    const std::string path = databases.file();
    bool changed = false;
    REQUIRE(backup(*repository, path, [&](std::size_t) {
      if (std::exchange(changed, true)) return;
      // After the first thousand: what is read already and what is not yet go together.
      CHECK(repository->insert(environment("env_2")));
      CHECK(repository->delete_account("acc_1"));
    }));
    CHECK(changed);
    const auto restored = databases.sqlite();
    CHECK(given(restore(*restored, path)) == kRows);
    CHECK(given(restored->count_mcp_servers("acc_1")) == kServers);
    CHECK_FALSE(given(restored->environment("env_2")));
  }
}

TEST_CASE("A backup that was cut off, altered or is none is refused, and nothing is written") {
  Databases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  REQUIRE(backup(*from, path));
  const std::string text = text_of(path);
  const auto to = databases.sqlite();
  const auto refused = [&](const std::string& altered) {
    const std::string other = databases.file();
    std::ofstream(other, std::ios::binary) << altered;
    const auto restored = restore(*to, other);
    REQUIRE_FALSE(restored);
    CHECK(given(to->environments(Page())).empty());
    CHECK(given(to->revision()) == 0);
    return restored.error().code;
  };
  CHECK(refused("") == ErrorCode::invalid_argument);
  CHECK(refused("SQLite format 3") == ErrorCode::invalid_argument);
  for (std::size_t length :
       {text.size() - 1, text.size() / 2, text.rfind('\n', text.size() - 2) + 1}) {
    // The last line end alone is no loss.
    if (length + 1 != text.size()) {
      CHECK(refused(text.substr(0, length)) == ErrorCode::invalid_argument);
    }
  }
  std::string altered = text;
  altered[text.find("Name of env_1")] = 'n';
  CHECK(refused(altered) == ErrorCode::invalid_argument);
  CHECK(refused(text + "\n") == ErrorCode::invalid_argument);
  CHECK(refused("{\"patchbay_store\":2}\n" + text) == ErrorCode::unsupported);
  CHECK(code_of(restore(*to, databases.file())) == ErrorCode::unavailable);  // there is none
}

TEST_CASE("Neither a file nor a database that holds something is written over") {
  Databases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  std::ofstream(path) << "mine";
  CHECK(code_of(backup(*from, path)) == ErrorCode::conflict);
  CHECK(text_of(path) == "mine");
  CHECK(databases.parts().empty());
  const std::string fresh = databases.file();
  REQUIRE(backup(*from, fresh));
  CHECK(code_of(restore(*from, fresh)) == ErrorCode::conflict);
  for (const auto& used : {databases.sqlite(), databases.postgres()}) {
    REQUIRE(used->insert_secret("pepper", {"x"}));
    CHECK(code_of(restore(*used, fresh)) == ErrorCode::conflict);
    CHECK(code_of(copy(*from, *used)) == ErrorCode::conflict);
    CHECK(given(used->environments(Page())).empty());
  }
}

TEST_CASE("A backup goes into no file that was laid out for it, and only its owner sees it grow") {
  Databases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  const std::string precious = databases.file();
  std::ofstream(precious) << "mine";
  std::filesystem::create_symlink(precious, path + ".part");
  bool seen = false;
  REQUIRE(backup(*from, path, [&](std::size_t) {
    if (std::exchange(seen, true)) return;
    const auto parts = databases.parts();
    REQUIRE(parts.size() == 1);
    struct stat status{};
    REQUIRE(lstat(parts[0].c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }));
  CHECK(seen);
  CHECK(databases.parts().empty());
  CHECK(text_of(precious) == "mine");
  CHECK(std::filesystem::is_regular_file(std::filesystem::symlink_status(path)));
  // Not even by a link that leads nowhere.
  const std::string link = databases.file();
  const std::string target = databases.file();
  std::filesystem::create_symlink(target, link);
  CHECK(code_of(backup(*from, link)) == ErrorCode::conflict);
  CHECK_FALSE(std::filesystem::exists(target));
  CHECK(databases.parts().empty());
}

TEST_CASE(
    "Of two backups to one name the first to end has it, whole, and nothing is left of the other") {
  Databases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  bool second = false;
  std::string text;
  const auto first = backup(*from, path, [&](std::size_t) {
    if (std::exchange(second, true)) return;
    CHECK(from->insert(environment("env_2")));
    CHECK(given(backup(*from, path)) == kRows + 1);
    text = text_of(path);
  });
  CHECK(code_of(first) == ErrorCode::conflict);
  CHECK(text_of(path) == text);
  CHECK(databases.parts().empty());
  CHECK(given(restore(*databases.sqlite(), path)) == kRows + 1);
}

TEST_CASE("A backup that fails leaves nothing") {
  Databases databases;
  const auto from = databases.sqlite();
  CHECK(code_of(backup(*from, (databases.folder.path() / "no" / "x").string())) ==
        ErrorCode::unavailable);
  const std::string damaged_database = (databases.folder.path() / "damaged.db").string();
  const auto damaged = given(open_sqlite(damaged_database));
  REQUIRE(damaged->insert(environment("env_\xff")));
  CHECK_FALSE(backup(*damaged, databases.file()));
  CHECK(databases.parts().empty());
}

TEST_CASE("An installation moves from one kind of database to the other and back") {
  Databases databases;
  const auto sqlite = databases.filled_sqlite();
  const auto postgres = databases.postgres();
  CHECK(given(copy(*sqlite, *postgres)) == kRows);
  const auto back = databases.sqlite();
  CHECK(given(copy(*postgres, *back)) == kRows);
  CHECK(everything(*back) == everything(*sqlite));

  // Whoever changes the first one meanwhile is told.
  const auto other = databases.postgres();
  bool changed = false;
  const auto torn = copy(*sqlite, *other, [&](std::size_t) {
    if (!std::exchange(changed, true)) CHECK(sqlite->delete_api_token("tok_2"));
  });
  CHECK(code_of(torn) == ErrorCode::conflict);
  CHECK(torn.error().message.contains("api_token"));
}

}  // namespace
}  // namespace patchbay::store
