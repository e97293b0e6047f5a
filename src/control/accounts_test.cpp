#include <doctest/doctest.h>

#include "control/store_faults.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using testing::World;

std::unexpected<Error> refuse(ErrorCode code, std::string message = "The upstream said no.") {
  return fail(code, std::move(message), "Check the key.");
}

TEST_CASE("An account is probed before it is created") {
  World world;
  const auto account = world.connect(world.root);
  CHECK(world.probes == 1);
  CHECK(account.status == "active");
  CHECK(account.integration == "desk");
  CHECK(account.created_by == world.root.token_id);
  CHECK(world.control->credential_names(account) == std::vector<std::string>{"key", "site"});
}

TEST_CASE("What was put right in credentials is told of the account that has them") {
  World world;
  auto pasted = world.new_account();
  pasted.credentials["site"] = Secret("desk.example.com/sign/in?session=4711");
  const auto account = world.control->create_account(world.root, std::move(pasted));
  REQUIRE(account);
  CHECK(world.control->notices(*account) ==
        std::vector<std::string>{"site (site) was put right: it is desk.example.com."});
  CHECK(world.control->notices(world.connect(world.root)).empty());
  CHECK(world.control->notices({}).empty());
}

TEST_CASE("A probe that fails creates nothing, and says why with advice") {
  World world;
  for (const ErrorCode code : {ErrorCode::unauthenticated, ErrorCode::permission_denied,
                               ErrorCode::unavailable, ErrorCode::upstream}) {
    world.probe = [&](const upstream::Account&) { return refuse(code); };
    const auto made = world.control->create_account(world.root, world.new_account());
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ErrorCode::invalid_argument);  // never 401: that is our own token
    CHECK(made.error().message.find("The upstream said no.") != std::string::npos);
    CHECK(made.error().hint == "Check the key.");
  }
  CHECK(world.control->accounts(world.root)->empty());
  CHECK(testing::all<store::AccountRow>(*world.repository).empty());
}

TEST_CASE("Who has too many accounts proved at a time is refused, and that is told") {
  World world;
  std::size_t most = 0;
  std::string refused;
  // Each waits for the one that begins while it is proved, as for an upstream that hangs.
  world.probe = [&](const upstream::Account&) {
    most = std::max(most, world.control->probing());
    auto next = world.control->create_account(world.root, world.new_account("Next"));
    if (!next && next.error().code == ErrorCode::rate_limited) refused = next.error().message;
    return Result<>();
  };
  const auto account = world.connect(world.root);
  CHECK(refused.starts_with("Several connections are being proved"));
  CHECK(most == 8);  // of 16 half are left for others
  CHECK(world.control->probing() == 0);
  REQUIRE(world.limits.size() == 1);
  CHECK(world.limits.front() == account.environment_id + ": probes");
}

TEST_CASE("What cannot be an account is refused before anything is sent") {
  World world;
  const auto refused = [&](auto change) {
    NewAccount account = world.new_account();
    change(account);
    const auto made = world.control->create_account(world.root, std::move(account));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ErrorCode::invalid_argument);
    return made.error().message + " " + made.error().hint;
  };
  CHECK(refused([](auto& a) { a.integration = "dexk"; }).find("desk") != std::string::npos);
  CHECK(refused([](auto& a) { a.credentials.erase("key"); }).find("key") != std::string::npos);
  CHECK(refused([](auto& a) { a.credentials["kee"] = Secret("x"); }).find("kee") !=
        std::string::npos);
  CHECK(refused([](auto& a) {
          a.credentials["key"] = Secret(std::string(16'385, 'x'));
        }).find("16,384") != std::string::npos);
  // A default may not take the place of what was meant.
  for (const char* blank : {"", " ", "\t"}) {
    CHECK(refused([&](auto& a) {
            a.credentials["site"] = Secret(blank);
          }).starts_with("credentials.site is empty."));
  }
  refused([](auto& a) { a.settings.time_zone = "Europe/Nowhere"; });
  refused([](auto& a) { a.name = std::string(201, 'x'); });
  refused([](auto& a) { a.tenant_id = "a\nb"; });
  CHECK(world.probes == 0);
}

TEST_CASE("Credentials lie sealed in the store, each for its own account") {
  World world;
  const auto one = world.connect(world.root);
  const auto other = world.connect(world.root);
  CHECK(one.credentials.bytes.find("hunter2") == std::string::npos);
  // Moved to another row, they do not open.
  store::AccountRow moved = testing::all<store::AccountRow>(*world.repository)[0];
  moved.credentials = other.id == moved.id ? one.credentials : other.credentials;
  REQUIRE(world.repository->update(moved));
  const auto problems = world.start_again();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find(moved.id) != std::string::npos);
}

