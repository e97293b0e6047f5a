// The limits of scopes: what a token that may mint can reach, and who is a second factor.
#include "control/token_scope.h"

#include <doctest/doctest.h>

#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

json::Object methods(std::initializer_list<const char*> words) {
  json::Array array;
  for (const char* word : words) array.push_back(word);
  return {{"methods", std::move(array)}};
}

TEST_CASE("A scope takes its own limits, and none that are empty") {
  CHECK(read_token_scope("admin", json::Object{})->scope == Scope::admin);
  CHECK(read_token_scope("mint", json::Object{{"tags", json::Array{"support"}}})->words.tags ==
        std::vector<std::string>{"support"});
  for (const auto& [scope, limits] :
       std::initializer_list<std::pair<const char*, const char*>>{{"root", ""},
                                                                  {"", ""},
                                                                  {"Admin", ""},
                                                                  {"admin", "tags"},
                                                                  {"read", "tags"},
                                                                  {"mcp", "tags"},
                                                                  {"mint", "mcp_server_ids"},
                                                                  {"mint", "environment_ids"}}) {
    json::Object object;
    if (*limits != '\0') object[limits] = json::Array{"x"};
    CHECK_MESSAGE(!read_token_scope(scope, object), scope << " " << limits);
  }
  for (const char* member : {"integrated_account_ids", "methods", "tags"}) {
    CHECK_FALSE(read_token_scope("mint", json::Object{{member, json::Array{}}}));
    CHECK_FALSE(read_token_scope("mint", json::Object{{member, json::Array{""}}}));
    CHECK_FALSE(read_token_scope("mint", json::Object{{member, "read"}}));
    CHECK_FALSE(read_token_scope("mint", json::Object{{member, nullptr}}));
  }
  CHECK_FALSE(read_token_scope("mcp", json::Object{{"mcp_server_ids", json::Array{}}}));
  CHECK_FALSE(read_token_scope("mcp", json::Object{{"mcp_server_ids", nullptr}}));
  const auto scope = read_token_scope(
      "mint",
      json::Object{{"integrated_account_ids", json::Array{"a"}}, {"methods", json::Array{"read"}}});
  CHECK(read_token_scope("mint", limits_of(*scope)) == *scope);
}

TEST_CASE(
    "A token that may mint neither makes, widens, sees nor rotates what lies beyond its limits") {
  World world;
  const auto mine = world.connect(world.root);
  const auto other = world.connect(world.root);
  const auto wide = world.mint(world.root, mine.id);
  const auto theirs = world.mint(world.root, other.id, methods({"read"}));
  const auto minted = world.control
                          ->create_api_token(world.root, "", "minter", {},
                                             {.scope = Scope::mint,
                                              .accounts = {mine.id},
                                              .words = {.methods = {"read", "create"}, .tags = {}}})
                          .value();
  const auto minter = world.authenticate(minted.token.reveal()).value();
  auto& control = *world.control;
  const auto make = [&](std::string_view account, json::Object config) {
    return control.create_mcp_server(minter, account, {.name = "x", .config = std::move(config)});
  };
  const auto server = make(mine.id, methods({"read"}));
  REQUIRE(server);
  CHECK(make(mine.id, methods({"create", "read"})));
  for (auto beyond :
       {json::Object{}, methods({"write"}), methods({"read", "delete"}), methods({"get"}),
        json::Object{{"methods", nullptr}}, json::Object{{"tags", json::Array{"support"}}}}) {
    CHECK(make(mine.id, beyond).error().code == ErrorCode::permission_denied);
    const auto widened =
        control.update_mcp_server(minter, mine.id, server->row.id, {.config = beyond});
    // Merged: what says nothing of methods leaves them.
    if (beyond.contains("methods")) {
      CHECK(widened.error().code == ErrorCode::permission_denied);
    } else {
      CHECK(widened);
    }
  }
  CHECK_FALSE(make(mine.id, methods({})));
  CHECK(make(other.id, methods({"read"})).error().code == ErrorCode::not_found);

  for (const auto& [account, id] : {std::pair{mine.id, wide.row.id}, {other.id, theirs.row.id}}) {
    CHECK_FALSE(control.mcp_server(minter, account, id));
    CHECK_FALSE(control.rotate_mcp_server(minter, account, id));
    CHECK_FALSE(control.delete_mcp_server(minter, account, id));
    CHECK_FALSE(control.update_mcp_server(minter, account, id, {.name = "mine"}));
  }
  CHECK(control.mcp_servers(minter, mine.id)->size() == 2);
  CHECK_FALSE(control.mcp_servers(minter, other.id));
  CHECK(control.accounts(minter)->size() == 1);
  CHECK_FALSE(control.account(minter, other.id));
  CHECK(control.rotate_mcp_server(minter, mine.id, server->row.id));
}

