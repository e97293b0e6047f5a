// A configuration read again: what is told of each setting, and that a fault changes nothing.
// Certificates: tests/e2e/reload.test.mjs.
#include "app/reload.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <doctest/doctest.h>

#include "base/random.h"

namespace patchbay::app {
namespace {

using Names = std::vector<std::string>;

// A server's configuration in a folder, and what its rooms were told.
class World {
 public:
  World() {
    std::filesystem::create_directory(path_);
    write("key", std::string(64, 'a'));
    config.key_file = path("key");
  }
  ~World() { std::filesystem::remove_all(path_); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::string path(std::string_view name) const { return (path_ / name).string(); }
  void write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name)) << text;
  }

  void start() {
    reloading_ = std::make_unique<Reloading>(
        config,
        [this](Faults& faults) {
          if (reading) reading();
          if (!fault.empty()) faults.add({ErrorCode::invalid_argument, fault, ""});
          return config;
        },
        [this](const Renewed& renewed) { applied.push_back(renewed.config); }, log_);
  }
  Result<Reloaded> reload(const Reloading::StillMay& still_may = {}) {
    return reloading_->reload("a test", still_may);
  }

  Config config;
  std::string fault;
  std::function<void()> reading;  // while the files are read
  std::vector<Config> applied;

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-reload");
  telemetry::Log log_{-1, telemetry::Level::error};
  std::unique_ptr<Reloading> reloading_;
};

}  // namespace

TEST_CASE("nothing changed: every setting is told so, and no room is bothered") {
  World world;
  world.start();
  const auto outcome = world.reload();
  REQUIRE(outcome);
  CHECK(outcome->unchanged.size() == options().size());
  CHECK(world.applied.empty());
}

TEST_CASE("what holds at once is told once, what waits for a restart each time until it came") {
  World world;
  world.start();
  world.config.log_level = telemetry::Level::debug;
  world.config.port = 81;
  auto outcome = world.reload();
  REQUIRE(outcome);
  CHECK(outcome->changed == Names{"log-level"});
  CHECK(outcome->needs_restart == Names{"port"});
  CHECK(world.applied.back().log_level == telemetry::Level::debug);
  outcome = world.reload();
  REQUIRE(outcome);
  CHECK(outcome->changed.empty());
  CHECK(outcome->needs_restart == Names{"port"});
  world.config.port = Config().port;
  CHECK(world.reload()->needs_restart.empty());
  CHECK(world.applied.size() == 1);
}

TEST_CASE("all faults are told, and nothing changes") {
  World world;
  world.start();
  world.config.log_level = telemetry::Level::debug;
  world.config.upstream_ca_file = world.path("nowhere.pem");
  world.config.tls_key = world.path("alone.key");
  world.fault = "port takes a number";
  const auto refused = world.reload();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  for (const std::string_view fault : {"port takes a number", "nowhere.pem", "one is missing"}) {
    CHECK(refused.error().message.contains(fault));
  }
  CHECK(world.applied.empty());
  world.fault.clear();
  world.config.upstream_ca_file.clear();
  world.config.tls_key.clear();
  CHECK(world.reload()->changed == Names{"log-level"});
}

TEST_CASE("a file that cannot be read is one fault, and not a missing key as well") {
  World world;
  world.start();
  world.config.key_file.clear();
  world.fault = "patchbay.yaml is no YAML";
  const auto refused = world.reload();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("no YAML"));
  CHECK_FALSE(refused.error().message.contains("master key"));
}

TEST_CASE("another master key waits for a restart, also in the same file") {
  World world;
  world.start();
  world.write("key", std::string(64, 'b'));
  CHECK(world.reload()->needs_restart == Names{"key-file"});
  world.write("key", "short");
  CHECK_FALSE(world.reload());
  world.write("key", std::string(64, 'a'));
  CHECK(world.reload()->needs_restart.empty());
  world.config.key = Secret(std::string(64, 'b'));
  CHECK(world.reload()->needs_restart == Names{"key"});
}

TEST_CASE("a key of the environment that is the same needs no restart") {
  World world;
  world.config.key_file.clear();
  world.config.key = Secret(std::string(64, 'a'));
  world.start();
  CHECK(world.reload()->needs_restart.empty());
}

TEST_CASE("who waited behind another reload is asked again whether they may") {
  World world;
  world.start();
  std::atomic<bool> reads = false;
  std::atomic<bool> go_on = false;
  world.reading = [&] {
    reads = true;
    while (!go_on) std::this_thread::yield();
  };
  std::thread first([&] { CHECK(world.reload()); });
  while (!reads) std::this_thread::yield();
  world.config.account_concurrency = 9;
  std::atomic<bool> asked = false;
  Result<Reloaded> outcome;
  std::thread second([&] {
    outcome = world.reload([&]() -> Result<> {
      asked = true;
      return fail(ErrorCode::unauthenticated, "It was revoked.");
    });
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK_FALSE(asked);
  go_on = true;
  first.join();
  second.join();
  CHECK(asked);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == ErrorCode::unauthenticated);
}

}  // namespace patchbay::app
