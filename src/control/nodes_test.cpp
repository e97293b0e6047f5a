// Several control planes on one database, as nodes are: what one changes holds on the others.
#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

// Another node of the world's instance.
struct Node {
  explicit Node(World& the_world) : world(the_world) {
    control.set_catalog(testing::fake_catalog());
    CHECK(control.load());
  }
  std::shared_ptr<const McpServer> held(const vault::Token& token) const {
    return holder.current()->find_server(world.vault->hash(token));
  }
  std::shared_ptr<const McpServer> find(const vault::Token& token) {
    CHECK(control.read_mcp_server(world.vault->hash(token)));
    return held(token);
  }

  World& world;
  SnapshotHolder holder{1};
  std::vector<std::string> told;
  ControlPlane control{*world.repository,
                       world.vault,
                       world.clock,
                       holder,
                       [](const auto&) { return Result<>(); },
                       {.report = [this](std::string problem) { told.push_back(problem); }}};
};

TEST_CASE("What a node holds follows each change of another one") {
  World world;
  Node node(world);
  const auto tenant = world.tenant("Acme");
  const auto account = world.connect(tenant);
  const auto minted = world.mint(tenant, account.id);
  const auto other = world.mint(tenant, account.id);
  REQUIRE(node.find(minted.token));
  const auto first = node.find(other.token);
  const auto change = [&](McpServerChange wanted) {
    REQUIRE(world.control->update_mcp_server(tenant, account.id, minted.row.id, std::move(wanted)));
    CHECK(node.control.catch_up());
  };

  change({.name = "Renamed"});
  CHECK(node.held(minted.token)->name == "Renamed");
  change({.config = json::Object{{"methods", json::Array{"read"}}}});
  CHECK(node.held(minted.token)->toolset->tools().size() == 4);
  CHECK(node.held(other.token) == first);  // untouched

  SUBCASE("rotated") {
    const auto rotated =
        world.control->rotate_mcp_server(tenant, account.id, minted.row.id).value();
    CHECK(node.control.catch_up());
    CHECK_FALSE(node.find(minted.token));
    CHECK(node.find(rotated.token));
  }
  SUBCASE("deleted") {
    REQUIRE(world.control->delete_mcp_server(tenant, account.id, minted.row.id));
    CHECK(node.control.catch_up());
    CHECK_FALSE(node.held(minted.token));
    CHECK(node.held(other.token));
  }
  SUBCASE("its account renamed: the connection stays") {
    const auto before = node.held(other.token)->account;
    REQUIRE(world.control->update_account(tenant, account.id, {.name = "Other name"}));
    CHECK(node.control.catch_up());
    CHECK(node.held(other.token)->account == before);
  }
  SUBCASE("its account with other credentials") {
    const auto before = node.held(other.token)->account;
    AccountChange wanted;
    wanted.credentials.emplace();
    wanted.credentials->emplace("key", Secret("new"));
    REQUIRE(world.control->update_account(tenant, account.id, std::move(wanted)));
    CHECK(node.control.catch_up());
    CHECK(node.held(other.token)->account != before);
    CHECK(node.held(minted.token)->account == node.held(other.token)->account);
  }
  SUBCASE("its account deleted") {
    REQUIRE(world.control->delete_account(tenant, account.id));
    CHECK(node.control.catch_up());
    CHECK_FALSE(node.held(minted.token));
    CHECK_FALSE(node.held(other.token));
  }
  SUBCASE("its environment deleted") {
    REQUIRE(world.control->delete_environment(world.root, tenant.environment_id));
    CHECK(node.control.catch_up());
    CHECK_FALSE(node.held(minted.token));
    CHECK_FALSE(node.held(other.token));
  }
  SUBCASE("expired on the other one") {
    change({.expires_at = world.clock.now() + std::chrono::seconds(100)});
    world.clock.advance(std::chrono::seconds(101));
    CHECK(world.control->expire() == std::nullopt);
    CHECK(node.control.catch_up());
    CHECK_FALSE(node.held(minted.token));
  }
}