TEST_CASE("Limits name what is there, within the token's own environment") {
  World world;
  const auto a = world.tenant("A");
  const auto b = world.tenant("B");
  const auto account = world.connect(b);
  const auto server = world.mint(b, account.id);
  const auto create = [&](const Principal& who, TokenScope scope) {
    return world.control->create_api_token(who, "", "t", {}, std::move(scope));
  };
  const TokenScope mint{.scope = Scope::mint, .accounts = {account.id}};
  const TokenScope mcp{.scope = Scope::mcp, .servers = {server.row.id}};
  CHECK(create(b, mint));
  CHECK(create(b, mcp));
  CHECK(create(world.root, mint));
  for (const TokenScope& scope : {mint, mcp}) {
    const auto foreign = create(a, scope);
    TokenScope nothing = scope;
    nothing.accounts = std::vector<std::string>(scope.accounts.size(), "acc_none");
    nothing.servers = std::vector<std::string>(scope.servers.size(), "mcp_none");
    const auto none = create(a, nothing);
    CHECK(foreign.error().code == ErrorCode::not_found);
    CHECK(none.error().code == ErrorCode::not_found);
    // An instance's administrator cannot give an environment's token another's either.
    CHECK_FALSE(world.control->create_api_token(world.root, a.environment_id, "t", {}, scope));
  }
}

TEST_CASE("A scope is changed in place; the last admin of the instance keeps its own") {
  World world;
  auto& control = *world.control;
  const auto narrow = [&](std::string_view id, Scope scope) {
    return control.update_api_token(world.root, id, {.scope = TokenScope{.scope = scope}});
  };
  CHECK(narrow(world.root.token_id, Scope::read).error().code == ErrorCode::conflict);
  const auto second = control.create_api_token(world.root, "", "second", {}).value();
  const auto before = control.authenticate(second.token.reveal()).value();
  REQUIRE(narrow(second.row.id, Scope::mcp));
  CHECK(control.authenticate(second.token.reveal())->scope.scope == Scope::mcp);
  // What came in with the wider scope has it no more.
  CHECK(control.create_environment(before, "x").error().code == ErrorCode::unauthenticated);
  // One that is no admin does not count as a way in.
  CHECK(control.delete_api_token(world.root, world.root.token_id).error().code ==
        ErrorCode::conflict);
}

TEST_CASE("A second factor is of scope mcp, for its servers, or an administrator's") {
  CHECK(admits_to_server({}, "s"));
  CHECK(admits_to_server({.scope = Scope::mcp}, "s"));
  CHECK(admits_to_server({.scope = Scope::mcp, .servers = {"r", "s"}}, "s"));
  CHECK_FALSE(admits_to_server({.scope = Scope::mcp, .servers = {"r"}}, "s"));
  CHECK_FALSE(admits_to_server({.scope = Scope::read}, "s"));
  CHECK_FALSE(admits_to_server({.scope = Scope::mint}, "s"));
}

}  // namespace
}  // namespace patchbay::control
