#include "store/transfer.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sodium.h>
#include <sys/stat.h>

#include "base/encoding.h"
#include "store/test_databases.h"

namespace patchbay::store {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("What is backed up from one kind of database is restored into either, to the last row") {
  TestDatabases databases;
  for (const auto& from : {databases.filled_sqlite(), databases.filled_postgres()}) {
    const std::string path = databases.file();
    Done told;
    CHECK(given(backup(*from, path, [&](const Done& done) { told = done; })) == kRows);
    CHECK(told.rows == kRows);
    CHECK(told.total == kRows);
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
      CHECK(found_by_key(*to, "acc_1", "k")->result.bytes == std::string("\0\xff", 2));
    }
  }
}

// A sign-out after the backup would not be in it.
TEST_CASE("A backup carries nobody's session and no sign-in link") {
  TestDatabases databases;
  const auto from = databases.sqlite();
  REQUIRE(from->insert(api_token("tok_1", "", 1)));
  REQUIRE(from->sign_ins().insert(DashboardSessionRow{.id = "ses_1",
                                                      .api_token_id = "tok_1",
                                                      .hash = hash_of(2),
                                                      .ends_at = at(100),
                                                      .expires_at = at(100),
                                                      .created_at = at(1)},
                                  10));
  REQUIRE(from->sign_ins().insert(SignInLinkRow{.id = "lnk_1",
                                                .api_token_id = "tok_1",
                                                .hash = hash_of(3),
                                                .expires_at = at(100),
                                                .created_at = at(1)},
                                  10));
  REQUIRE(given(from->sign_ins().session(hash_of(2))));
  const std::string path = databases.file();
  REQUIRE(backup(*from, path));
  CHECK(text_of(path).contains("tok_1"));
  CHECK_FALSE(text_of(path).contains("ses_1"));
  CHECK_FALSE(text_of(path).contains("lnk_1"));
  const auto to = databases.sqlite();
  REQUIRE(restore(*to, path));
  CHECK_FALSE(given(to->sign_ins().session(hash_of(2))));
  CHECK_FALSE(given(to->sign_ins().link(hash_of(3))));
}

TEST_CASE("A backup is of one moment, and holds up nobody who changes something meanwhile") {
  TestDatabases databases;
  for (const auto& repository : {databases.filled_sqlite(), databases.filled_postgres()}) {
    const std::string path = databases.file();
    bool changed = false;
    REQUIRE(backup(*repository, path, [&](const Done&) {
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
  TestDatabases databases;
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
  CHECK(refused("{\"patchbay_store\":5}\n" + text) == ErrorCode::unsupported);
  CHECK(code_of(restore(*to, databases.file())) == ErrorCode::unavailable);  // there is none
}

TEST_CASE(
    "Rows of an older version, which lack the columns that came later, are taken as they were") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  for (const auto& to : {databases.sqlite(), databases.postgres()}) {
    REQUIRE(to->everything().write([&](const VisitRecord& write) -> Result<> {
      return from->everything().read([&](const Record& record) -> Result<> {
        if (record.table == Table::mcp_server_use) return {};
        Record older = record;
        if (record.table == Table::mcp_server) older.cells.resize(record.cells.size() - 6);
        if (record.table == Table::environment) older.cells.resize(record.cells.size() - 1);
        return write(older);
      });
    }));
    CHECK(given(to->mcp_server("mcp_3"))->hash == given(from->mcp_server("mcp_3"))->hash);
    CHECK(given(to->mcp_server("mcp_3"))->version == given(from->mcp_server("mcp_3"))->version);
    CHECK_FALSE(given(to->mcp_server("mcp_3"))->previous);
    CHECK(given(to->uses({"mcp_1"})).empty());
    CHECK(given(to->environment("env_1"))->audit == json::Value(json::Object{}));
  }
}

TEST_CASE("A backup of before there were events keeps the keys of its writes") {
  TestDatabases databases;
  const std::string lines =
      "{\"patchbay_store\":2}\n"
      "[\"revision\",[7]]\n"
      "[\"environment\",[\"env_1\",\"Mine\",1,1,1]]\n"
      "[\"integrated_account\",[\"acc_1\",\"env_1\",\"psa\",\"t\",\"a\",\"active\",\"\",{\"b64\":"
      "\"\"},"
      "\"{}\",\"c\",1,1,null,2]]\n"
      "[\"write_journal\",[\"wrt_1\",\"acc_1\",\"k\",\"d1\",\"done\",{\"b64\":\"AP8=\"},1000]]\n"
      "[\"write_journal\",[\"wrt_2\",\"acc_1\",\"l\",\"d2\",\"started\",{\"b64\":\"\"},2000]]\n";
  std::string digest(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(lines.data()), lines.size(), nullptr,
                     0);
  const std::string path = databases.file();
  std::ofstream(path) << lines << R"({"rows":5,"blake2b":")" << to_hex(digest) << "\"}\n";
  for (const auto& to : {databases.sqlite(), databases.postgres()}) {
    REQUIRE(given(restore(*to, path)) == 5);
    const EventRow done = found_by_key(*to, "acc_1", "k").value();
    CHECK(done.id == "wrt_1");
    CHECK(done.chain == "env_1");
    CHECK(done.number < 0);
    CHECK(done.outcome == "done");
    CHECK(done.state == "done");
    CHECK(done.digest == "d1");
    CHECK(done.result.bytes == std::string("\0\xff", 2));
    CHECK(done.at == WallTime(std::chrono::milliseconds(1000)));
    CHECK(found_by_key(*to, "acc_1", "l")->state == "started");
  }
}

TEST_CASE("Neither a file nor a database that holds something is written over") {
  TestDatabases databases;
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
    CHECK(given(used->environments(Page())).empty());
  }
}

TEST_CASE("A backup goes into no file that was laid out for it, and only its owner sees it grow") {
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  const std::string precious = databases.file();
  std::ofstream(precious) << "mine";
  std::filesystem::create_symlink(precious, path + ".part");
  bool seen = false;
  REQUIRE(backup(*from, path, [&](const Done&) {
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
  TestDatabases databases;
  const auto from = databases.filled_sqlite();
  const std::string path = databases.file();
  bool second = false;
  std::string text;
  const auto first = backup(*from, path, [&](const Done&) {
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
  TestDatabases databases;
  const auto from = databases.sqlite();
  CHECK(code_of(backup(*from, (databases.folder.path() / "no" / "x").string())) ==
        ErrorCode::unavailable);
  const std::string damaged_database = (databases.folder.path() / "damaged.db").string();
  const auto damaged = given(open_sqlite(damaged_database));
  REQUIRE(damaged->insert(environment("env_\xff")));
  CHECK_FALSE(backup(*damaged, databases.file()));
  CHECK(databases.parts().empty());
}

}  // namespace
}  // namespace patchbay::store