TEST_CASE("API tokens follow as well") {
  World world;
  Node node(world);
  const auto made =
      world.control->create_api_token(world.root, "", "x", std::nullopt, {.scope = Scope::read})
          .value();
  const std::string text(made.token.reveal());
  REQUIRE(node.control.read_api_token(text));
  CHECK(node.control.authenticate(text)->scope.scope == Scope::read);
  REQUIRE(world.control->update_api_token(world.root, made.row.id,
                                          {.scope = TokenScope{.scope = Scope::mcp}}));
  CHECK(node.control.catch_up());
  CHECK(node.control.authenticate(text)->scope.scope == Scope::mcp);
  REQUIRE(world.control->delete_api_token(world.root, made.row.id));
  CHECK(node.control.catch_up());
  CHECK_FALSE(node.control.authenticate(text));
}

TEST_CASE("Of two changes of one row from two nodes one is told of a conflict") {
  World world;
  Node node(world);
  const auto account = world.connect(world.root);
  // The probe of the first stands for whatever happens between its reading and its writing.
  world.probe = [&](const upstream::Account&) {
    CHECK(node.control.update_account(world.root, account.id, {.name = "By the other node"}));
    return Result<>();
  };
  AccountChange wanted;
  wanted.name = "By this node";
  wanted.credentials.emplace();
  wanted.credentials->emplace("key", Secret("new"));
  const auto refused = world.control->update_account(world.root, account.id, std::move(wanted));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(world.control->account(world.root, account.id)->name == "By the other node");
}

TEST_CASE("A node that missed more changes than are kept looks at all it holds again") {
  World world;
  Node node(world);
  const auto account = world.connect(world.root);
  const auto gone = world.mint(world.root, account.id);
  const auto stays = world.mint(world.root, account.id);
  REQUIRE(node.find(gone.token));
  REQUIRE(node.find(stays.token));
  REQUIRE(world.control->delete_mcp_server(world.root, account.id, gone.row.id));
  auto environment = world.repository->environment(account.environment_id).value().value();
  for (std::int64_t i = 0; i <= store::kKeptChanges + 2'000; ++i) {
    REQUIRE(world.repository->update(environment));
  }
  CHECK(node.control.catch_up());
  CHECK_FALSE(node.held(gone.token));
  CHECK(node.held(stays.token));
}

