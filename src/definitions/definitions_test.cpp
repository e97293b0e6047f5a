// Definitions read again from a folder. Under load, and with MCP servers that use them:
// tests/e2e/definitions.test.mjs.
#include "definitions/definitions.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/random.h"
#include "definitions/compiled.h"
#include "definitions/program_id.h"

namespace patchbay::definitions {
namespace {

namespace fs = std::filesystem;

// A folder of integrations with `acme` in it, and what reads it.
class World {
 public:
  World() {
    write("acme/integration.yaml",
          "name: acme\nbase_url: \"https://a.example\"\nauth: {style: none}\n");
    write_tasks("Tasks of all projects, newest first, for when you need one.");
  }
  ~World() { fs::remove_all(folder); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((folder / file).parent_path());
    std::ofstream(folder / file) << text;
  }
  void write_tasks(const std::string& description) const {
    write("acme/resources/tasks.yaml",
          "resource: tasks\npath: /tasks\nfields: {id: integer, title: string}\nmethods:\n  list:\n"
          "    description: " +
              description + "\n");
  }

  // Half of what is enough to be kept, of which nothing is made.
  void write_ballast(const char* file) const {
    std::ofstream(folder / file, std::ios::app)
        << '#' << std::string(KeptTrees::kLeastText / 2, ' ') << '\n';
  }
  std::string digest() const {
    return digest_of(*pack::read_pack(folder / "acme")) + digest_of(std::vector<pack::PackFile>());
  }

