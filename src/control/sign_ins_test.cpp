#include "control/sign_ins.h"

#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

std::string begin(World& world, const Principal& principal) {
  return std::string(world.control->sign_ins().begin(principal).value().secret.reveal());
}

bool opens(World& world, const std::string& secret) {
  const auto found = world.control->sign_ins().find(secret);
  if (!found) CHECK(found.error().code == ErrorCode::unauthenticated);
  return found.has_value();
}

TEST_CASE("A session does what its API token does at that moment, and ends with it") {
  World world;
  const auto environment = world.control->create_environment(world.root, "Tenant").value();
  const auto minted =
      world.control->create_api_token(world.root, environment.id, "t", std::nullopt).value();
  const Principal tenant = world.authenticate(minted.token.reveal()).value();
  const std::string secret = begin(world, tenant);
  const auto found = world.control->sign_ins().find(secret).value();
  CHECK(found.principal.token_id == minted.row.id);
  CHECK(found.principal.environment_id == environment.id);
  CHECK(found.principal.scope.scope == Scope::admin);

  REQUIRE(world.control->update_api_token(world.root, minted.row.id,
                                          {.name = {}, .scope = TokenScope{.scope = Scope::read}}));
  CHECK(world.control->sign_ins().find(secret).value().principal.scope.scope == Scope::read);

  REQUIRE(world.control->delete_api_token(world.root, minted.row.id));
  CHECK_FALSE(opens(world, secret));
  CHECK_FALSE(world.control->sign_ins().begin(tenant));
}

TEST_CASE("A session ends with the expiry of its API token, whatever the timer has done") {
  World world;
  const auto minted =
      world.control
          ->create_api_token(world.root, "", "short", world.clock.now() + std::chrono::hours(1))
          .value();
  const std::string secret = begin(world, world.authenticate(minted.token.reveal()).value());
  world.clock.advance(std::chrono::minutes(59));
  CHECK(opens(world, secret));
  world.clock.advance(std::chrono::minutes(2));
  CHECK_FALSE(opens(world, secret));
}

TEST_CASE("A session that is not used ends after hours, and one that is used after days") {
  World world;
  const std::string idle = begin(world, world.root);
  const std::string used = begin(world, world.root);
  const WallTime start = world.clock.now();
  while (world.clock.now() < start + SignIns::kLongest - std::chrono::hours(7)) {
    CHECK(opens(world, used));
    world.clock.advance(std::chrono::hours(7));
  }
  CHECK(opens(world, used));
  CHECK_FALSE(opens(world, idle));
  world.clock.advance(start + SignIns::kLongest - world.clock.now() - std::chrono::minutes(1));
  CHECK(opens(world, used));
  world.clock.advance(std::chrono::minutes(1));
  CHECK_FALSE(opens(world, used));

  const std::string rested = begin(world, world.root);
  world.clock.advance(SignIns::kLongestIdle - std::chrono::milliseconds(1));
  CHECK(opens(world, rested));
  world.clock.advance(SignIns::kLongestIdle);
  CHECK_FALSE(opens(world, rested));
}

TEST_CASE("Sessions end one by one, or all of an API token and no other's") {
  World world;
  const Principal tenant = world.tenant("Tenant");
  const std::string one = begin(world, world.root);
  const std::string two = begin(world, world.root);
  const std::string other = begin(world, tenant);
  SignIns& sign_ins = world.control->sign_ins();
  CHECK(sign_ins.end(sign_ins.find(one).value().session).value() == 1);
  CHECK_FALSE(opens(world, one));
  CHECK(opens(world, two));
  CHECK(sign_ins.end_all(world.root).value() == 1);
  CHECK_FALSE(opens(world, two));
  CHECK(opens(world, other));
}

TEST_CASE("A link signs in as the API token that made it, once and for ten minutes") {
  World world;
  const Principal tenant = world.tenant("Tenant");
  SignIns& sign_ins = world.control->sign_ins();
  const auto link = sign_ins.make_link(tenant).value();
  const std::string text(link.secret.reveal());
  CHECK(link.expires_at == world.clock.now() + std::chrono::minutes(10));
  CHECK(sign_ins.owner_of_link(text).value().token_id == tenant.token_id);
  const auto begun = sign_ins.begin_by_link(text).value();
  CHECK(begun.signed_in.principal.environment_id == tenant.environment_id);
  CHECK(opens(world, std::string(begun.secret.reveal())));
  CHECK(sign_ins.owner_of_link(text).error().code == ErrorCode::unauthenticated);
  CHECK(sign_ins.begin_by_link(text).error().code == ErrorCode::unauthenticated);

  const std::string late(sign_ins.make_link(tenant).value().secret.reveal());
  world.clock.advance(std::chrono::minutes(10));
  CHECK(sign_ins.begin_by_link(late).error().code == ErrorCode::unauthenticated);

  const std::string lost(sign_ins.make_link(tenant).value().secret.reveal());
  REQUIRE(world.control->delete_api_token(world.root, tenant.token_id));
  CHECK(sign_ins.begin_by_link(lost).error().code == ErrorCode::unauthenticated);
  CHECK(sign_ins.make_link(tenant).error().code == ErrorCode::unauthenticated);
}

TEST_CASE("What is no secret of a session opens nothing: an API token, a link, another one") {
  World world;
  const auto link = world.control->sign_ins().make_link(world.root).value();
  for (const std::string& secret :
       {std::string(), world.root_token, std::string(link.secret.reveal()),
        std::string(vault::Token::generate(vault::TokenKind::session).reveal())}) {
    CHECK_FALSE(opens(world, secret));
  }
  const std::string session = begin(world, world.root);
  CHECK_FALSE(world.control->sign_ins().begin_by_link(session));
  CHECK_FALSE(world.control->authenticate(session));
}

// Whoever can write the database has no key.
TEST_CASE("A session that was given another API token in the database opens nothing") {
  World world;
  const Principal tenant = world.tenant("Tenant");
  auto secret = vault::Token::generate(vault::TokenKind::session);
  auto begun = world.control->sign_ins().begin(tenant).value();
  store::DashboardSessionRow row = begun.signed_in.session;
  row.id = "ses_made";
  row.hash = world.vault->hash(secret);
  row.api_token_id = world.root.token_id;
  REQUIRE(world.repository->sign_ins().insert(row, SignIns::kMostSessions));
  CHECK_FALSE(opens(world, std::string(secret.reveal())));
  CHECK(world.reported.size() == 1);

  auto made = vault::Token::generate(vault::TokenKind::sign_in_link);
  REQUIRE(world.repository->sign_ins().insert(
      store::SignInLinkRow{.id = "lnk_made",
                           .api_token_id = world.root.token_id,
                           .hash = world.vault->hash(made),
                           .expires_at = world.clock.now() + std::chrono::minutes(5),
                           .created_at = world.clock.now(),
                           .mac = row.mac},
      SignIns::kMostLinks));
  CHECK_FALSE(world.control->sign_ins().begin_by_link(made.reveal()));
  CHECK(world.reported.size() == 2);
}

TEST_CASE("Sessions survive a restart of the program, and another node knows them") {
  World world;
  const std::string secret = begin(world, world.root);
  world.start_again();
  CHECK(opens(world, secret));
}

}  // namespace
}  // namespace patchbay::control
