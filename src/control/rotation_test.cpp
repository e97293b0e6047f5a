// A rotated server opens by its old token until the moment that was said, and not a moment longer.

#include <doctest/doctest.h>

#include "control/authority.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Folder;
using testing::World;

struct Rotated {
  explicit Rotated(World& the_world, seconds overlap = seconds(100))
      : world(the_world),
        account(world.connect(world.root)),
        before(world.mint(world.root, account.id)),
        after(rotate(overlap)) {}
  Minted<store::McpServerRow> rotate(seconds overlap) {
    return world.control->rotate_mcp_server(world.root, account.id, before.row.id, overlap).value();
  }
  bool opens(const vault::Token& token) const {
    const auto server = world.find(token);
    return server != nullptr && server->opens_by(world.vault->hash(token), world.clock.now());
  }

  World& world;
  store::AccountRow account;
  Minted<store::McpServerRow> before;
  Minted<store::McpServerRow> after;
};

TEST_CASE("Both tokens open until the overlap is over, and then one does") {
  World world;
  Rotated one(world);
  CHECK(one.after.row.previous->expires_at == world.clock.now() + seconds(100));
  CHECK(one.opens(one.before.token));
  CHECK(one.opens(one.after.token));
  CHECK(world.find(one.before.token) == world.find(one.after.token));
  world.clock.advance(seconds(100) - milliseconds(1));
  CHECK(one.opens(one.before.token));
  // The timer has not been there yet.
  world.clock.advance(milliseconds(1));
  CHECK_FALSE(one.opens(one.before.token));
  CHECK(one.opens(one.after.token));
  CHECK_FALSE(world.control->expire());
  CHECK(world.holder.current()->find_server(world.vault->hash(one.before.token)) == nullptr);
  CHECK_FALSE(world.control->mcp_server(world.root, one.account.id, one.before.row.id)->previous);
  CHECK(one.opens(one.after.token));
  // Nor does a clock that is set back bring it back.
  world.clock.advance(-hours(1));
  CHECK_FALSE(one.opens(one.before.token));
}

TEST_CASE("The timer wakes for the end of an overlap") {
  World world;
  int woken = 0;
  world.control->on_expiry_changed([&] { ++woken; });
  Rotated one(world);
  CHECK(woken > 0);
  CHECK(world.control->expire() == one.after.row.previous->expires_at);
}

TEST_CASE("There is no overlap unless one is asked for, and never more than one") {
  World world;
  Rotated none(world, seconds(0));
  CHECK_FALSE(none.opens(none.before.token));
  CHECK_FALSE(none.after.row.previous);

  Rotated one(world);
  const auto second = one.rotate(seconds(50));
  CHECK_FALSE(one.opens(one.before.token));
  CHECK(one.opens(one.after.token));
  CHECK(one.opens(second.token));
  const auto third = one.rotate(seconds(0));
  CHECK_FALSE(one.opens(one.after.token));
  CHECK_FALSE(one.opens(second.token));
  CHECK(one.opens(third.token));
}

TEST_CASE("Deleting, pausing and closing a server hold for both of its tokens") {
  World world;
  Rotated one(world);
  REQUIRE(world.control->update_mcp_server(world.root, one.account.id, one.before.row.id,
                                           {.config = json::Object{{"paused", true}}}));
  CHECK(world.find(one.before.token)->paused);
  CHECK(world.find(one.after.token)->paused);
  REQUIRE(world.control->update_mcp_server(world.root, one.account.id, one.before.row.id,
                                           {.name = "Other"}));
  CHECK(one.opens(one.before.token));
  REQUIRE(world.control->delete_mcp_server(world.root, one.account.id, one.before.row.id));
  CHECK_FALSE(one.opens(one.before.token));
  CHECK_FALSE(one.opens(one.after.token));
}

TEST_CASE("An overlap holds across restarts, and ends while nothing runs") {
  const Folder folder;
  World world(folder.database());
  Rotated one(world);
  CHECK(world.start_again().empty());
  CHECK(one.opens(one.before.token));
  CHECK(one.opens(one.after.token));
  world.clock.advance(seconds(101));
  CHECK(world.start_again().empty());
  CHECK_FALSE(one.opens(one.before.token));
  CHECK(one.opens(one.after.token));
  CHECK_FALSE(testing::all<store::McpServerRow>(*world.repository).front().previous.has_value());
  // By then the clock was that late.
  world.clock.advance(-hours(1));
  CHECK(world.start_again().empty());
  CHECK_FALSE(one.opens(one.before.token));
}

TEST_CASE("A previous token that was written into the database by somebody else opens nothing") {
  World world;
  Rotated one(world, seconds(0));
  const auto stolen = vault::Token::generate(vault::TokenKind::mcp_server);
  const auto alter = [&](std::optional<store::PreviousToken> previous) {
    auto row = *world.repository->mcp_server(one.before.row.id).value();
    row.previous = std::move(previous);
    REQUIRE(world.repository->update(row));
    world.start_again();
  };
  const WallTime later = world.clock.now() + seconds(500);
  alter(store::PreviousToken{.hash = world.vault->hash(stolen), .expires_at = later});
  CHECK_FALSE(one.opens(stolen));
  CHECK_FALSE(one.opens(one.after.token));
  CHECK(world.control->altered_rows() == 1);
  // As it was, it is served again.
  alter({});
  CHECK(one.opens(one.after.token));

  // Nor does it live longer than was said, and a row that is not ours is not signed at its end.
  const auto fresh = one.rotate(seconds(100));
  alter(store::PreviousToken{.hash = world.vault->hash(one.after.token), .expires_at = later});
  CHECK_FALSE(one.opens(one.after.token));
  world.clock.advance(seconds(501));
  CHECK_FALSE(world.control->expire());
  const auto row = *world.repository->mcp_server(one.before.row.id).value();
  CHECK_FALSE(row.previous);
  CHECK_FALSE(is_as_signed(*world.vault, row));
  CHECK_FALSE(one.opens(fresh.token));
}

}  // namespace
}  // namespace patchbay::control
