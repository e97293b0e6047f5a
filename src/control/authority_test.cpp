// A row says what it said: altered behind the program's back it is not served.
#include "control/authority.h"

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "control/open_vault.h"
#include "control/store_faults.h"
#include "control/test_world.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::control {
namespace {

using testing::World;

std::vector<std::string> start_again(World& world) {
  return world.start_again();
}

// As it stands in the database.
std::int64_t version_of(store::Repository& repository, const store::ApiTokenRow& row) {
  return repository.api_token(row.id).value()->version;
}
std::int64_t version_of(store::Repository& repository, const store::AccountRow& row) {
  return repository.account(row.id).value()->version;
}
std::int64_t version_of(store::Repository& repository, const store::McpServerRow& row) {
  return repository.mcp_server(row.id).value()->version;
}

TEST_CASE("Every change leaves each row as it is signed") {
  World world;
  const auto check = [&] {
    CHECK(store_faults(*world.repository, world.vault).value().told.empty());
    for (const auto& row : testing::all<store::ApiTokenRow>(*world.repository))
      CHECK_FALSE(row.mac.empty());
  };
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto token = world.control->create_api_token(world.root, "", "t", {}).value();
  check();
  REQUIRE(world.control->update_api_token(
      world.root, token.row.id,
      {.scope = TokenScope{.scope = Scope::mint, .words = {.methods = {"read"}, .tags = {}}}}));
  check();
  REQUIRE(world.control->update_account(
      world.root, account.id,
      {.name = "Other",
       .settings = AccountChange::Settings{.time_zone = std::string("Europe/London")}}));
  world.control->mark_needs_reauth(account.id, "refused");
  REQUIRE(world.control->probe_account(world.root, account.id));
  check();
  McpServerChange change{
      .config = json::Object{{"max_result_bytes", 5000}, {"tags", json::Array{"support"}}}};
  change.expires_at = world.clock.now() + std::chrono::hours(1);
  REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id, change));
  check();
  REQUIRE(world.control->rotate_mcp_server(world.root, account.id, minted.row.id));
  check();
  REQUIRE(world.control->rotate_mcp_server(world.root, account.id, minted.row.id,
                                           std::chrono::seconds(60)));
  check();
  world.clock.advance(std::chrono::seconds(61));
  world.control->expire();
  check();
  CHECK(start_again(world).empty());
  CHECK(world.control->altered_rows() == 0);
}

TEST_CASE("A row that was altered in anything that gives authority is not served") {
  World world;
  const auto tenant = world.tenant("Tenant");
  const auto mine = world.connect(tenant);
  const auto theirs = world.connect(world.tenant("Theirs"));
  auto server = world.mint(tenant, mine.id, json::Object{{"methods", json::Array{"read"}}},
                           world.clock.now() + std::chrono::hours(1));
  const auto token =
      world.control
          ->create_api_token(tenant, "", "read", world.clock.now() + std::chrono::hours(1),
                             {.scope = Scope::read})
          .value();
  // Alters, starts, and sees that it was found out and opens nothing; then puts the row back.
  const auto alter = [&](const auto& row, const auto& how, const auto& check_not_served) {
    auto changed = row;
    changed.version = version_of(*world.repository, row);
    how(changed);
    REQUIRE(world.repository->update(changed));
    const auto problems = start_again(world);
    REQUIRE(problems.size() >= 1);
    CHECK(problems[0] == say_altered(row));
    CHECK(world.control->altered_rows() == 1);
    const auto faults = store_faults(*world.repository, world.vault).value().told;
    REQUIRE_FALSE(faults.empty());
    CHECK(faults.front() == say_altered(row));
    check_not_served();
    auto as_before = row;
    as_before.version = changed.version;
    REQUIRE(world.repository->update(as_before));
  };
  using Token = store::ApiTokenRow;
  const auto token_tried = [&](const std::function<void(Token&)>& how) {
    alter(token.row, how, [&] {
      CHECK_FALSE(world.authenticate(token.token.reveal()));
      CHECK_FALSE(world.control->bootstrap().value());
    });
  };
  token_tried([](Token& row) { row.environment_id.clear(); });
  token_tried([](Token& row) { row.scope = "admin"; });
  token_tried([](Token& row) { row.expires_at.reset(); });
  token_tried([](Token& row) { row.limits = json::Object{{"x", 1}}; });
  token_tried([](Token& row) { row.mac.clear(); });
  token_tried([&](Token& row) {
    row.hash = world.vault->hash(vault::Token::generate(vault::TokenKind::api));
  });

  using Server = store::McpServerRow;
  const auto server_tried = [&](const std::function<void(Server&)>& how) {
    alter(server.row, how, [&] { CHECK_FALSE(world.find(server.token)); });
  };
  server_tried([](Server& row) { row.config = json::Object{}; });
  server_tried([](Server& row) { row.expires_at.reset(); });
  server_tried([&](Server& row) { row.account_id = theirs.id; });
  server_tried([&](Server& row) { row.environment_id = theirs.environment_id; });
  server_tried([](Server& row) { row.mac.clear(); });
  server_tried([](Server& row) { row.mac[0] ^= 1; });

  using Account = store::AccountRow;
  const auto account_tried = [&](const std::function<void(Account&)>& how) {
    alter(mine, how, [&] { CHECK_FALSE(world.find(server.token)); });
  };
  account_tried([&](Account& row) { row.credentials = theirs.credentials; });
  account_tried([&](Account& row) { row.environment_id = theirs.environment_id; });
  account_tried([](Account& row) { row.integration = "other"; });
  account_tried([](Account& row) { row.mac.clear(); });

  CHECK(start_again(world).empty());
  CHECK(world.find(server.token));
  CHECK(world.authenticate(token.token.reveal()));
}

