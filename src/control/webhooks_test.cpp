// Who is told of what, where it may go, and what somebody who alters the database gains.
#include "control/webhooks.h"

#include <array>

#include <doctest/doctest.h>

#include "control/approvals.h"
#include "control/test_world.h"
#include "json/parse.h"
#include "webhooks/event.h"
#include "webhooks/message.h"

namespace patchbay::control {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::World;
using webhooks::bit_of;
using webhooks::Event;

constexpr std::int64_t kAll = bit_of(Event::server_created) | bit_of(Event::server_expiring) |
                              bit_of(Event::server_expired) | bit_of(Event::account_needs_reauth) |
                              bit_of(Event::approval_wanted) | bit_of(Event::quota_reached) |
                              bit_of(Event::server_needs_reauth);

struct Desk {
  World world;
  Principal tenant = world.tenant("acme");
  store::AccountRow account = world.connect(tenant);

  Webhooks& hooks() { return world.control->webhooks(); }
  store::WebhookRows& rows() { return world.repository->webhooks(); }
  MintedWebhook add(std::int64_t events = kAll) {
    auto made = hooks().create(tenant, {.environment_id = {},
                                        .url = "https://hooks.example.com/patchbay",
                                        .description = "Ours",
                                        .events = events});
    REQUIRE_MESSAGE(made.has_value(), made.error().message);
    return std::move(*made);
  }
  // What waits for it, the oldest first: "event id-of-its-subject".
  std::vector<std::string> told(const store::WebhookRow& row) {
    std::vector<std::string> said;
    auto all = rows().deliveries(row.id, "", {.limit = 100, .after = {}}).value();
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
      const auto payload = webhooks::open_payload(*world.vault, *one, row.environment_id).value();
      const json::Value message = json::parse(payload.reveal()).value();
      const json::Value* const data = message.find("data");
      CHECK(message.string_or("type", "") == one->event);
      CHECK(data->string_or("environment_id", "") == row.environment_id);
      std::string subject(data->string_or("mcp_server_id", ""));
      if (data->find("approval_id") != nullptr) subject = data->string_or("approval_id", "");
      if (subject.empty()) subject = data->string_or("integrated_account_id", "");
      said.push_back(one->event + " " + subject);
    }
    return said;
  }
};
using Told = std::vector<std::string>;

