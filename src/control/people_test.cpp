// MCP servers that are a member's: by whose credentials they call, and who that is.
#include <algorithm>

#include <doctest/doctest.h>

#include "control/authority.h"
#include "control/server_member.h"
#include "control/store_faults.h"
#include "control/test_world.h"
#include "control/webhooks.h"
#include "webhooks/event.h"

namespace patchbay::control {
namespace {

using testing::World;
using webhooks::bit_of;
using webhooks::Event;

const Secret kJanes("janes-own-key");
const Secret kBens("bens-own-key");

bool holds(const upstream::Account& account, std::string_view secret) {
  return account.without_secrets(std::string(secret)) == "[secret]";
}

// A desk where each of two people has a key, and the API tells whose one is.
struct Desk : World {
  Desk() {
    probe = [this](const upstream::Account& account) -> Result<> {
      const bool known = holds(account, kJanes.reveal()) || holds(account, kBens.reveal()) ||
                         holds(account, "hunter2");
      return known && !revoked ? Result<>() : fail(ErrorCode::unauthenticated, "refused");
    };
    find_member = [this](const upstream::Account& account,
                         const std::string& named) -> Result<upstream::Member> {
      asked.push_back(account.connection());
      upstream::Member jane{.id = 7, .login = "jane", .name = "Jane Doe"};
      upstream::Member ben{.id = 8, .login = "ben", .name = "Ben Morgan"};
      if (named.empty()) {
        if (tells && holds(account, kJanes.reveal())) return jane;
        if (tells && holds(account, kBens.reveal())) return ben;
        return fail(ErrorCode::not_found, "It does not say.");
      }
      if (named == "jane" || named == "7") return jane;
      if (named == "ben") return ben;
      return fail(ErrorCode::not_found, "There is no member '" + named + "'.");
    };
    start_again();
    psa = connect(root);
  }

  Result<Minted<store::McpServerRow>> try_mint(OwnCredentials credentials,
                                               std::string member = "") {
    return control->create_mcp_server(
        root, psa.id,
        {.name = "Server", .member = std::move(member), .credentials = std::move(credentials)});
  }
  Minted<store::McpServerRow> mint_of(const Secret& key) {
    return try_mint({{"key", key}}).value();
  }
  Result<store::McpServerRow> change(const store::McpServerRow& row, McpServerChange wanted) {
    return control->update_mcp_server(root, psa.id, row.id, std::move(wanted));
  }
  store::McpServerRow stored(const store::McpServerRow& row) {
    return repository->mcp_server(row.id).value().value();
  }

