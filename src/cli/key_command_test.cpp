#include <fstream>
#include <iterator>

#include "base/text.h"
#include "cli/test_command.h"
#include "vault/vault.h"

namespace patchbay::cli {
namespace {

using testing::Outcome;
using testing::says;
using testing::typed;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("A new key opens a vault, and is another one each time") {
  const Outcome first = typed({"key", "new"});
  const Outcome second = typed({"key", "new"});
  CHECK(first.exit_code == 0);
  CHECK(first.err.empty());
  CHECK(first.out != second.out);
  CHECK(vault::Vault::open(Secret(std::string(trim(first.out)))));
}

TEST_CASE("A key file is its owner's to read alone, and its key is not shown") {
  const testing::TemporaryFolder folder;
  const auto path = folder / "patchbay.key";
  const Outcome made = typed({"key", "new", path.string()});
  CHECK(made.exit_code == 0);
  CHECK(says(made.out, path.string()));
  const std::string key = content_of(path);
  CHECK(vault::Vault::open(Secret(std::string(trim(key)))));
  CHECK_FALSE(says(made.out, trim(key)));
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("A key file is never overwritten: what it sealed would be lost") {
  const testing::TemporaryFolder folder;
  const auto path = folder / "patchbay.key";
  REQUIRE(typed({"key", "new", path.string()}).exit_code == 0);
  const std::string key = content_of(path);
  const Outcome again = typed({"key", "new", path.string()});
  CHECK(again.exit_code == 1);
  CHECK(again.out.empty());
  CHECK(says(again.err, "never overwritten"));
  CHECK(content_of(path) == key);
}

TEST_CASE("Where no file can be, the reason is told") {
  const testing::TemporaryFolder folder;
  const Outcome refused = typed({"key", "new", (folder / "missing/patchbay.key").string()});
  CHECK(refused.exit_code == 1);
  CHECK(says(refused.err, "No such file or directory"));
}

}  // namespace
}  // namespace patchbay::cli