ErrorCode code_of(const auto& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

TEST_CASE("A secret is told once, lies sealed, and signs") {
  Desk desk;
  const MintedWebhook made = desk.add();
  CHECK(made.secret.reveal().starts_with("whsec_"));
  CHECK_FALSE(made.row.secret.bytes.contains(made.secret.reveal()));
  const auto target = desk.hooks().target(made.row.id).value();
  REQUIRE(target.secrets.size() == 1);
  CHECK(target.secrets[0].reveal() == made.secret.reveal());
  CHECK(target.url.origin.host == "hooks.example.com");
  CHECK(target.environment_id == made.row.environment_id);
}

TEST_CASE("After a rotation both secrets sign, the new one first, until the overlap is over") {
  Desk desk;
  const MintedWebhook made = desk.add();
  const auto next = desk.hooks().rotate(desk.tenant, made.row.id, hours(1)).value();
  auto secrets = desk.hooks().target(made.row.id).value().secrets;
  REQUIRE(secrets.size() == 2);
  CHECK(secrets[0].reveal() == next.secret.reveal());
  CHECK(secrets[1].reveal() == made.secret.reveal());
  desk.world.clock.advance(hours(1));
  CHECK(desk.hooks().target(made.row.id).value().secrets.size() == 1);
  // Without one the old secret ends at once.
  const auto last = desk.hooks().rotate(desk.tenant, made.row.id, seconds(0)).value();
  secrets = desk.hooks().target(made.row.id).value().secrets;
  REQUIRE(secrets.size() == 1);
  CHECK(secrets[0].reveal() == last.secret.reveal());
}

TEST_CASE("Each change is told to those of its environment that want to hear of it") {
  Desk desk;
  const MintedWebhook all = desk.add();
  const MintedWebhook some = desk.add(bit_of(Event::account_needs_reauth));
  const Principal stranger = desk.world.tenant("other");
  const auto theirs = desk.hooks()
                          .create(stranger, {.environment_id = {},
                                             .url = "https://else.example.com",
                                             .description = {},
                                             .events = kAll})
                          .value();
  const auto minted = desk.world.mint(desk.tenant, desk.account.id);
  desk.world.clock.advance(seconds(1));
  desk.world.control->mark_needs_reauth(desk.account.id, "refused");
  desk.world.control->mark_needs_reauth(desk.account.id, "refused");
  desk.world.clock.advance(seconds(1));
  const auto asked =
      desk.world.control->approvals().ask({.environment_id = desk.account.environment_id,
                                           .account_id = desk.account.id,
                                           .server_id = minted.row.id,
                                           .tool = "t",
                                           .digest = "d",
                                           .content = json::Object{},
                                           .lifetime = hours(1)});
  REQUIRE(asked);
  CHECK(desk.told(all.row) == Told{"mcp_server.created " + minted.row.id,
                                   "integrated_account.needs_reauth " + desk.account.id,
                                   "approval.wanted " + asked->row.id});
  CHECK(desk.told(some.row) == Told{"integrated_account.needs_reauth " + desk.account.id});
  CHECK(desk.told(theirs.row).empty());
}

TEST_CASE("An account that a probe finds refused is told of, and one that was so before is not") {
  Desk desk;
  const MintedWebhook made = desk.add(bit_of(Event::account_needs_reauth));
  desk.world.probe = [](const upstream::Account&) {
    return Result<>(fail(ErrorCode::unauthenticated, "no"));
  };
  REQUIRE(desk.world.control->probe_account(desk.tenant, desk.account.id));
  REQUIRE(desk.world.control->probe_account(desk.tenant, desk.account.id));
  CHECK(desk.told(made.row) == Told{"integrated_account.needs_reauth " + desk.account.id});
}

TEST_CASE("Of an MCP server's end is told in advance, once, and when it has come") {
  Desk desk;
  desk.world.control->set_expiry_notice(hours(1));
  const MintedWebhook made =
      desk.add(bit_of(Event::server_expiring) | bit_of(Event::server_expired));
  const auto minted =
      desk.world.mint(desk.tenant, desk.account.id, {}, desk.world.clock.now() + hours(3));
  const auto next = desk.world.control->expire();
  CHECK(next == desk.world.clock.now() + hours(2));
  CHECK(desk.told(made.row).empty());
  desk.world.clock.advance(hours(2));
  desk.world.control->expire();
  desk.world.control->expire();
  const std::string soon = "mcp_server.expiring " + minted.row.id;
  CHECK(desk.told(made.row) == Told{soon});
  // Put off: it is told again, of the new time.
  REQUIRE(desk.world.control->update_mcp_server(
      desk.tenant, desk.account.id, minted.row.id,
      {.name = {}, .config = {}, .expires_at = desk.world.clock.now() + minutes(90)}));
  desk.world.control->expire();
  CHECK(desk.told(made.row).size() == 1);
  desk.world.clock.advance(minutes(30));
  desk.world.control->expire();
  CHECK(desk.told(made.row) == Told{soon, soon});
  desk.world.clock.advance(hours(1));
  desk.world.control->expire();
  CHECK(desk.told(made.row) == Told{soon, soon, "mcp_server.expired " + minted.row.id});
}

TEST_CASE("What expired while nobody was there is told of by the next start") {
  Desk desk;
  const MintedWebhook made = desk.add(bit_of(Event::server_expired));
  const auto minted =
      desk.world.mint(desk.tenant, desk.account.id, {}, desk.world.clock.now() + hours(3));
  desk.world.clock.advance(hours(4));
  desk.world.start_again();
  CHECK(desk.told(made.row) == Told{"mcp_server.expired " + minted.row.id});
}

TEST_CASE("Whoever takes the last of a quota has it told, once in its period") {
  Desk desk;
  const MintedWebhook made = desk.add(bit_of(Event::quota_reached));
  const auto minted =
      desk.world.mint(desk.tenant, desk.account.id,
                      json::parse(R"({"quota":{"calls_per_day":3,"calls_per_minute":2}})").value());
  const auto live = desk.world.find(minted.token);
  const auto take = [&] {
    REQUIRE(desk.world.control->take_quota(*live, QuotaMeter::What::call));
    static_cast<void>(live->quota->count(QuotaMeter::What::call, desk.world.clock.now()));
  };
  const std::string said = "quota.reached " + minted.row.id;
  for (int i = 0; i < 2; ++i) take();
  CHECK(desk.told(made.row) == Told{said});  // of the minute
  desk.world.clock.advance(minutes(1));
  for (int i = 0; i < 3; ++i) take();
  CHECK(desk.told(made.row) == Told{said, said});  // of the day; of minutes once in an hour
}

TEST_CASE("Another environment's webhook does not exist") {
  Desk desk;
  const MintedWebhook made = desk.add();
  const Principal stranger = desk.world.tenant("other");
  const std::string& id = made.row.id;
  CHECK(desk.hooks().list(stranger, {}).value().empty());
  CHECK(desk.hooks().list(desk.world.root, {}).value().size() == 1);
  CHECK(code_of(desk.hooks().webhook(stranger, id)) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().update(stranger, id, {})) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().remove(stranger, id)) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().rotate(stranger, id, {})) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().test(stranger, id)) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().deliveries(stranger, id, "", {})) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().send_again(stranger, id, "msg_1")) == ErrorCode::not_found);
  CHECK(code_of(desk.hooks().create(stranger, {.environment_id = made.row.environment_id,
                                               .url = "https://a.example",
                                               .description = {},
                                               .events = kAll})) == ErrorCode::not_found);
}

