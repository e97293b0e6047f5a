// What was parsed once, kept and read again.
#include "definitions/kept_trees.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <sodium.h>

#include "base/random.h"
#include "definitions/compiled.h"
#include "definitions/sources.h"

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() { fs::create_directory(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path path = fs::temp_directory_path() / random_id("patchbay-trees");
};

std::vector<pack::PackFile> files(const std::string& label, std::size_t bytes) {
  return {{"acme/integration.yaml", "name: acme\nlabel: " + label + "\nauth: {style: none}\n"},
          {"acme/resources/tasks.yaml", "resource: tasks\nlist: [1, \"1\", ~, [], {}]\ntext: \"" +
                                            std::string(bytes, 'x') + "\"\n"}};
}

// Text of all that a tree holds, lines as well.
std::string spelt(const yaml::Node& node) {
  std::string out = std::to_string(node.line) + (node.quoted ? "q" : "") + '<' + node.text;
  for (const auto& item : node.items) out += spelt(item);
  for (const auto& entry : node.entries) {
    out += entry.key + std::to_string(entry.line) + spelt(entry.value);
  }
  return out + '>';
}

std::string spelt(const std::vector<pack::ParsedFile>& parsed) {
  std::string out;
  for (const auto& file : parsed) out += file.path + (file.root ? spelt(*file.root) : "?");
  return out;
}

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

constexpr std::size_t kLarge = 600'000;

// Two texts of it: above what is worth keeping.
std::vector<pack::PackFile> large(const std::string& label) {
  auto two = files(label, kLarge);
  two.push_back({"acme/resources/more.yaml", two.back().text});
  return two;
}

TEST_CASE("What is large is kept, and read again as it was parsed") {
  const Folder folder;
  const KeptTrees trees((folder.path / "definitions").string());
  const auto parsed = pack::parse_files(large("A"));
  CHECK(spelt(trees.parse("acme", large("A"))) == spelt(parsed));
  const fs::path kept = folder.path / "definitions" / "acme.trees";
  REQUIRE(fs::exists(kept));
  CHECK((fs::status(kept).permissions() & fs::perms::others_all) == fs::perms::none);
  const auto written = fs::last_write_time(kept);
  CHECK(spelt(trees.parse("acme", large("A"))) == spelt(parsed));
  CHECK(fs::last_write_time(kept) == written);
  // It is what is kept that is told: another tree under the digest of these files shows.
  std::ofstream(kept, std::ios::binary)
      << digest_of(large("A")) << *compile(pack::parse_files(large("B")));
  CHECK(spelt(trees.parse("acme", large("A"))) == spelt(pack::parse_files(large("B"))));
}

TEST_CASE("What is kept is of the files that are there, or is made anew") {
  const Folder folder;
  const KeptTrees trees((folder.path / "definitions").string());
  trees.parse("acme", large("A"));
  CHECK(spelt(trees.parse("acme", large("B"))) == spelt(pack::parse_files(large("B"))));
  const fs::path kept = folder.path / "definitions" / "acme.trees";
  CHECK(read(kept).find("label") != std::string::npos);
  // Cut short, and with one byte that is another.
  for (const bool cut : {true, false}) {
    std::string bytes = read(kept);
    if (cut) {
      bytes.resize(bytes.size() / 2);
    } else {
      bytes[bytes.size() / 2] ^= 1;
    }
    std::ofstream(kept, std::ios::binary) << bytes;
    CHECK(spelt(trees.parse("acme", large("B"))) == spelt(pack::parse_files(large("B"))));
    CHECK(spelt(trees.parse("acme", large("B"))) == spelt(pack::parse_files(large("B"))));
  }
}

TEST_CASE("What is small, and what has nowhere to go, is parsed each time") {
  const Folder folder;
  const auto small = files("A", 10);
  CHECK(spelt(KeptTrees((folder.path / "definitions").string()).parse("acme", small)) ==
        spelt(pack::parse_files(small)));
  CHECK(fs::is_empty(folder.path));
  CHECK(spelt(KeptTrees((folder.path / "none/definitions").string()).parse("acme", large("A"))) ==
        spelt(pack::parse_files(large("A"))));
  CHECK(fs::is_empty(folder.path));
  CHECK(spelt(KeptTrees("").parse("acme", large("A"))) == spelt(pack::parse_files(large("A"))));
}

TEST_CASE("A fault in a file is not kept, and told each time") {
  const Folder folder;
  const KeptTrees trees((folder.path / "definitions").string());
  auto faulty = large("A");
  faulty.front().text = "name: [\n";
  CHECK_FALSE(trees.parse("acme", faulty).front().root.has_value());
  CHECK_FALSE(fs::exists(folder.path / "definitions" / "acme.trees"));
}

TEST_CASE("No bytes of a compiled definition do harm") {
  const auto compiled = compile(pack::parse_files(files("A", 20)));
  REQUIRE(compiled);
  CHECK(read_compiled(*compiled));
  for (std::size_t end = 0; end < compiled->size(); ++end) {
    CHECK_FALSE(read_compiled(std::string_view(*compiled).substr(0, end)));
  }
  for (std::size_t at = 0; at < compiled->size(); ++at) {
    std::string bytes = *compiled;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x41);
    CHECK_FALSE(read_compiled(bytes));
  }
  // With a digest that says so: what makes sense is read, and the rest refused.
  constexpr std::size_t kMark = 4;
  constexpr std::size_t kBody = kMark + 32;
  std::size_t refused = 0;
  for (std::size_t at = kBody; at < compiled->size(); ++at) {
    for (const unsigned char other : {0x00, 0x01, 0x7f, 0xff}) {
      std::string bytes = *compiled;
      bytes[at] = static_cast<char>(other);
      crypto_generichash(reinterpret_cast<unsigned char*>(bytes.data() + kMark), kBody - kMark,
                         reinterpret_cast<const unsigned char*>(bytes.data() + kBody),
                         bytes.size() - kBody, nullptr, 0);
      if (!read_compiled(bytes)) ++refused;
    }
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace patchbay::definitions
