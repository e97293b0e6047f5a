// Both databases against one contract.
#include <doctest/doctest.h>

#include "store/sqlite/open_sqlite.h"
#include "store/test_folder.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// A file for each time that a contract makes a store.
class SqliteFiles {
 public:
  RepositoryFactory factory() {
    return {.make = [this] { return given(open_sqlite(file())); },
            .reopen =
                [this](std::unique_ptr<Repository> repository) {
                  repository.reset();
                  return given(open_sqlite(file()));
                }};
  }

 private:
  std::string file() const { return folder_.file(); }
  TestFolder folder_;
};

TEST_CASE("SQLite: rows") {
  SqliteFiles files;
  check_rows(files.factory());
}
TEST_CASE("SQLite: lists") {
  SqliteFiles files;
  check_lists(files.factory());
}
TEST_CASE("SQLite: changes") {
  SqliteFiles files;
  check_changes(files.factory());
}
TEST_CASE("SQLite: journal and secrets") {
  SqliteFiles files;
  check_journal_and_secrets(files.factory());
}

}  // namespace
}  // namespace patchbay::store