TEST_CASE("A webhook names one event, and a URL as an account's site may be") {
  Desk desk;
  const auto refused = [&](std::string url, std::int64_t events = kAll) {
    return code_of(desk.hooks().create(desk.tenant, {.environment_id = {},
                                                     .url = std::move(url),
                                                     .description = {},
                                                     .events = events})) ==
           ErrorCode::invalid_argument;
  };
  CHECK(refused("https://hooks.example.com", 0));
  CHECK(refused("http://hooks.example.com"));
  CHECK(refused("http://127.0.0.1:8080"));
  CHECK(refused("https://me:secret@hooks.example.com"));
  CHECK(refused("ftp://hooks.example.com"));
  CHECK(refused("https://"));
  CHECK(refused(""));
  CHECK(refused("https://hooks.example.com/" + std::string(3000, 'a')));
  desk.hooks().set_reach({.private_addresses = false, .loopback = true});
  CHECK(refused("http://hooks.example.com"));
  CHECK(refused("http://127.0.0.1.example.com"));
  const auto made = desk.hooks().create(desk.tenant, {.environment_id = {},
                                                      .url = "http://127.0.0.1:8080/a?b=c",
                                                      .description = {},
                                                      .events = kAll});
  REQUIRE(made);
  // What was allowed and is not any more is told nothing.
  desk.hooks().set_reach({});
  CHECK(code_of(desk.hooks().target(made->row.id)) == ErrorCode::conflict);
}

TEST_CASE("An environment has so many webhooks and no more") {
  Desk desk;
  for (std::int64_t i = 0; i < Webhooks::kMostOfEnvironment; ++i) desk.add();
  CHECK(code_of(desk.hooks().create(desk.tenant, {.environment_id = {},
                                                  .url = "https://a.example",
                                                  .description = {},
                                                  .events = kAll})) == ErrorCode::conflict);
}

TEST_CASE("One that answered 410 is disabled, and can be enabled again") {
  Desk desk;
  const MintedWebhook made = desk.add();
  desk.hooks().gone(made.row.id);
  const auto row = desk.hooks().webhook(desk.tenant, made.row.id).value();
  CHECK_FALSE(row.enabled);
  CHECK(row.disabled_because == "gone");
  CHECK(code_of(desk.hooks().target(made.row.id)) == ErrorCode::conflict);
  CHECK(code_of(desk.hooks().test(desk.tenant, made.row.id)) == ErrorCode::conflict);
  desk.world.mint(desk.tenant, desk.account.id);
  CHECK(desk.told(row).empty());
  REQUIRE(desk.hooks().update(desk.tenant, made.row.id,
                              {.url = {}, .description = {}, .events = {}, .enabled = true}));
  CHECK(desk.hooks().webhook(desk.tenant, made.row.id).value().disabled_because.empty());
  CHECK(desk.hooks().target(made.row.id));
}