TEST_CASE("New credentials are merged, proved, and used by running servers at once") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto before = world.find(minted.token)->account;
  // Another site comes with its secrets (origin_test.cpp).
  const auto patched = world.control->update_account(
      world.root, account.id,
      {.credentials = {{{"site", Secret("other.example.com")}, {"key", Secret("another")}}}});
  REQUIRE(patched);
  CHECK(world.probes == 2);
  const auto after = world.find(minted.token)->account;
  CHECK(after != before);
  CHECK(after->base_url().origin.host == "other.example.com");
  CHECK(world.control->credential_names(*patched).size() == 2);
}

TEST_CASE("Credentials that do not prove themselves change nothing") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto before = world.find(minted.token)->account;
  world.probe = [](const upstream::Account&) { return refuse(ErrorCode::unauthenticated); };
  const auto patched = world.control->update_account(
      world.root, account.id, {.name = "New", .credentials = {{{"key", Secret("wrong")}}}});
  REQUIRE_FALSE(patched);
  CHECK(patched.error().code == ErrorCode::invalid_argument);
  CHECK(world.find(minted.token)->account == before);
  CHECK(world.control->account(world.root, account.id)->name == "Acme");
  CHECK(world.control->account(world.root, account.id)->status == "active");
}

TEST_CASE("Name, tenant and settings change without a probe") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto change = [&](AccountChange wanted) {
    return world.control->update_account(world.root, account.id, std::move(wanted));
  };
  REQUIRE(change({.name = "New", .tenant_id = "t-1", .settings = {{"Europe/London"}}}));
  const auto row = world.control->account(world.root, account.id).value();
  CHECK(row.name == "New");
  CHECK(row.tenant_id == "t-1");
  CHECK(row.settings == json::Object{{"time_zone", "Europe/London"}});
  CHECK(world.find(minted.token)->account->time_zone().name() == "Europe/London");
  REQUIRE(change({.tenant_id = "", .settings = AccountChange::Settings{}}));
  CHECK(world.control->account(world.root, account.id)->tenant_id.empty());
  CHECK(world.find(minted.token)->account->time_zone().name() == "Europe/London");
  REQUIRE(change({.settings = {{Clear{}}}}));
  CHECK(world.find(minted.token)->account->time_zone().name() == TimeZone::utc().name());
  CHECK(world.control->account(world.root, account.id)->settings == json::Object{});
  CHECK(world.probes == 1);
}