TEST_CASE("Rows of before are signed once, on a word; emptied afterwards they are none of before") {
  const Secret key(std::string(64, 'a'));
  World world;
  world.vault = open_vault(*world.repository, key).value();
  for (const auto& row : testing::all<store::ApiTokenRow>(*world.repository)) {
    REQUIRE(world.repository->delete_api_token(row.id));
  }
  CHECK(start_again(world).empty());
  const auto made = world.control->create_api_token(instance_itself(), "", "Root", std::nullopt);
  const std::string token(made->token.reveal());
  const auto unsign = [&] {
    auto row = testing::all<store::ApiTokenRow>(*world.repository)[0];
    row.mac.clear();
    REQUIRE(world.repository->update(row));
  };
  unsign();
  world.vault = open_vault(*world.repository, key).value();
  CHECK(start_again(world).size() == 1);
  CHECK_FALSE(world.authenticate(token));

  // As a version without codes left it: a pepper without the mark.
  const auto keys = vault::Vault::open(key).value();
  const auto sealed = world.repository->secret("pepper").value().value();
  const auto pepper = keys->unseal(sealed, "instance_secret/pepper").value();
  REQUIRE(world.repository->update_secret(
      "pepper",
      keys->seal(Secret(std::string(pepper.reveal().substr(0, 32))), "instance_secret/pepper")));
  CHECK_FALSE(look_into_vault(*world.repository, key)->rows_are_signed);
  // As somebody may have put it back, who has written to the row since: nothing is signed by
  // itself.
  for (int start = 0; start < 2; ++start) {
    const auto refused = open_vault(*world.repository, key);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().hint.contains("patchbay store sign"));
    CHECK(testing::all<store::ApiTokenRow>(*world.repository)[0].mac.empty());
  }
  const auto told = sign_old_rows(*world.repository, key);
  REQUIRE(told);
  REQUIRE(told->size() == 1);
  CHECK(told->front().contains("'Root': admin of the whole instance"));
  CHECK(sign_old_rows(*world.repository, key).error().code == ErrorCode::conflict);
  world.vault = open_vault(*world.repository, key).value();
  CHECK(look_into_vault(*world.repository, key)->rows_are_signed);
  CHECK(start_again(world).empty());
  CHECK(world.authenticate(token));
  unsign();
  world.vault = open_vault(*world.repository, key).value();
  CHECK(start_again(world).size() == 1);
}

TEST_CASE("Without its pepper a database is nobody's: its rows are not signed anew") {
  World world;
  const auto account = world.connect(world.root);
  world.vault = open_vault(*world.repository, Secret(std::string(64, 'a'))).value();
  CHECK(start_again(world).size() == 2);  // the first token and the account
  CHECK_FALSE(world.control->bootstrap().value());
}

TEST_CASE("Whoever deletes all tokens from the database is not given a new one") {
  World world;
  const auto account = world.connect(world.root);
  const auto environments = testing::all<store::EnvironmentRow>(*world.repository);
  std::vector<std::unique_ptr<store::Repository>> before;  // as long as their control planes
  const auto bootstrapped = [&](bool with_account) {
    before.push_back(std::move(world.repository));
    world.repository = store::open_sqlite(":memory:").value();
    for (auto row : environments) REQUIRE(world.repository->insert(row));
    if (with_account) REQUIRE(world.repository->insert(store::AccountRow(account)));
    CHECK(start_again(world).empty());
    return world.control->bootstrap().value().has_value();
  };
  CHECK_FALSE(bootstrapped(true));
  CHECK(bootstrapped(false));
}