TEST_CASE("A row that somebody altered in the database is told nothing, and told of") {
  Desk desk;
  const MintedWebhook made = desk.add();
  const auto altered = [&](auto change) {
    store::WebhookRow row = desk.rows().webhook(made.row.id).value().value();
    const store::WebhookRow before = row;
    change(row);
    REQUIRE(desk.rows().update(row));
    CHECK(code_of(desk.hooks().target(made.row.id)) == ErrorCode::conflict);
    CHECK(code_of(desk.hooks().webhook(desk.tenant, made.row.id)) == ErrorCode::not_found);
    CHECK(desk.hooks().list(desk.tenant, {}).value().empty());
    desk.world.reported.clear();
    REQUIRE(desk.hooks().look_over({}));
    CHECK(desk.world.reported.size() == 1);
    store::WebhookRow again = before;
    again.version = row.version;
    REQUIRE(desk.rows().update(again));
    CHECK(desk.hooks().target(made.row.id));
  };
  altered([](store::WebhookRow& row) { row.url = "https://thief.example"; });
  altered([](store::WebhookRow& row) { row.events = 1; });
  altered([](store::WebhookRow& row) { row.enabled = false; });
  altered([](store::WebhookRow& row) { row.previous_until = testing::kStart + hours(9); });
  const Principal stranger = desk.world.tenant("other");
  altered([&](store::WebhookRow& row) { row.environment_id = stranger.environment_id; });
}

TEST_CASE("What was delivered can be sent again, what is on its way cannot") {
  Desk desk;
  const MintedWebhook made = desk.add();
  const auto sent = desk.hooks().test(desk.tenant, made.row.id).value();
  CHECK(sent.event == webhooks::kTestName);
  CHECK(code_of(desk.hooks().send_again(desk.tenant, made.row.id, sent.message_id)) ==
        ErrorCode::conflict);
  store::DeliveryRow row = desk.rows().delivery(sent.id).value().value();
  REQUIRE(desk.rows().claim(row, "node", row.due_at + hours(1)).value());
  row.state = "delivered";
  REQUIRE(desk.rows().finish(row).value());
  const auto again = desk.hooks().send_again(desk.tenant, made.row.id, sent.message_id).value();
  CHECK(again.state == "pending");
  CHECK(again.message_id == sent.message_id);
  CHECK(code_of(desk.hooks().send_again(desk.tenant, made.row.id, "msg_none")) ==
        ErrorCode::not_found);
}

TEST_CASE("What a previous master key sealed opens, and is sealed again") {
  const Secret old_key(std::string(64, 'a'));
  const Secret new_key(std::string(64, 'b'));
  const Secret pepper(std::string(32, 'p'));
  const std::array previous{old_key};
  World world;
  world.vault = vault::Vault::open(old_key).value()->with_pepper(pepper).value();
  ManualClock clock(testing::kStart);
  const auto hooks_by = [&](const std::shared_ptr<const vault::Vault>& vault) {
    return std::make_unique<Webhooks>(*world.control, world.repository->webhooks(), *vault, clock,
                                      nullptr);
  };
  const auto made = hooks_by(world.vault)
                        ->create(world.root, {.environment_id = {},
                                              .url = "https://hooks.example.com",
                                              .description = {},
                                              .events = kAll})
                        .value();
  const auto only_new = vault::Vault::open(new_key).value()->with_pepper(pepper).value();
  const auto both = vault::Vault::open(new_key, previous).value()->with_pepper(pepper).value();
  CHECK_FALSE(opens(*only_new, made.row));
  CHECK(code_of(hooks_by(only_new)->target(made.row.id)) == ErrorCode::conflict);
  REQUIRE(hooks_by(both)->look_over({}));
  const auto now = world.repository->webhooks().webhook(made.row.id).value().value();
  CHECK(opens(*only_new, now));
  CHECK(hooks_by(only_new)->target(made.row.id).value().secrets[0].reveal() ==
        made.secret.reveal());
}

}  // namespace
}  // namespace patchbay::control
