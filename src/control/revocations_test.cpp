// Revocations with a disk that is full: they hold at once, are told, noted, and written later.
#include <csignal>
#include <filesystem>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "base/random.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using std::chrono::seconds;
using testing::World;

// No file may grow beyond 64 KiB while it lives, as if the disk were full.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{65'536, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
};

class Instance {
 public:
  explicit Instance(const std::filesystem::path& folder)
      : world((folder / "patchbay.db").string()) {
    world.notes = store::RevocationNotes::open((folder / "revocations").string()).value();
    start();
  }
  void start() {
    world.begin();
    world.control->set_catalog(testing::fake_catalog());
    REQUIRE(world.control->load());
  }
  World world;
};

class Folder {
 public:
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path = std::filesystem::temp_directory_path() / random_id("patchbay-full");
};

// Everything that can be taken away, once.
struct Things {
  explicit Things(World& world) {
    const auto account = world.connect(world.root);
    account_id = account.id;
    deleted.emplace(world.mint(world.root, account.id));
    rotated.emplace(world.mint(world.root, account.id));
    expiring.emplace(world.mint(world.root, account.id, {}, world.clock.now() + seconds(100)));
    kept.emplace(world.mint(world.root, account.id));
    of_account.emplace(world.mint(world.root, world.connect(world.root, "Other").id));
    environment = world.control->create_environment(world.root, "Gone").value();
    of_environment.emplace(
        world.control->create_api_token(world.root, environment.id, "E", std::nullopt).value());
    token.emplace(world.control->create_api_token(world.root, "", "T", std::nullopt).value());
    // The journal of the database is larger by now than what still fits.
    for (int i = 0; i < 40; ++i) world.mint(world.root, account.id);
  }
  std::string account_id;
  std::optional<Minted<store::McpServerRow>> deleted, rotated, expiring, kept, of_account;
  store::EnvironmentRow environment;
  std::optional<Minted<store::ApiTokenRow>> of_environment, token;
  std::optional<vault::Token> new_url;

  void take_away(World& world) {
    auto& control = *world.control;
    const auto server = control.delete_mcp_server(world.root, account_id, deleted->row.id);
    REQUIRE(server);
    CHECK_FALSE(server->on_disk);
    auto turned = control.rotate_mcp_server(world.root, account_id, rotated->row.id);
    REQUIRE(turned);
    CHECK_FALSE(turned->on_disk);
    new_url.emplace(std::move(turned->token));
    CHECK_FALSE(control.delete_account(world.root, of_account->row.account_id)->on_disk);
    CHECK_FALSE(control.delete_environment(world.root, environment.id)->on_disk);
    CHECK_FALSE(control.delete_api_token(world.root, token->row.id)->on_disk);
    world.clock.advance(seconds(100));
    CHECK(control.expire());  // to try again
  }
  void check_gone(const World& world) const {
    CHECK_FALSE(world.find(deleted->token));
    CHECK_FALSE(world.find(rotated->token));
    CHECK_FALSE(world.find(expiring->token));
    CHECK_FALSE(world.find(of_account->token));
    CHECK_FALSE(world.authenticate(of_environment->token.reveal()));
    CHECK_FALSE(world.authenticate(token->token.reveal()));
    CHECK(world.find(kept->token));
  }
};

TEST_CASE("With a full disk every revocation holds at once, and is written when there is room") {
  const Folder folder;
  Instance instance(folder.path);
  Things things(instance.world);
  {
    const FullDisk full;
    REQUIRE_FALSE(instance.world.control->create_environment(instance.world.root, "No room"));
    things.take_away(instance.world);
    things.check_gone(instance.world);
    CHECK(instance.world.find(*things.new_url));
    CHECK(instance.world.control->unwritten() == 5);  // what expired nobody revoked
    CHECK(instance.world.notes->read()->size() == 6);
  }
  CHECK_FALSE(instance.world.control->expire());
  CHECK(instance.world.control->unwritten() == 0);
  CHECK(instance.world.notes->read()->empty());
  instance.start();
  things.check_gone(instance.world);
  CHECK(instance.world.find(*things.new_url));
}

TEST_CASE(
    "A start before that is refused while the disk is full, and serves nothing revoked after") {
  const Folder folder;
  Instance instance(folder.path);
  Things things(instance.world);
  {
    const FullDisk full;
    things.take_away(instance.world);
    instance.world.begin();
    instance.world.control->set_catalog(testing::fake_catalog());
    const auto loaded = instance.world.control->load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().message.find("revoked") != std::string::npos);
    CHECK(loaded.error().hint.find("Make room") != std::string::npos);
  }
  // Also with the clock set back.
  instance.world.clock.advance(-seconds(100));
  instance.start();
  things.check_gone(instance.world);
  CHECK_FALSE(instance.world.find(*things.new_url));  // lost with its process
  CHECK(instance.world.notes->read()->empty());
}

TEST_CASE("What is refused for another reason than the disk is taken back as before") {
  const Folder folder;
  Instance instance(folder.path);
  const auto account = instance.world.connect(instance.world.root);
  REQUIRE(instance.world.repository->delete_account(account.id));
  CHECK(instance.world.control->delete_account(instance.world.root, account.id).error().code ==
        ErrorCode::not_found);
  CHECK(instance.world.control->unwritten() == 0);
}

}  // namespace
}  // namespace patchbay::control
