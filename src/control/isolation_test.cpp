#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

TEST_CASE("Nothing of one environment exists for another: every operation, as a matrix") {
  World world;
  const Principal a = world.tenant("A");
  const Principal b = world.tenant("B");
  const auto theirs = world.connect(b);
  const auto server = world.mint(b, theirs.id);
  const auto own = world.connect(a);
  ControlPlane& control = *world.control;
  const auto code = [](const auto& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
  };

  CHECK(code(control.environment(a, b.environment_id)) == ErrorCode::not_found);
  CHECK(code(control.update_environment(a, b.environment_id, {.name = "mine"})) ==
        ErrorCode::not_found);
  CHECK(code(control.delete_environment(a, b.environment_id)) == ErrorCode::permission_denied);
  CHECK(code(control.create_api_token(a, b.environment_id, "x", {})) == ErrorCode::not_found);
  CHECK(code(control.update_api_token(a, b.token_id, {.name = "mine"})) == ErrorCode::not_found);
  CHECK(code(control.update_api_token(a, world.root.token_id, {.scope = TokenScope{}})) ==
        ErrorCode::not_found);
  CHECK(code(control.delete_api_token(a, b.token_id)) == ErrorCode::not_found);
  CHECK(code(control.delete_api_token(a, world.root.token_id)) == ErrorCode::not_found);
  NewAccount account = world.new_account();
  account.environment_id = b.environment_id;
  CHECK(code(control.create_account(a, account)) == ErrorCode::not_found);
  CHECK(code(control.account(a, theirs.id)) == ErrorCode::not_found);
  CHECK(code(control.update_account(a, theirs.id, {.name = "mine"})) == ErrorCode::not_found);
  CHECK(code(control.probe_account(a, theirs.id)) == ErrorCode::not_found);
  CHECK(code(control.delete_account(a, theirs.id)) == ErrorCode::not_found);
  CHECK(code(control.create_mcp_server(a, theirs.id, {.name = "x"})) == ErrorCode::not_found);
  CHECK(code(control.mcp_servers(a, theirs.id)) == ErrorCode::not_found);
  for (const std::string& through : {theirs.id, own.id}) {
    CHECK(code(control.mcp_server(a, through, server.row.id)) == ErrorCode::not_found);
    CHECK(code(control.update_mcp_server(a, through, server.row.id, {.name = "mine"})) ==
          ErrorCode::not_found);
    CHECK(code(control.rotate_mcp_server(a, through, server.row.id)) == ErrorCode::not_found);
    CHECK(code(control.delete_mcp_server(a, through, server.row.id)) == ErrorCode::not_found);
  }
  // The answer does not tell whether it exists.
  const Error real = control.account(a, theirs.id).error();
  const Error made_up = control.account(a, std::string(theirs.id.size(), 'x')).error();
  CHECK(real.message.size() == made_up.message.size());
  CHECK(real.hint == made_up.hint);

  // Lists show one's own only.
  CHECK(control.environments(a)->size() == 1);
  CHECK(control.environments(a).value()[0].id == a.environment_id);
  CHECK(control.api_tokens(a)->size() == 1);
  REQUIRE(control.accounts(a)->size() == 1);
  CHECK(control.accounts(a).value()[0].id == own.id);
  CHECK(control.accounts(a, {.environment_id = b.environment_id})->empty());

  // And B's things are as they were.
  CHECK(world.find(server.token));
  CHECK(control.account(b, theirs.id)->name == "Acme");
  CHECK(control.mcp_server(b, theirs.id, server.row.id));
}

TEST_CASE("A token of the whole instance reaches every environment") {
  World world;
  const Principal a = world.tenant("A");
  const auto account = world.connect(a);
  CHECK(world.control->account(world.root, account.id));
  CHECK(world.control->create_mcp_server(world.root, account.id, {.name = "x"}));
  CHECK(world.control->environments(world.root)->size() == 2);
  // With several environments it has to say where something new goes.
  const auto unsaid = world.control->create_account(world.root, world.new_account());
  CHECK(unsaid.error().code == ErrorCode::invalid_argument);
  CHECK(unsaid.error().hint.find("environment_id") != std::string::npos);
}

