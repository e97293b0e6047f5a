// Versions of definitions in the store: kept, gone back to, and signed.
#include "definitions/stored.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "definitions/definitions.h"
#include "definitions/packed.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::definitions {
namespace {

std::shared_ptr<const vault::Vault> vault_of(char key) {
  return vault::Vault::open(Secret(std::string(64, key))).value();
}

FileList files(const std::string& description) {
  return {
      {"integration.yaml", "name: acme\nbase_url: \"https://a.example\"\nauth: {style: none}\n"},
      {"resources/tasks.yaml",
       "resource: tasks\npath: /tasks\nfields: {id: integer, title: string}\nmethods:\n  list:\n"
       "    description: " +
           description + "\n"}};
}

constexpr const char* kDocument = R"({"openapi": "3.0.0", "info": {"title": "Acme", "version": "2"},
  "servers": [{"url": "https://a.example"}],
  "paths": {"/tasks": {"get": {"responses": {"200": {"description": "ok", "content":
      {"application/json": {"schema": {"type": "array", "items": {"type": "object",
       "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}}}}}}}},
    "/notes": {"post": {"requestBody": {"content": {"application/json": {"schema":
      {"type": "object", "properties": {"text": {"type": "string"}}}}}},
      "responses": {"201": {"description": "made"}}}}}})";

struct World {
  explicit World(char key = 'a') {
    REQUIRE(definitions.load());
    REQUIRE(definitions.load_stored(repository->definitions(), vault_of(key)));
  }
  Outcome upload(const std::string& description, bool preview = false) {
    auto outcome = definitions.upload("acme", files(description), {preview, "tok_1"});
    REQUIRE_MESSAGE(outcome, outcome.error().message);
    return std::move(*outcome);
  }

  ManualClock clock{WallTime(std::chrono::milliseconds(1'790'000'000'000))};
  telemetry::Log log{-1, telemetry::Level::error};
  std::unique_ptr<store::Repository> repository = store::open_sqlite(":memory:").value();
  Definitions definitions{{}, clock, log};
};

constexpr const char* kFirst = "Tasks of all projects, newest first, for when you need one.";
constexpr const char* kSecond = "Tasks of one's own, newest first, for when you need one.";

TEST_CASE("Files come out of the store as they went in, and what is damaged does not") {
  const FileList before = files(kFirst);
  const auto packed = pack_files(before);
  REQUIRE(packed);
  const auto after = unpack_files(*packed);
  REQUIRE(after);
  REQUIRE(after->size() == before.size());
  CHECK((*after)[1].path == before[1].path);
  CHECK((*after)[1].text == before[1].text);
  for (std::size_t at = 0; at < packed->size(); ++at) {
    CHECK_FALSE(unpack_files(packed->substr(0, at)));
    std::string altered = *packed;
    altered[at] = static_cast<char>(altered[at] ^ 0x55);
    static_cast<void>(unpack_files(altered));  // refused or not, it ends
  }
  // Says that it becomes more than anything may.
  std::string bomb = *packed;
  bomb[9] = '\x7f';
  CHECK_FALSE(unpack_files(bomb));
}

TEST_CASE("An upload is in force, and a preview of one changes nothing") {
  World world;
  const Outcome shown = world.upload(kFirst, true);
  CHECK_FALSE(shown.revision);
  CHECK(shown.tools == 1);
  CHECK(shown.difference.added.size() == 1);
  CHECK_FALSE(world.definitions.standing("acme"));
  const Outcome done = world.upload(kFirst);
  CHECK(done.revision == 1);
  CHECK(world.definitions.standing("acme")->origin == Origin::uploaded);
  CHECK(world.definitions.standing("acme")->revision == 1);
}

TEST_CASE("A fault keeps nothing, and what was in force stays") {
  World world;
  world.upload(kFirst);
  FileList faulty = files(kFirst);
  faulty[1].text = "resource: tasks\npth: /tasks\n";
  const auto refused = world.definitions.upload("acme", faulty, {false, "tok_1"});
  REQUIRE(refused);
  REQUIRE_FALSE(refused->faults.empty());
  CHECK(std::ranges::any_of(refused->faults, [](const pack::Problem& fault) {
    return fault.file == "acme/resources/tasks.yaml" && fault.line == 2;
  }));
  CHECK_FALSE(refused->revision);
  CHECK(world.definitions.revisions("acme", store::DefinitionRows::kFromLatest, 9)->size() == 1);
  CHECK(world.definitions.standing("acme")->revision == 1);
}

TEST_CASE("One goes back to any version, and back again") {
  World world;
  world.upload(kFirst);
  world.upload(kSecond);
  const auto back = world.definitions.roll_back("acme", 1, {false, "tok_2"});
  REQUIRE(back);
  CHECK(back->revision == 3);
  REQUIRE(back->difference.changed.size() == 1);
  const auto again = world.definitions.roll_back("acme", 2, {false, "tok_2"});
  REQUIRE(again);
  CHECK(again->revision == 4);
  const auto rows = world.definitions.revisions("acme", store::DefinitionRows::kFromLatest, 9);
  REQUIRE(rows->size() == 4);
  CHECK(rows->front().uploaded == 2);
  CHECK((*rows)[1].uploaded == 1);
  CHECK(world.definitions.roll_back("acme", 9, {}).error().code == ErrorCode::not_found);
}

TEST_CASE("An import lies under an upload, each goes back without the other") {
  World world;
  const auto imported = world.definitions.import_document("acme", kDocument, {false, "tok_1"});
  REQUIRE(imported);
  CHECK(imported->operations == 2);
  CHECK(imported->tools == 2);
  CHECK(world.definitions.standing("acme")->origin == Origin::imported);
  const Outcome over = world.upload(kFirst);
  CHECK(over.tools == 2);
  CHECK(over.difference.removed.empty());
  CHECK(world.definitions.standing("acme")->origin == Origin::uploaded);
  const auto back = world.definitions.roll_back("acme", 1, {false, "tok_1"});
  REQUIRE(back);
  CHECK(back->tools == 2);
  CHECK(world.definitions.standing("acme")->origin == Origin::imported);
}

TEST_CASE("A faulty document is told with its lines") {
  World world;
  const auto refused = world.definitions.import_document("acme", "{\"openapi\": 7}", {});
  REQUIRE(refused);
  CHECK_FALSE(refused->faults.empty());
  CHECK(world.definitions.import_document("No name", kDocument, {}).error().code ==
        ErrorCode::invalid_argument);
}

TEST_CASE("Paths that lead out of a definition are no files of it") {
  World world;
  for (const char* const path :
       {"../x.yaml", "resources/../integration.yaml", "integration.yml", "resources/a/b.yaml",
        "/integration.yaml", "resources/.yaml", ""}) {
    CHECK(world.definitions.upload("acme", {{path, "x"}}, {}).error().code ==
          ErrorCode::invalid_argument);
  }
  FileList twice = files(kFirst);
  twice.push_back(twice.front());
  CHECK_FALSE(world.definitions.upload("acme", twice, {}));
}

TEST_CASE("What is kept is there after a restart, and only as it was signed") {
  World world;
  world.upload(kFirst);
  Definitions restarted({}, world.clock, world.log);
  REQUIRE(restarted.load());
  REQUIRE(restarted.load_stored(world.repository->definitions(), vault_of('a')));
  CHECK(restarted.standing("acme")->revision == 1);

  // Of somebody who can write the database, and has not the key.
  Definitions stranger({}, world.clock, world.log);
  REQUIRE(stranger.load());
  REQUIRE(stranger.load_stored(world.repository->definitions(), vault_of('b')));
  REQUIRE(stranger.standing("acme"));
  CHECK(stranger.standing("acme")->faults.size() == 1);
  const StoredDefinitions stored(world.repository->definitions(), vault_of('b'), world.clock);
  CHECK(stored.faults()->size() == 1);
  const StoredDefinitions sound(world.repository->definitions(), vault_of('a'), world.clock);
  CHECK(sound.faults()->empty());
}

}  // namespace
}  // namespace patchbay::definitions