  const fs::path folder = fs::temp_directory_path() / random_id("patchbay-definitions");
  ManualClock clock{WallTime(std::chrono::milliseconds(1'790'000'000'000))};
  telemetry::Log log{-1, telemetry::Level::error};
  Definitions definitions{{.folder = folder.string()}, clock, log};
};

TEST_CASE("What is in the folder and what is built in is loaded, and each says whence it comes") {
  World world;
  REQUIRE(world.definitions.load());
  CHECK(world.definitions.standing("acme")->origin == Origin::directory);
  CHECK(world.definitions.standing("connectwise_psa")->origin == Origin::shipped);
  CHECK_FALSE(world.definitions.standing("nothing"));
}

TEST_CASE("Reading again what did not change changes nothing") {
  World world;
  REQUIRE(world.definitions.load());
  const auto before = world.definitions.standing("acme")->loaded_at;
  world.clock.advance(std::chrono::seconds(5));
  const auto read = world.definitions.reload("acme", "a test");
  REQUIRE(read);
  CHECK_FALSE(read->has_changed);
  CHECK(read->faults.empty());
  CHECK(world.definitions.standing("acme")->loaded_at == before);
  CHECK(world.definitions.reload_all("a test").empty());
}

TEST_CASE("What changed is told, and when it was loaded") {
  World world;
  REQUIRE(world.definitions.load());
  world.clock.advance(std::chrono::seconds(5));
  world.write_tasks("Tasks of one's own, newest first, for when you need one.");
  const auto read = world.definitions.reload("acme", "a test");
  REQUIRE(read);
  CHECK(read->has_changed);
  REQUIRE(read->difference.changed.size() == 1);
  CHECK(read->difference.changed.front().tool == "list_all_acme_tasks");
  CHECK_FALSE(read->difference.is_breaking());
  CHECK(world.definitions.standing("acme")->loaded_at == world.clock.now());
}

TEST_CASE("A fault replaces nothing and is kept until it is mended, even by going back") {
  World world;
  REQUIRE(world.definitions.load());
  world.write("acme/resources/tasks.yaml", "resource: tasks\npth: /tasks\n");
  const auto faulty = world.definitions.reload("acme", "a test");
  REQUIRE(faulty);
  CHECK_FALSE(faulty->has_changed);
  REQUIRE_FALSE(faulty->faults.empty());
  CHECK(std::ranges::any_of(faulty->faults, [](const pack::Problem& fault) {
    return fault.file == "acme/resources/tasks.yaml" && fault.line == 2;
  }));
  CHECK(world.definitions.standing("acme")->faults.size() == faulty->faults.size());
  CHECK(world.definitions.reload("acme", "a test")->faults.size() == faulty->faults.size());

  world.write_tasks("Tasks of all projects, newest first, for when you need one.");
  const auto mended = world.definitions.reload("acme", "a test");
  REQUIRE(mended);
  CHECK(mended->faults.empty());
  CHECK_FALSE(mended->difference.any());
  CHECK(world.definitions.standing("acme")->faults.empty());
}

TEST_CASE("A folder named otherwise than its integration is a fault") {
  World world;
  REQUIRE(world.definitions.load());
  fs::create_directories(world.folder / "other");
  fs::copy(world.folder / "acme", world.folder / "other", fs::copy_options::recursive);
  const auto read = world.definitions.reload("other", "a test");
  REQUIRE(read);
  REQUIRE(read->faults.size() == 1);
  CHECK(read->faults.front().message.contains("'acme'"));
}

TEST_CASE("One that is not there is not found, and one that goes stays in force") {
  World world;
  REQUIRE(world.definitions.load());
  CHECK(world.definitions.reload("nothing", "a test").error().code == ErrorCode::not_found);
  fs::remove_all(world.folder / "acme");
  const auto gone = world.definitions.reload("acme", "a test");
  REQUIRE(gone);
  CHECK_FALSE(gone->has_changed);
  CHECK(gone->faults.size() == 1);
  CHECK(world.definitions.standing("acme")->origin == Origin::directory);
}

// What a start with a cache keeps, and what it makes of what is kept there.
struct Cache {
  explicit Cache(const World& of) : world(of) {
    world.write_ballast("acme/integration.yaml");
    world.write_ballast("acme/resources/tasks.yaml");
    fs::create_directories(folder);
  }
  ~Cache() { fs::remove_all(folder); }
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  Result<> start() const {
    return Definitions({.folder = world.folder.string(), .cache = folder.string()}, world.clock,
                       world.log)
        .load();
  }
  fs::path file() const { return folder / "acme.trees"; }
  std::string kept() const {
    std::ifstream stream(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // As if this program had made tools of it for the files that are there.
  void put(const std::vector<pack::PackFile>& files) const {
    KeptTrees(folder.string(), program_id())
        .keep("acme", world.digest(), *compile(pack::parse_files(files)));
  }

  const World& world;
  const fs::path folder = fs::temp_directory_path() / random_id("patchbay-cache");
};

std::vector<pack::PackFile> acme_with(const std::string& method) {
  return {
      {"acme/integration.yaml",
       "name: acme\nbase_url: \"https://a.example\"\nauth: {style: none}\n"},
      {"acme/resources/tasks.yaml", "resource: tasks\npath: /tasks\nmethods:\n  list:\n" + method}};
}

TEST_CASE("A start keeps what it made tools of, and the next one makes them of that") {
  World world;
  const Cache cache(world);
  REQUIRE(cache.start());
  const std::string kept = cache.kept();
  REQUIRE_FALSE(kept.empty());
  const auto written = fs::last_write_time(cache.file());
  REQUIRE(cache.start());
  CHECK(fs::last_write_time(cache.file()) == written);
  // Of what is kept, and not of the files: a schema that does not compile shows, since what made
  // tools once is not compiled again to see whether it can be.
  cache.put(acme_with("    description: Tasks.\n    query_schema: {properties: {a: {type: 7}}}\n"));
  const std::string other = cache.kept();
  CHECK(cache.start());
  CHECK(cache.kept() == other);
  // With other files it is made anew.
  world.write_tasks("Tasks of one's own, newest first, for when you need one.");
  world.write_ballast("acme/resources/tasks.yaml");
  REQUIRE(cache.start());
  CHECK(cache.kept() != other);
}

TEST_CASE("What makes no tools is not kept, and what is kept and makes none is made anew") {
  World world;
  const Cache cache(world);
  REQUIRE(cache.start());
  const std::string kept = cache.kept();
  for (const char* method :
       {"    nothing: of it\n", "    description: {a: b}\n", "    verb: sing\n"}) {
    cache.put(acme_with(method));
    CHECK(cache.kept() != kept);
    CHECK(cache.start());
    CHECK(cache.kept() == kept);
  }
  cache.put({{"acme/integration.yaml", "name: other\nauth: {style: none}\n"}});
  CHECK(cache.start());
  CHECK(cache.kept() == kept);
  fs::remove(cache.file());
  world.write("acme/resources/tasks.yaml", "resource: tasks\npth: /tasks\n");
  world.write_ballast("acme/resources/tasks.yaml");
  CHECK_FALSE(cache.start());
  CHECK_FALSE(fs::exists(cache.file()));
}

TEST_CASE("A start with a fault is refused, with its place") {
  World world;
  world.write("acme/resources/tasks.yaml", "resource: tasks\npth: /tasks\n");
  const auto refused = world.definitions.load();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("acme/resources/tasks.yaml:2:"));
}

}  // namespace
}  // namespace patchbay::definitions