TEST_CASE("A token never mints one that reaches further than itself") {
  World world;
  const Principal a = world.tenant("A");
  const auto minted = world.control->create_api_token(a, "", "child", {}).value();
  CHECK(minted.row.environment_id == a.environment_id);
  CHECK(world.authenticate(minted.token.reveal())->environment_id == a.environment_id);
  CHECK(world.control->create_environment(a, "x").error().code == ErrorCode::permission_denied);
}

TEST_CASE("Deleting an environment shuts its doors at once") {
  World world;
  const auto environment = world.control->create_environment(world.root, "A").value();
  const auto token = world.control->create_api_token(world.root, environment.id, "t", {}).value();
  const auto principal = world.authenticate(token.token.reveal()).value();
  const auto account = world.connect(principal);
  const auto server = world.mint(principal, account.id);
  REQUIRE(world.control->delete_environment(world.root, environment.id));
  CHECK_FALSE(world.find(server.token));
  CHECK_FALSE(world.authenticate(token.token.reveal()));
  CHECK(world.control->accounts(world.root)->empty());
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
}

TEST_CASE("API tokens are refused when unknown, revoked, expired or of another kind") {
  World world;
  const auto authenticates = [&](std::string_view text) {
    const auto principal = world.authenticate(text);
    if (!principal) CHECK(principal.error().code == ErrorCode::unauthenticated);
    return principal.has_value();
  };
  CHECK(authenticates(world.root_token));
  CHECK_FALSE(authenticates(""));
  CHECK_FALSE(authenticates("pba_"));
  CHECK_FALSE(authenticates(vault::Token::generate(vault::TokenKind::api).reveal()));
  CHECK_FALSE(authenticates(vault::Token::generate(vault::TokenKind::mcp_server).reveal()));

  const auto expiring =
      world.control
          ->create_api_token(world.root, "", "t", world.clock.now() + std::chrono::seconds(60))
          .value();
  CHECK(authenticates(expiring.token.reveal()));
  world.clock.advance(std::chrono::seconds(60));
  CHECK_FALSE(authenticates(expiring.token.reveal()));

  const auto revoked = world.control->create_api_token(world.root, "", "t", {}).value();
  REQUIRE(world.control->delete_api_token(world.root, revoked.row.id));
  CHECK_FALSE(authenticates(revoked.token.reveal()));
}

TEST_CASE("The last token of the whole instance cannot be deleted") {
  World world;
  const auto refused = world.control->delete_api_token(world.root, world.root.token_id);
  CHECK(refused.error().code == ErrorCode::conflict);
  REQUIRE(world.control->create_api_token(world.root, "", "second", {}));
  CHECK(world.control->delete_api_token(world.root, world.root.token_id));
  CHECK_FALSE(world.authenticate(world.root_token));
}

TEST_CASE("Environment names are unique, and bootstrap happens once") {
  World world;
  CHECK(world.control->create_environment(world.root, "Default").error().code ==
        ErrorCode::conflict);
  CHECK(world.control->create_environment(world.root, " ").error().code ==
        ErrorCode::invalid_argument);
  CHECK_FALSE(world.control->bootstrap().value());
}

TEST_CASE("An environment cannot find out by a name what others are called") {
  World world;
  const auto a = world.tenant("A");
  world.tenant("B");
  const auto code = [&](std::string name) {
    return world.control->update_environment(a, a.environment_id, {.name = std::move(name)})
        .error()
        .code;
  };
  CHECK(code("B") == code("None"));
  CHECK(code("B") == ErrorCode::permission_denied);
  CHECK(world.control->create_environment(a, "B").error().message ==
        world.control->create_environment(a, "None").error().message);
}

}  // namespace
}  // namespace patchbay::control