TEST_CASE("Credentials that cannot be are refused before anything is sent") {
  World world;
  const auto account = world.connect(world.root);
  const auto refused = [&](std::string name, std::optional<Secret> value) {
    const auto changed = world.control->update_account(
        world.root, account.id, {.credentials = {{{std::move(name), std::move(value)}}}});
    REQUIRE_FALSE(changed);
    CHECK(changed.error().code == ErrorCode::invalid_argument);
    return changed.error().message;
  };
  CHECK(refused("key", std::nullopt).find("key") != std::string::npos);
  CHECK(refused("kee", Secret("x")).find("kee") != std::string::npos);
  CHECK(refused("key", Secret(std::string(16'385, 'x'))).find("16,384") != std::string::npos);
  CHECK(world.probes == 1);
}

TEST_CASE("A refused account needs new credentials until a probe succeeds") {
  World world;
  const auto account = world.connect(world.root);
  const auto status = [&] { return world.control->account(world.root, account.id)->status; };
  world.control->mark_needs_reauth(account.id, "401 from the upstream");
  CHECK(status() == "needs_reauth");
  CHECK(world.control->account(world.root, account.id)->last_error == "401 from the upstream");
  CHECK(testing::all<store::AccountRow>(*world.repository)[0].status == "needs_reauth");
  world.control->mark_needs_reauth(account.id, "again");  // known already
  CHECK(world.control->account(world.root, account.id)->last_error == "401 from the upstream");
  world.control->mark_needs_reauth("acc_unknown", "x");

  const auto probed = world.control->probe_account(world.root, account.id).value();
  CHECK(probed.status == "active");
  CHECK(probed.last_error.empty());
}

TEST_CASE("A probe records what it found") {
  World world;
  const auto account = world.connect(world.root);
  const auto probe = [&](ErrorCode code) {
    world.probe = [code](const upstream::Account&) { return refuse(code); };
    return world.control->probe_account(world.root, account.id).value();
  };
  CHECK(probe(ErrorCode::unavailable).status == "active");  // says nothing about the credentials
  CHECK(probe(ErrorCode::unavailable).last_error == "The upstream said no.");
  CHECK(probe(ErrorCode::unauthenticated).status == "needs_reauth");
  CHECK(probe(ErrorCode::invalid_argument).status == "validation_error");
  CHECK(world.control->probe_account(world.root, "acc_x").error().code == ErrorCode::not_found);
}

TEST_CASE("Of two changes at the same time the second is told, not lost") {
  World world;
  const auto account = world.connect(world.root);
  bool first_probe = true;
  world.probe = [&](const upstream::Account&) -> Result<> {
    if (!std::exchange(first_probe, false)) return {};
    // While the first is being proved, another one is made.
    REQUIRE(world.control->update_account(world.root, account.id,
                                          {.credentials = {{{"key", Secret("second")}}}}));
    return {};
  };
  const auto first = world.control->update_account(world.root, account.id,
                                                   {.credentials = {{{"key", Secret("first")}}}});
  REQUIRE_FALSE(first);
  CHECK(first.error().code == ErrorCode::conflict);
}

TEST_CASE("Hanging upstreams take neither all threads nor other environments' turns") {
  World world;
  const auto account = world.connect(world.root);
  const auto other = world.control->create_environment(world.root, "Other").value();
  auto theirs = world.new_account();
  theirs.environment_id = other.id;
  const auto elsewhere = world.control->create_account(world.root, std::move(theirs)).value();
  std::optional<Error> refused_elsewhere;
  int depth = 0;
  std::optional<Error> refused;
  world.probe = [&](const upstream::Account&) -> Result<> {
    if (refused) return {};
    ++depth;
    const auto inner = world.control->probe_account(world.root, account.id);
    if (inner || refused) return {};
    refused = inner.error();
    // All of theirs hang now: that is nobody else's matter.
    const auto proved = world.control->probe_account(world.root, elsewhere.id);
    if (!proved) refused_elsewhere = proved.error();
    return {};
  };
  CHECK(world.control->probe_account(world.root, account.id));
  CHECK(depth == 8);  // half of those that there are
  CHECK_FALSE(refused_elsewhere);
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::rate_limited);
  CHECK(world.control->account(world.root, account.id)->last_error.empty());
}

TEST_CASE("Accounts are found by the caller's own id of the customer") {
  World world;
  NewAccount with_tenant = world.new_account();
  with_tenant.tenant_id = "customer-7";
  const auto account = world.control->create_account(world.root, std::move(with_tenant)).value();
  world.connect(world.root);
  const auto found = world.control->accounts(world.root, {.tenant_id = "customer-7"}).value();
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == account.id);
  CHECK(world.control->accounts(world.root, {.tenant_id = "other"})->empty());
  CHECK(world.control->accounts(world.root, {.integration = "desk"})->size() == 2);
}

TEST_CASE("An account with very many servers is gone at once, and the timer takes its rows") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  for (int i = 0; i < 500; ++i) world.mint(world.root, account.id);
  int told = 0;
  world.control->on_expiry_changed([&] { ++told; });
  REQUIRE(world.control->delete_account(world.root, account.id));
  CHECK(told == 1);
  CHECK(world.repository->mcp_server(minted.row.id)->has_value());
  CHECK_FALSE(world.find(minted.token));
  CHECK(world.control->accounts(world.root, {}, Page())->empty());
  CHECK(world.control->mcp_server(world.root, account.id, minted.row.id).error().code ==
        ErrorCode::not_found);
  CHECK(store_faults(*world.repository, world.vault)->count == 0);

  // After a crash as well, before any of them was deleted.
  const auto problems = world.start_again();
  CHECK(problems.empty());
  CHECK_FALSE(world.find(minted.token));
  int rounds = 0;
  while (world.control->expire() == world.clock.now()) ++rounds;
  CHECK(rounds >= 1);
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
  CHECK(testing::all<store::AccountRow>(*world.repository).empty());
}

}  // namespace
}  // namespace patchbay::control