// If what is signed or how it is written changes, every row that is stored is taken for an altered
// one: that needs a migration.
TEST_CASE("The codes of stored rows stay what they are") {
  const auto vault = vault::Vault::open(Secret(std::string(64, 'a'))).value();
  store::ApiTokenRow token{.id = "tok_1", .environment_id = "env_1", .name = "not signed"};
  token.scope = "mint";
  token.limits = json::Object{{"tags", json::Array{"support"}}, {"methods", json::Array{"read"}}};
  token.expires_at = testing::kStart;
  store::AccountRow account{.id = "acc_1", .environment_id = "env_1", .integration = "desk"};
  account.credentials.bytes = "sealed";
  store::McpServerRow server{.id = "mcp_1", .account_id = "acc_1", .environment_id = "env_1"};
  server.config = json::Object{{"max_result_bytes", 5000}, {"confirm_writes", true}};
  sign(*vault, token);
  sign(*vault, account);
  sign(*vault, server);
  CHECK(to_base64(token.mac) == "oXDn6FUzjig1ydFjXvSqzXZYp3SS1gvjftj+nuhwTkE=");
  CHECK(to_base64(account.mac) == "kYj2W1fYlWjMod/C+PhxS3vDLJ76u3ZYAePUzNtlv2M=");
  CHECK(to_base64(server.mac) == "GiSY9bS1HaCIQROzSBUWcMtWL9AGNia0nsMgUKmi438=");
}

TEST_CASE("No parts make the text of others") {
  CHECK(bind_together({"a", "bc"}) != bind_together({"ab", "c"}));
  CHECK(bind_together({"a", ""}) != bind_together({"a"}));
  CHECK(bind_together({"1:a"}) != bind_together({"1", "a"}));
}

TEST_CASE("A row that was altered counts until it is mended or gone, without a restart") {
  World world;
  const auto account = world.connect(world.root);
  const auto one = world.mint(world.root, account.id);
  const auto other = world.mint(world.root, account.id);
  const auto alter = [&](const std::string& id, std::string mac) {
    auto row = world.repository->mcp_server(id).value().value();
    row.mac = std::move(mac);
    REQUIRE(world.repository->update(row));
  };
  const std::string mac = one.row.mac;
  alter(one.row.id, "another");
  alter(other.row.id, "another");
  start_again(world);
  CHECK(world.control->altered_rows() == 2);
  world.control->look_at_altered_again();
  CHECK(world.control->altered_rows() == 2);
  alter(one.row.id, mac);
  world.control->look_at_altered_again();
  CHECK(world.control->altered_rows() == 1);
  CHECK(world.find(one.token));
  REQUIRE(world.repository->delete_mcp_server(other.row.id));
  world.control->look_at_altered_again();
  CHECK(world.control->altered_rows() == 0);
}

TEST_CASE("A check goes on past rows that are damaged, and tells of all that does not hold") {
  World world;
  const auto account = world.connect(world.root);
  auto first = world.mint(world.root, account.id).row;
  const auto second = world.mint(world.root, account.id).row;
  CHECK(store_faults(*world.repository, world.vault)->count == 0);

  // No JSON, which no reader of whole pages gets past; and signed by nobody.
  auto account_row = world.repository->account(account.id).value().value();
  account_row.settings = json::Value("no object");
  REQUIRE(world.repository->update(account_row));
  first.config = json::Value("no object");
  first.version = version_of(*world.repository, first);
  REQUIRE(world.repository->update(first));
  auto nameless = second;
  nameless.id = "";
  nameless.hash = vault::TokenHash{};
  REQUIRE(world.repository->insert(nameless));
  auto altered = second;
  altered.version = version_of(*world.repository, second);
  altered.mac = "another";
  REQUIRE(world.repository->update(altered));
  REQUIRE(world.repository->insert_secret("mine", {"not sealed"}));

  const auto faults = store_faults(*world.repository, world.vault).value();
  const auto tells = [&](std::string_view words) {
    return std::ranges::any_of(faults.told,
                               [&](const std::string& one) { return one.contains(words); });
  };
  CHECK(faults.count == 5);
  CHECK(tells("integrated_account " + account.id + " is damaged"));
  CHECK(tells("mcp_server " + first.id + " is damaged"));
  CHECK(tells("MCP server without an id: its row was altered"));
  CHECK(tells("MCP server " + second.id + ": its row was altered"));
  CHECK(tells("secret 'mine'"));
}

TEST_CASE("Of many faults the first are told, and all are counted") {
  StoreFaults faults;
  for (std::size_t i = 0; i < StoreFaults::kMostTold + 5; ++i) faults.add("fault");
  CHECK(faults.told.size() == StoreFaults::kMostTold);
  CHECK(faults.count == StoreFaults::kMostTold + 5);
  // What somebody put into the database does not steer a terminal.
  StoreFaults hostile;
  hostile.add("MCP server \x1b[2J\xff: altered");
  CHECK(hostile.told[0] == "MCP server ?[2J?: altered");
}

}  // namespace
}  // namespace patchbay::control
