// Databases of both kinds for the tests of what moves rows, empty and filled.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "store/copy.h"
#include "store/postgres/open_postgres.h"
#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
#include "store/test_postgres.h"
#include "store/test_rows.h"

namespace patchbay::store {

// Empty databases of both kinds.
struct TestDatabases {
  TestFolder folder;
  TestPostgres& server = TestPostgres::instance();
  int made = 0;

  // Of one that is filled once: thousands of commits wait for the disk.
  std::unique_ptr<Repository> filled_sqlite();
  std::unique_ptr<Repository> filled_postgres();

  std::unique_ptr<Repository> postgres() {
    return given(open_postgres(server.url(server.create_database())));
  }
  std::unique_ptr<Repository> sqlite() { return given(open_sqlite(new_path(".db"))); }
  // Of backups that are not whole.
  std::vector<std::string> parts() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string path = entry.path().string();
      if (path.contains(".part_")) found.push_back(path);
    }
    return found;
  }
  std::string file() { return new_path(""); }
  std::string new_path(std::string_view ending) {
    return (folder.path() / ("file" + std::to_string(++made) + std::string(ending))).string();
  }
};

inline constexpr std::uint32_t kServers = 1'203;  // more than are read at once

inline void fill(Repository& repository) {
  REQUIRE(repository.insert(environment("env_1")));
  REQUIRE(repository.insert(environment("env_Ä")));
  REQUIRE(repository.insert(api_token("tok_1", "", 1)));
  REQUIRE(repository.insert(api_token("tok_2", "env_1", 2)));
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  for (std::uint32_t i = 0; i < kServers; ++i) {
    McpServerRow row = server("mcp_" + std::to_string(i), "acc_1", i);
    if (i % 2 == 0) row.expires_at = at(i);
    if (i % 3 == 0) {
      row.previous = PreviousToken{.hash = hash_of(1'000'000 + i), .expires_at = at(i)};
    }
    REQUIRE(repository.insert(row));
  }
  REQUIRE(repository.add_uses(
      {{.id = "mcp_1", .day = 5, .calls = 3, .errors = 1, .last_used_at = at(5)}}));
  add(repository, event("evt_1", "acc_1", "k"));
  REQUIRE(repository.change_events([](EventSession& session) -> Result<> {
    REQUIRE(session.make_chain("env_1"));
    REQUIRE(session.insert(calls("cls_1", 7, 3)));
    return session.keep_result("evt_1", "done", {std::string("\0\xff", 2)});
  }));
  REQUIRE(repository.insert(approval("apr_1", "acc_1", "d1")));
  WebhookRow hook = webhook("whk_1", "env_1");
  hook.previous_until = at(77);
  REQUIRE(repository.webhooks().insert(hook));
  REQUIRE(repository.webhooks().insert(delivery("whk_1", "msg_1", 3)));
  REQUIRE(repository.grants().put({.account_id = "acc_1",
                                   .tokens = {std::string("\0sealed", 7)},
                                   .expires_at = at(900),
                                   .connected_at = at(8)}));
  REQUIRE(repository.insert_secret("pepper", {std::string("\0sealed", 7)}));
  REQUIRE(repository.definitions().insert(definition("acme", 1), 10));
}
inline constexpr std::size_t kRows = 1 + 2 + 2 + 1 + kServers + 1 + 1 + 1 + 1 + 1 + 2 + 1 + 1 + 1;

inline std::unique_ptr<Repository> TestDatabases::filled_postgres() {
  static const std::string filled = [this] {
    const std::string name = server.create_database();
    fill(*given(open_postgres(server.url(name))));
    return name;
  }();
  return given(open_postgres(server.url(server.create_database(filled))));
}
inline std::unique_ptr<Repository> TestDatabases::filled_sqlite() {
  static const TestFolder once;
  static const bool filled = [this] {
    const auto repository = given(open_sqlite(once.file(), Tables::receive));
    REQUIRE(copy(*filled_postgres(), *repository));
    return true;
  }();
  REQUIRE(filled);
  const std::string path = new_path(".db");
  std::filesystem::copy_file(once.file(), path);
  return given(open_sqlite(path));
}

inline std::vector<Record> everything(Repository& repository) {
  std::vector<Record> all;
  REQUIRE(repository.everything().read([&](const Record& record) -> Result<> {
    if (record.table != Table::revision) all.push_back(record);
    return {};
  }));
  return all;
}

}  // namespace patchbay::store