  store::AccountRow psa;
  bool revoked = false;
  bool tells = true;
  std::vector<std::string> asked;
};

TEST_CASE("A member's server calls with that member's credentials, and no other server does") {
  Desk desk;
  const auto jane = desk.mint_of(kJanes);
  const auto ben = desk.mint_of(kBens);
  const auto shared = desk.mint(desk.root, desk.psa.id);
  const auto janes = desk.find(jane.token);
  const auto bens = desk.find(ben.token);
  const auto account = desk.find(shared.token)->account;
  CHECK(janes->member->label() == "Jane Doe (jane)");
  CHECK(bens->member->id == 8);
  CHECK(desk.find(shared.token)->member == nullptr);

  CHECK(holds(*janes->account, kJanes.reveal()));
  CHECK(holds(*bens->account, kBens.reveal()));
  for (const auto& one : {janes->account, bens->account, account}) {
    const int all = static_cast<int>(holds(*one, kJanes.reveal())) +
                    static_cast<int>(holds(*one, kBens.reveal())) +
                    static_cast<int>(holds(*one, "hunter2"));
    CHECK(all == 1);
    CHECK(one->id() == desk.psa.id);
    // One customer's API, whoever asks it.
    CHECK(&one->throttle() == &account->throttle());
    CHECK(one->origin() == account->origin());
  }
  CHECK(janes->account->connection() != bens->account->connection());
  CHECK(account->connection() == desk.psa.id);
  CHECK(janes->account->is_of_member());
  CHECK_FALSE(account->is_of_member());

  const auto row = desk.stored(jane.row);
  CHECK_FALSE(row.credentials.bytes.contains(kJanes.reveal()));
  CHECK(signs_in_as_member(row));
  CHECK(store_faults(*desk.repository, desk.vault).value().told.empty());
  // As it was, in another process.
  CHECK(desk.start_again().empty());
  CHECK(holds(*desk.find(jane.token)->account, kJanes.reveal()));
}

TEST_CASE("Who the member is, is asked with the credentials; what is wrong is not stored") {
  Desk desk;
  const auto refused = [&](const auto& outcome, std::string_view why) {
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == ErrorCode::invalid_argument);
    CHECK_MESSAGE(outcome.error().message.contains(why), outcome.error().message);
    CHECK(testing::all<store::McpServerRow>(*desk.repository).empty());
  };
  refused(desk.try_mint({{"key", Secret("nobodys-key")}}), "refused");
  refused(desk.try_mint({{"key", kJanes}}, "ben"), "of Jane Doe (jane), and not of 'ben'");
  refused(desk.try_mint({{"key", kJanes}, {"site", Secret("evil.example")}}), "'site'");
  refused(desk.try_mint({{"key", Secret(" ")}}), "empty");
  refused(desk.try_mint({}, "nobody"), "no member 'nobody'");
  CHECK(desk.asked.back() == desk.psa.id);
  desk.tells = false;
  refused(desk.try_mint({{"key", kJanes}}), "does not tell whose");
  // Then who enters them says it, and the account looks the name up.
  const auto said = desk.try_mint({{"key", kJanes}}, "jane");
  REQUIRE(said);
  CHECK(desk.asked.back() == desk.psa.id);
  CHECK(member_of(said->row)->id == 7);
}

TEST_CASE("Without credentials a member may be named, and the account's are used") {
  Desk desk;
  const auto named = desk.try_mint({}, "7");
  REQUIRE(named);
  const auto live = desk.find(named->token);
  CHECK(live->member->login == "jane");
  CHECK_FALSE(live->account->is_of_member());
  McpServerChange nobody;
  nobody.member = Clear{};
  REQUIRE(desk.change(named->row, std::move(nobody)));
  CHECK(desk.find(named->token)->member == nullptr);
}

TEST_CASE("A change of a member's server keeps its connection, unless it is about that") {
  Desk desk;
  const auto jane = desk.mint_of(kJanes);
  const auto before = desk.find(jane.token)->account;
  REQUIRE(desk.change(jane.row, {.name = "Renamed"}));
  CHECK(desk.find(jane.token)->account == before);
  REQUIRE(desk.change(jane.row, {.config = json::Object{{"max_result_bytes", 5000}}}));
  CHECK(desk.find(jane.token)->account == before);

  McpServerChange bens;
  bens.credentials = OwnCredentials{{"key", kBens}};
  REQUIRE(desk.change(jane.row, std::move(bens)));
  CHECK(holds(*desk.find(jane.token)->account, kBens.reveal()));
  CHECK(desk.find(jane.token)->member->login == "ben");

  McpServerChange still_signed_in;
  still_signed_in.member = Clear{};
  CHECK_FALSE(desk.change(jane.row, std::move(still_signed_in)));
  McpServerChange taken;
  taken.credentials = Clear{};
  REQUIRE(desk.change(jane.row, std::move(taken)));
  CHECK_FALSE(desk.find(jane.token)->account->is_of_member());
  CHECK(desk.find(jane.token)->member->login == "ben");
}

TEST_CASE("Refused credentials are the server's trouble, and not the account's") {
  Desk desk;
  const auto jane = desk.mint_of(kJanes);
  const auto shared = desk.mint(desk.root, desk.psa.id);
  const auto before = desk.find(jane.token)->account;
  const auto hook = desk.control->webhooks().create(
      desk.root,
      {.environment_id = desk.psa.environment_id,
       .url = "https://hooks.example.com/x",
       .description = {},
       .events = bit_of(Event::server_needs_reauth) | bit_of(Event::account_needs_reauth)});
  REQUIRE(hook.has_value());
  desk.control->mark_server_needs_reauth(jane.row.id, "401");
  desk.control->mark_server_needs_reauth(shared.row.id, "401");
  desk.control->mark_server_needs_reauth(jane.row.id, "401 again");
  CHECK(desk.stored(jane.row).status == "needs_reauth");
  CHECK(desk.stored(jane.row).last_error == "401");
  const auto told =
      desk.repository->webhooks().deliveries(hook->row.id, "", {.limit = 10, .after = {}}).value();
  REQUIRE(told.size() == 1);  // of hers, once
  CHECK(told.front().event == "mcp_server.needs_reauth");
  CHECK(desk.stored(shared.row).status == "active");
  CHECK(desk.control->account(desk.root, desk.psa.id)->status == "active");
  CHECK(desk.find(jane.token)->account == before);
  McpServerChange again;
  again.credentials = OwnCredentials{{"key", kJanes}};
  REQUIRE(desk.change(jane.row, std::move(again)));
  CHECK(desk.stored(jane.row).status == "active");
  CHECK(desk.stored(jane.row).last_error.empty());
}

TEST_CASE("An account that moves drops its servers' own credentials, and none stand in for them") {
  Desk desk;
  const auto jane = desk.mint_of(kJanes);
  const auto move = [&](std::string site) {
    return desk.control->update_account(
        desk.root, desk.psa.id,
        {.credentials = std::map<std::string, std::optional<Secret>>{
             {"site", Secret(std::move(site))}, {"key", Secret("hunter2")}}});
  };
  // The same place, and new credentials of the account: nothing of hers has changed.
  REQUIRE(move("desk.example.com"));
  CHECK(holds(*desk.find(jane.token)->account, kJanes.reveal()));

  REQUIRE(move("new.example.com"));
  const auto live = desk.find(jane.token)->account;
  CHECK_FALSE(live->why_signed_out().empty());
  CHECK_FALSE(holds(*live, kJanes.reveal()));
  CHECK_FALSE(holds(*live, "hunter2"));
  const auto row = desk.stored(jane.row);
  CHECK(row.credentials.bytes.empty());
  CHECK(row.status == "needs_reauth");
  CHECK(row.last_error.contains("https://new.example.com:443"));
  CHECK(desk.start_again().empty());
  CHECK_FALSE(desk.find(jane.token)->account->why_signed_out().empty());
  // Back again they do not come back.
  REQUIRE(move("desk.example.com"));
  CHECK_FALSE(desk.find(jane.token)->account->why_signed_out().empty());
  McpServerChange again;
  again.credentials = OwnCredentials{{"key", kJanes}};
  REQUIRE(desk.change(jane.row, std::move(again)));
  CHECK(holds(*desk.find(jane.token)->account, kJanes.reveal()));
}

TEST_CASE("A definition that sends elsewhere gets no member's credentials") {
  Desk desk;
  const auto jane = desk.mint_of(kJanes);
  auto integration = testing::fake_integration();
  integration->base_url = "https://{site}.evil.example/api";
  desk.begin();
  desk.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
  desk.look_at_all();
  // The account is not served there, and so neither is what is minted from it.
  CHECK(desk.find(jane.token) == nullptr);
}

TEST_CASE("A member's credentials open for their own server alone") {
  Desk desk;
  auto jane = desk.mint_of(kJanes);
  auto ben = desk.mint_of(kBens);
  const auto janes = desk.stored(jane.row);
  const auto bens = desk.stored(ben.row);
  const auto tried = [&](const std::function<void(store::McpServerRow&)>& how) {
    auto changed = desk.stored(jane.row);
    how(changed);
    REQUIRE(desk.repository->update(changed));
    CHECK_FALSE(desk.start_again().empty());
    CHECK(desk.find(jane.token) == nullptr);
    CHECK(desk.find(ben.token) != nullptr);
    CHECK_FALSE(store_faults(*desk.repository, desk.vault).value().told.empty());
    auto back = janes;
    back.version = desk.stored(jane.row).version;
    REQUIRE(desk.repository->update(back));
  };
  tried([&](auto& row) { row.credentials = bens.credentials; });
  tried([&](auto& row) { row.member = bens.member; });
  tried([&](auto& row) { row.credentials = bens.credentials, row.member = bens.member; });
  tried([&](auto& row) {
    row.credentials = bens.credentials, row.member = bens.member, row.mac = bens.mac;
  });
  tried([&](auto& row) { row.credentials = {}; });
  tried([&](auto& row) { row.credentials = {}, row.member = json::Object{}; });
  CHECK(desk.start_again().empty());

  // Even where the whole row is signed, they are sealed for another.
  auto lent = desk.stored(jane.row);
  lent.credentials = bens.credentials;
  sign(*desk.vault, lent);
  REQUIRE(desk.repository->update(lent));
  desk.start_again();
  CHECK_FALSE(desk.find(jane.token)->account->why_signed_out().empty());
  CHECK_FALSE(store_faults(*desk.repository, desk.vault).value().told.empty());
}

}  // namespace
}  // namespace patchbay::control