TEST_CASE("Memory is gone by while it was confirmed, and without a database for a while") {
  using Time = Trust::Time;
  Time now{1'000'000};
  Trust trust;
  CHECK(trust.state() == Trust::Is::good);  // nobody else changes anything
  trust.only_within({.unconfirmed = Time(5'000), .without_database = Time(60'000)},
                    [&] { return now; });
  CHECK(trust.state() == Trust::Is::doubtful);
  const auto live = [&](Time time) {
    now += time;
    trust.beat();
  };
  trust.confirm(now);
  for (int i = 0; i < 5; ++i) live(Time(1'000));
  CHECK(trust.state() == Trust::Is::good);
  live(Time(1));
  CHECK(trust.state() == Trust::Is::doubtful);
  // The database does not answer: every second one asks, the others go by what is known.
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::good);
  live(Time(1'000));
  live(Time(1));
  CHECK(trust.state() == Trust::Is::doubtful);
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::good);
  for (int i = 0; i < 60; ++i) live(Time(1'000));
  CHECK(trust.state() == Trust::Is::doubtful);
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::worthless);
  // An old answer that comes late confirms nothing new.
  trust.confirm(now - Time(60'001));
  CHECK(trust.state() == Trust::Is::worthless);
  trust.confirm(now);
  CHECK(trust.state() == Trust::Is::good);
  CHECK(trust.age() == Time(0));
}

TEST_CASE("What runs goes on while the database is asked, and not where the process stood still") {
  using Time = Trust::Time;
  Time now{1'000'000};
  Trust trust;
  trust.only_within({.unconfirmed = Time(5'000), .without_database = Time(60'000)},
                    [&] { return now; });
  trust.confirm(now);
  const auto live = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now += Time(1'000);
      trust.beat();
    }
  };
  live(20);
  CHECK(trust.state() == Trust::Is::doubtful);
  CHECK(trust.may_go_on());
  live(60);
  trust.note_failure();
  CHECK_FALSE(trust.may_go_on());  // worthless
  trust.confirm(now);
  CHECK(trust.may_go_on());
  // A second may have been a freeze: new calls ask, what runs goes on.
  now += Time(1'500);
  trust.beat();
  CHECK(trust.state() == Trust::Is::doubtful);
  trust.confirm(now);
  CHECK(trust.state() == Trust::Is::good);
  // Woken, and not yet told by a beat: should the database be gone as well, nobody goes by what
  // was known before.
  now += Time(1'500);
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::doubtful);
  trust.confirm(now);
  // Frozen: neither before the next beat, nor after it.
  now += Time(6'000);
  CHECK_FALSE(trust.may_go_on());
  trust.beat();
  CHECK_FALSE(trust.may_go_on());
  live(1);
  CHECK_FALSE(trust.may_go_on());
  // Nor does a database that is away make good what may have been missed.
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::doubtful);
  trust.confirm(now);
  CHECK(trust.may_go_on());
  CHECK(trust.state() == Trust::Is::good);
}

TEST_CASE("With no time allowed, nothing is served without a database") {
  Trust::Time now{1'000'000};
  Trust trust;
  trust.only_within({.unconfirmed = Trust::Time(5'000), .without_database = Trust::Time(0)},
                    [&] { return now; });
  trust.confirm(now);
  now += Trust::Time(5'001);
  trust.note_failure();
  CHECK(trust.state() == Trust::Is::worthless);
}

TEST_CASE("In doubt nothing is found, and who asks is sure again") {
  World world;
  Trust::Time now = Trust::now_since_boot();
  world.holder.trust.only_within({}, [&] { return now; });
  CHECK(world.control->make_sure());
  CHECK(world.authenticate(world.root_token));
  now += Trust::Time(6'000);
  CHECK_FALSE(world.control->authenticate(world.root_token));
  CHECK(world.control->may_be_unread(world.root_token));
  CHECK(world.control->read_api_token(world.root_token));
  CHECK(world.control->authenticate(world.root_token));
}

// The database does not answer: what may be taken away is known from memory, and holds at once.
TEST_CASE("What is taken away while the database is silent holds, and is written afterwards") {
  World world;
  const auto tenant = world.tenant("Acme");
  const auto account = world.connect(tenant);
  const auto minted = world.mint(tenant, account.id);
  const auto kept = world.mint(tenant, account.id);
  const auto other = world.tenant("Other");
  Trust::Time now = Trust::now_since_boot();
  world.holder.trust.only_within({.unconfirmed = Trust::Time(60'000)}, [&] { return now; });
  world.control->confirm(now);
  for (int i = 0; i < 3; ++i) {
    now += Trust::Time(1'000);
    world.control->beat();
  }

  // Not anybody's.
  CHECK(world.control->delete_mcp_server(other, account.id, minted.row.id).error().code ==
        ErrorCode::not_found);
  const auto gone = world.control->delete_mcp_server(tenant, account.id, minted.row.id);
  REQUIRE(gone);
  CHECK_FALSE(gone->on_disk);
  CHECK_FALSE(world.find(minted.token));
  CHECK(world.find(kept.token));
  CHECK(world.control->unwritten() == 1);
  CHECK(world.repository->mcp_server(minted.row.id)->has_value());

  world.control->confirm(now);
  world.control->expire();
  CHECK(world.control->unwritten() == 0);
  CHECK_FALSE(world.repository->mcp_server(minted.row.id)->has_value());
  CHECK_FALSE(world.find(minted.token));
}

}  // namespace
}  // namespace patchbay::control
