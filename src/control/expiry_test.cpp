// What is over stays over, whatever the clock says afterwards.

#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Folder;
using testing::World;

TEST_CASE("Once somebody saw its end, a clock that is set back brings nothing back") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id, {}, world.clock.now() + seconds(100));
  const auto token =
      world.control->create_api_token(world.root, "", "Brief", world.clock.now() + seconds(100))
          .value()
          .token;
  REQUIRE(world.authenticate(token.reveal()));
  world.clock.advance(seconds(100));
  CHECK_FALSE(world.authenticate(token.reveal()));
  world.clock.advance(-hours(1));
  // The timer has not been there yet.
  CHECK_FALSE(world.authenticate(token.reveal()));
  CHECK_FALSE(world.control->mcp_server(world.root, account.id, minted.row.id));
  CHECK(world.control->clock().now() == testing::kStart + seconds(100));
  CHECK_FALSE(world.control->expire());
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
  CHECK(testing::all<store::ApiTokenRow>(*world.repository).size() == 1);  // the world's own
  CHECK_FALSE(world.find(minted.token));
}

TEST_CASE("After a clock that ran ahead, what is minted lives as long as it was given") {
  const Folder folder;
  std::optional<Minted<store::McpServerRow>> minted;
  {
    World world(folder.database());
    const auto account = world.connect(world.root);
    world.clock.advance(hours(24 * 365));
    CHECK_FALSE(world.control->expire());
    world.clock.advance(-hours(24 * 365));
    CHECK_FALSE(world.control->expire());
    minted = world.mint(world.root, account.id, {}, world.clock.now() + hours(1));
    CHECK(world.find(minted->token));
  }
  World world(folder.database(), testing::kStart + seconds(1));
  CHECK(world.find(minted->token));
  CHECK(world.control->expire() == minted->row.expires_at);
}

TEST_CASE("A start goes by the latest time that the database knows of") {
  const Folder folder;
  std::optional<Minted<store::McpServerRow>> minted;
  std::optional<vault::Token> token;
  {
    World world(folder.database());
    const auto account = world.connect(world.root);
    minted = world.mint(world.root, account.id, {}, world.clock.now() + seconds(100));
    token =
        world.control->create_api_token(world.root, "", "Brief", world.clock.now() + seconds(100))
            .value()
            .token;
    // As a database that could not be written would have kept it: the time, but not the end.
    world.clock.advance(seconds(99));
    CHECK(world.control->expire() == minted->row.expires_at);
    auto row = minted->row;
    row.expires_at = testing::kStart + seconds(98);
    REQUIRE(world.repository->update(row));
  }
  World world(folder.database(), testing::kStart);
  CHECK(world.problems.empty());
  CHECK_FALSE(world.find(minted->token));
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
  CHECK(world.authenticate(token->reveal()));  // not over by then
}

TEST_CASE("An API token is gone at its end, and the timer is told of it") {
  World world;
  int told = 0;
  world.control->on_expiry_changed([&] { ++told; });
  const auto end = world.clock.now() + seconds(100);
  const auto made = world.control->create_api_token(world.root, "", "Brief", end).value();
  CHECK(told == 1);
  CHECK(world.control->expire() == end);
  world.clock.advance(seconds(100));
  CHECK_FALSE(world.control->expire());
  CHECK(world.control->api_tokens(world.root)->size() == 1);
  CHECK(testing::all<store::ApiTokenRow>(*world.repository).size() == 1);
}

TEST_CASE("The time is kept rarely, and a row that was altered is told") {
  const Folder folder;
  {
    World world(folder.database());
    const auto kept = [&] { return world.repository->secret("time_seen").value()->bytes; };
    const std::string first = kept();
    world.clock.advance(seconds(59));
    CHECK_FALSE(world.control->expire());
    CHECK(kept() == first);
    world.clock.advance(seconds(1));
    CHECK_FALSE(world.control->expire());
    CHECK(kept() != first);
    REQUIRE(world.repository->update_secret("time_seen", {"0"}));
  }
  World world(folder.database());
  REQUIRE(world.problems.size() == 1);
  CHECK(world.problems[0].find("what time it was") != std::string::npos);
}

}  // namespace
}  // namespace patchbay::control
