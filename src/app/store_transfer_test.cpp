// What the commands of operators on a database refuse, and leave as it is.
#include "app/store_transfer.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "app/database.h"
#include "app/foundations.h"
#include "app/store_check.h"
#include "base/random.h"
#include "store/revocation_notes.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::app {
namespace {

class Folder {
 public:
  Folder() { std::filesystem::create_directory(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / random_id("patchbay-app");
};

const telemetry::Log kLog(STDERR_FILENO, telemetry::Level::error);

Config in(const Folder& folder, std::string_view name) {
  Config config;
  config.port = 0;
  config.data_dir = folder / name;
  config.key = Secret(std::string(64, 'a'));
  return config;
}

// As after a server's first start.
Config used(const Folder& folder, std::string_view name) {
  Config config = in(folder, name);
  REQUIRE(open_data(config, kLog));
  return config;
}

void note(const Config& config, const std::vector<store::Revocation>& revocations) {
  const auto notes = store::RevocationNotes::open(config.data_dir + "/revocations");
  REQUIRE(notes);
  REQUIRE((*notes)->write(revocations));
}

template <class T>
void refused(const Result<T>& result, ErrorCode code, std::string_view words) {
  REQUIRE_FALSE(result);
  CAPTURE(result.error().message);
  CHECK(result.error().code == code);
  CHECK(result.error().message.contains(words));
}

}  // namespace

TEST_CASE("nothing is copied while a revocation waits that the database could not take") {
  const Folder folder;
  const Config config = used(folder, "data");
  CHECK(backup_store(config, folder / "before", {}));
  CHECK(check_store(config, kLog)->told.empty());
  note(config, {{store::Revocation::Kind::mcp_server, "mcp_1"}});

  constexpr std::string_view kWords = "mcp_server mcp_1";
  refused(backup_store(config, folder / "backup", {}), ErrorCode::conflict, kWords);
  CHECK_FALSE(std::filesystem::exists(folder / "backup"));
  refused(migrate_store(config.data_dir, folder / "copy", {}), ErrorCode::conflict, kWords);
  CHECK_FALSE(std::filesystem::exists(folder / "copy"));
  std::filesystem::remove(database_file(config));
  refused(restore_store(config, folder / "before", {}), ErrorCode::conflict, kWords);
  CHECK_FALSE(std::filesystem::exists(database_file(config)));
}

TEST_CASE("a file that is no backup, or is cut off, leaves no database behind") {
  const Folder folder;
  const Config config = used(folder, "data");
  REQUIRE(backup_store(config, folder / "backup", {}));
  const auto size = std::filesystem::file_size(folder / "backup");
  std::filesystem::copy_file(folder / "backup", folder / "cut");
  std::filesystem::resize_file(folder / "cut", size / 2);
  std::ofstream(folder / "text") << "This is no backup.";
  for (const char* const bad : {"cut", "text", "missing"}) {
    CAPTURE(bad);
    const Config target = in(folder, "new");
    CHECK_FALSE(restore_store(target, folder / bad, {}));
    CHECK_FALSE(std::filesystem::exists(database_file(target)));
  }
  CHECK(restore_store(in(folder, "new"), folder / "backup", {}));
}

TEST_CASE("a revocation that waits is a fault of the database, and none is noted by looking") {
  const Folder folder;
  const Config config = used(folder, "data");
  note(config, {{store::Revocation::Kind::mcp_server, "mcp_1"},
                {store::Revocation::Kind::api_token, "tok_1"}});
  const auto faults = check_store(config, kLog);
  REQUIRE(faults);
  REQUIRE(faults->count == 2);
  CHECK(faults->told.front().contains("mcp_server mcp_1"));
  CHECK(faults->told.back().contains("api_token tok_1"));
  std::filesystem::remove(config.data_dir + "/revocations");
  CHECK(check_store(config, kLog)->told.empty());
  CHECK(backup_store(config, folder / "backup", {}));
  CHECK_FALSE(std::filesystem::exists(config.data_dir + "/revocations"));
}

TEST_CASE("a database that no server has used is not taken for one, and nothing is made in it") {
  const Folder folder;
  const Config config = in(folder, "data");
  std::filesystem::create_directory(config.data_dir);
  for (const std::string& text : {std::string(), std::string(4096, 'x')}) {
    std::ofstream(database_file(config)) << text;
    const ErrorCode code = text.empty() ? ErrorCode::not_found : ErrorCode::unavailable;
    const std::string_view words = text.empty() ? "no tables of Patchbay" : "";
    refused(backup_store(config, folder / "backup", {}), code, words);
    refused(check_store(config, kLog), code, words);
    refused(sign_store(config, kLog), code, words);
    refused(migrate_store(config.data_dir, folder / "copy", {}), code, words);
    std::ifstream file(database_file(config));
    CHECK(std::string{std::istreambuf_iterator<char>(file), {}} == text);
    CHECK_FALSE(std::filesystem::exists(database_file(config) + "-wal"));
    CHECK_FALSE(std::filesystem::exists(folder / "copy"));
    CHECK_FALSE(std::filesystem::exists(folder / "backup"));
  }
}

TEST_CASE("a check opens the results of writes as well") {
  const Folder folder;
  const Config config = used(folder, "data");
  const auto repository = store::open_sqlite(database_file(config)).value();
  store::EnvironmentRow environment{.id = "env_1", .name = "Mine"};
  store::AccountRow account{.id = "acc_1", .environment_id = "env_1"};
  account.settings = json::Object{};
  REQUIRE(repository->insert(environment));
  REQUIRE(repository->insert(account));
  REQUIRE(repository->change_events([](store::EventSession& session) -> Result<> {
    for (const std::string id : {"evt_1", "evt_2"}) {
      // Older than its chain, as writes of before events are.
      const store::EventRow row{.id = id,
                                .chain = "env_1",
                                .number = id == "evt_1" ? -1 : -2,
                                .kind = "write",
                                .account_id = "acc_1",
                                .outcome = "started",
                                .begun = "{}",
                                .key = id,
                                .digest = "d",
                                .state = "started"};
      REQUIRE(session.insert(row));
    }
    return session.keep_result("evt_1", "done", {"not sealed"});
  }));
  const auto faults = check_store(config, kLog);
  REQUIRE(faults);
  // The account was signed by nobody.
  CHECK(faults->count == 2);
  CHECK(faults->told.back().contains("evt_1 of account acc_1 does not open"));
}

}  // namespace patchbay::app
