#include "pack/install.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <stdlib.h>

namespace patchbay::pack {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "# made";

class Folder {
 public:
  Folder() {
    std::string pattern = fs::temp_directory_path() / "patchbay-install-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string text(const std::string& file) const {
    std::ifstream stream(path / file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
  }

  fs::path path;
};

std::vector<PackFile> pack_of(const std::string& word) {
  return {{"acme/integration.yaml", "# made " + word},
          {"acme/resources/" + word + ".yaml", "# made too"}};
}

TEST_CASE("a pack is written whole, and takes the place of one that was made like it") {
  const Folder folder;
  REQUIRE(install_pack(folder.path, "acme", pack_of("one"), kMark));
  CHECK(folder.text("acme/integration.yaml") == "# made one");
  CHECK(folder.text("acme/resources/one.yaml") == "# made too");
  REQUIRE(install_pack(folder.path, "acme", pack_of("two"), kMark));
  CHECK(folder.text("acme/integration.yaml") == "# made two");
  // What the new one has not is gone, and nothing is left beside it.
  CHECK_FALSE(fs::exists(folder.path / "acme/resources/one.yaml"));
  CHECK(folder.entries() == 1);
}

TEST_CASE("what was written by hand stays as it is") {
  const Folder folder;
  fs::create_directory(folder.path / "acme");
  std::ofstream(folder.path / "acme/integration.yaml") << "name: acme";
  const auto refused = install_pack(folder.path, "acme", pack_of("one"), kMark);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(folder.text("acme/integration.yaml") == "name: acme");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a folder that is not there, and a disk that refuses, are told") {
  const Folder folder;
  const auto missing = install_pack(folder.path / "none", "acme", pack_of("one"), kMark);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
  // A file where a folder is to be.
  auto files = pack_of("one");
  files.push_back({"acme/integration.yaml/x", ""});
  const auto refused = install_pack(folder.path, "acme", files, kMark);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::unavailable);
  CHECK(folder.entries() == 0);
}

}  // namespace
}  // namespace patchbay::pack
