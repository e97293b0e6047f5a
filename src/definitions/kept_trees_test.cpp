// What was parsed once, kept and read again.
#include "definitions/kept_trees.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/random.h"
#include "definitions/compiled.h"
#include "definitions/program_id.h"
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

std::string spelt(const std::vector<pack::KeptFile>& kept) {
  std::string out;
  for (const auto& file : kept) {
    const auto root = file.tree();
    out += file.path + (root ? spelt(*root) : "?");
  }
  return out;
}

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Keeps what was parsed, and gives what is found of it afterwards.
std::string kept_and_found(const KeptTrees& trees, const std::vector<pack::PackFile>& of) {
  trees.keep("acme", digest_of(of), *compile(pack::parse_files(of)));
  const auto found = trees.find("acme", digest_of(of));
  return found ? spelt(*found) : "nothing";
}

const std::string kSpelt = spelt(pack::parse_files(files("A", 40)));

TEST_CASE("What is kept is read again as it was, and by nobody else") {
  const Folder folder;
  const KeptTrees trees((folder.path / "definitions").string(), "a program");
  CHECK_FALSE(trees.find("acme", digest_of(files("A", 40))));
  CHECK(kept_and_found(trees, files("A", 40)) == kSpelt);
  const fs::path kept = folder.path / "definitions" / "acme.trees";
  CHECK((fs::status(kept).permissions() & (fs::perms::others_all | fs::perms::group_all)) ==
        fs::perms::none);
}

TEST_CASE("What is kept is of these files and of this program, and whole") {
  const Folder folder;
  const std::string in = (folder.path / "definitions").string();
  const KeptTrees trees(in, "a program");
  const std::string mark = digest_of(files("A", 40));
  REQUIRE(kept_and_found(trees, files("A", 40)) == kSpelt);
  CHECK_FALSE(trees.find("acme", digest_of(files("B", 40))));
  CHECK_FALSE(trees.find("other", mark));
  CHECK_FALSE(KeptTrees(in, "another program").find("acme", mark));
  const fs::path kept = folder.path / "definitions" / "acme.trees";
  const std::string whole = read(kept);
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(kept, std::ios::binary) << bytes;
    CHECK_FALSE(trees.find("acme", mark));
    std::ofstream(kept, std::ios::binary) << whole.substr(0, at);
    CHECK_FALSE(trees.find("acme", mark));
  }
  CHECK(kept_and_found(trees, files("A", 40)) == kSpelt);
}

TEST_CASE("What is small is not kept, nor what has nowhere to go or no program that it is of") {
  const Folder folder;
  const std::string in = (folder.path / "definitions").string();
  CHECK(KeptTrees(in, "a program").keeps(KeptTrees::kLeastText));
  CHECK_FALSE(KeptTrees(in, "a program").keeps(KeptTrees::kLeastText - 1));
  CHECK_FALSE(KeptTrees("", "a program").keeps(KeptTrees::kLeastText));
  CHECK_FALSE(KeptTrees(in, "").keeps(KeptTrees::kLeastText));
  const KeptTrees nowhere((folder.path / "none/definitions").string(), "a program");
  CHECK(kept_and_found(nowhere, files("A", 40)) == "nothing");
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("This program is known by what it was linked of") {
  CHECK(program_id().size() >= 8);
  CHECK(program_id() == program_id());
}

TEST_CASE("What is no YAML is not compiled: its fault is told by reading it") {
  auto faulty = files("A", 40);
  faulty.front().text = "name: [\n";
  CHECK_FALSE(compile(pack::parse_files(faulty)));
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
  // With a checksum that says so: what makes sense is read, and the rest refused.
  constexpr std::size_t kBody = 4 + 4;
  std::size_t refused = 0;
  for (std::size_t at = kBody; at < compiled->size(); ++at) {
    for (const unsigned char other : {0x00, 0x01, 0x7f, 0xff}) {
      std::string bytes = *compiled;
      bytes[at] = static_cast<char>(other);
      bytes.replace(4, 4, checksum(std::string_view(bytes).substr(kBody)));
      const auto files = read_compiled(bytes);
      if (!files) {
        ++refused;
        continue;
      }
      refused += static_cast<std::size_t>(std::ranges::count_if(
          *files, [](const CompiledFile& file) { return !read_tree(file.tree); }));
    }
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace patchbay::definitions
