// A stored secret is sent to the origin that it was entered for, and nowhere else.
#include <doctest/doctest.h>

#include "control/authority.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

// Notes to where an account that is proved would send.
struct Listening : World {
  Listening() {
    probe = [this](const upstream::Account& account) {
      heard.push_back(account.origin());
      return Result<>();
    };
  }
  void start_again(std::shared_ptr<const catalog::ToolCatalog> catalog = testing::fake_catalog()) {
    begin();
    control->set_catalog(std::move(catalog));
    problems = look_at_all();
  }
  store::AccountRow stored() { return testing::all<store::AccountRow>(*repository)[0]; }

  std::vector<std::string> heard;
};

std::shared_ptr<const catalog::ToolCatalog> catalog_with_base(std::string base_url) {
  auto integration = testing::fake_integration();
  integration->base_url = std::move(base_url);
  return catalog::ToolCatalog::generate(integration).value();
}

using Changes = std::map<std::string, std::optional<Secret>>;

TEST_CASE("Another site needs every secret anew, before anything is sent") {
  Listening world;
  const auto account = world.connect(world.root);
  const auto change = [&](Changes changes) {
    return world.control->update_account(world.root, account.id,
                                         {.credentials = std::move(changes)});
  };
  const auto elsewhere = change({{"site", Secret("evil.example")}});
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().code == ErrorCode::invalid_argument);
  CHECK(elsewhere.error().message.contains("https://desk.example.com:443"));
  CHECK(elsewhere.error().message.contains("https://evil.example:443"));
  CHECK(elsewhere.error().hint.contains("key"));
  // Neither another port, nor a removed or empty secret, is a way around it.
  CHECK_FALSE(change({{"site", Secret("desk.example.com:8443")}}));
  CHECK_FALSE(change({{"site", Secret("evil.example")}, {"key", std::nullopt}}));
  CHECK_FALSE(change({{"site", Secret("evil.example")}, {"key", Secret("")}}));
  CHECK(world.heard == std::vector<std::string>{"https://desk.example.com:443"});
  CHECK(world.stored().credentials.bytes == account.credentials.bytes);

  // The same origin in another form, and a new one with all of its secrets, are fine.
  CHECK(change({{"site", Secret("DESK.example.com:443/login")}}));
  CHECK(change({{"site", Secret("new.example.com")}, {"key", Secret("another")}}));
  CHECK(world.heard.back() == "https://new.example.com:443");
}

TEST_CASE("A definition that sends elsewhere gets nothing, at a start or while it runs") {
  Listening world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto evil = catalog_with_base("https://{site}.evil.example/api");

  // While it runs, the old address goes on.
  const auto problems = world.control->set_catalog(evil);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].contains("https://desk.example.com.evil.example:443"));
  CHECK(world.find(minted.token)->account->origin() == "https://desk.example.com:443");
  AccountChange renamed;
  renamed.settings.emplace();
  CHECK_FALSE(world.control->update_account(world.root, account.id, renamed));

  world.start_again(evil);
  REQUIRE(world.problems.size() == 1);
  CHECK(world.problems[0].contains("https://desk.example.com:443"));
  CHECK_FALSE(world.find(minted.token));
  const auto probed = world.control->probe_account(world.root, account.id);
  CHECK(probed->status != "active");
  CHECK(world.heard.size() == 1);
  CHECK_FALSE(world.control->create_mcp_server(world.root, account.id, {.name = "x"}));

  // Entered again, they go there: somebody who knows them said so.
  CHECK(world.control->update_account(world.root, account.id,
                                      {.credentials = Changes{{"key", Secret("known")}}}));
}

TEST_CASE("A secret that a definition puts into the address is not told") {
  Listening world;
  world.connect(world.root);
  world.start_again(catalog_with_base("https://{key}.evil.example"));
  REQUIRE(world.problems.size() == 1);
  CHECK_FALSE(world.problems[0].contains("hunter2"));
}

TEST_CASE("Sealed credentials open for their account, integration and environment only") {
  Listening world;
  const auto one = world.connect(world.root);
  const auto evil_integration = [] {
    auto integration = testing::fake_integration();
    integration->name = "evil";
    integration->base_url = "https://evil.example";
    return catalog::ToolCatalog::generate(integration).value();
  };
  const auto other = world.control->create_environment(world.root, "Other").value();
  const auto try_row = [&](auto alter) {
    store::AccountRow row = one;
    row.version = world.repository->account(row.id).value()->version;
    alter(row);
    // Even with a valid code: the seal holds by itself.
    sign(*world.vault, row);
    REQUIRE(world.repository->update(row));
    world.begin();
    world.control->set_catalog(testing::fake_catalog());
    world.control->set_catalog(evil_integration());
    const auto problems = world.look_at_all();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].contains("do not open"));
    CHECK(world.control->probe_account(world.root, one.id)->status == "validation_error");
    store::AccountRow as_before = one;
    as_before.version = world.repository->account(one.id).value()->version;
    REQUIRE(world.repository->update(as_before));
  };
  try_row([](store::AccountRow& row) { row.integration = "evil"; });
  try_row([&](store::AccountRow& row) { row.environment_id = other.id; });
  CHECK(world.heard.size() == 1);
}

TEST_CASE("What an earlier version sealed for no origin is bound at the first start") {
  Listening world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  store::AccountRow old = account;
  old.credentials = world.vault->seal(Secret(R"({"site":"desk.example.com","key":"hunter2"})"),
                                      "integrated_account/" + account.id);
  sign(*world.vault, old);
  REQUIRE(world.repository->update(old));
  world.start_again();
  CHECK(world.problems.empty());
  CHECK(world.find(minted.token));
  CHECK(world.stored().credentials.bytes != old.credentials.bytes);
  CHECK_FALSE(world.vault->unseal(world.stored().credentials, "integrated_account/" + account.id));
  world.start_again(catalog_with_base("https://evil.example"));
  CHECK(world.problems.size() == 1);
}

}  // namespace
}  // namespace patchbay::control
