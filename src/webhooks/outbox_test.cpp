#include "webhooks/outbox.h"

#include <doctest/doctest.h>

#include "json/parse.h"
#include "store/repository.h"
#include "store/sqlite/open_sqlite.h"
#include "webhooks/message.h"
#include "webhooks/schedule.h"
#include "webhooks/signature.h"

namespace patchbay::webhooks {
namespace {

using namespace std::chrono_literals;
using Outcome = Attempt::Outcome;

constexpr WallTime kStart{std::chrono::milliseconds(1'790'000'000'000)};

// Webhooks as told, without control's rules.
struct FakeTargets : Targets {
  Result<Target> target(std::string_view webhook_id) override {
    if (refused.contains(webhook_id)) return fail(ErrorCode::conflict, "It is disabled.");
    return Target{.url = http::parse_url("https://a.example/x").value(),
                  .environment_id = environments.at(std::string(webhook_id)),
                  .secrets = {new_secret()}};
  }
  void gone(std::string_view webhook_id) override { left.emplace_back(webhook_id); }

  std::map<std::string, std::string, std::less<>> environments;
  std::map<std::string, bool, std::less<>> refused;
  std::vector<std::string> left;
};

struct Post {
  ManualClock clock{kStart};
  std::shared_ptr<const vault::Vault> vault =
      vault::Vault::open(vault::Vault::generate_key()).value();
  std::unique_ptr<store::Repository> repository = store::open_sqlite(":memory:").value();
  FakeTargets targets;
  Outbox outbox{repository->webhooks(), targets, *vault, clock};

  void add_environment(const std::string& id) {
    REQUIRE(repository->insert(
        store::EnvironmentRow{.id = id, .name = id, .created_at = kStart, .updated_at = kStart}));
  }
  void add_webhook(const std::string& id, const std::string& environment_id) {
    store::WebhookRow row{.id = id,
                          .environment_id = environment_id,
                          .url = {},
                          .description = {},
                          .events = 1,
                          .disabled_because = {},
                          .secret = {},
                          .previous = {},
                          .previous_until = {},
                          .created_by = {},
                          .created_at = kStart,
                          .updated_at = kStart};
    REQUIRE(repository->webhooks().insert(row));
    targets.environments[id] = environment_id;
  }
  std::string send_to(const std::string& id) {
    const store::DeliveryRow row = delivery_of(
        make_message(
            *vault,
            {.event = Event::test, .environment_id = targets.environments.at(id), .data = {}},
            clock.now()),
        id);
    REQUIRE(repository->webhooks().insert(row));
    return row.id;
  }
  store::DeliveryRow delivery(const std::string& id) {
    return repository->webhooks().delivery(id).value().value();
  }
  Outbox::Claimed claim(const Outbox::Loads& loads = {}) { return outbox.claim(loads).value(); }
  // How many of each webhook.
  static std::map<std::string, std::size_t> counts(const Outbox::Claimed& claimed) {
    std::map<std::string, std::size_t> all;
    for (const Parcel& parcel : claimed.parcels) ++all[parcel.row.webhook_id];
    return all;
  }
};
using Counts = std::map<std::string, std::size_t>;

TEST_CASE("What is claimed is nobody else's until its claim is over, and then somebody's") {
  Post post;
  post.add_environment("env_1");
  post.add_webhook("whk_1", "env_1");
  const std::string id = post.send_to("whk_1");
  auto claimed = post.claim();
  REQUIRE(claimed.parcels.size() == 1);
  CHECK(json::parse(claimed.parcels[0].payload.reveal()).value().string_or("type", "") ==
        kTestName);
  Outbox other(post.repository->webhooks(), post.targets, *post.vault, post.clock);
  CHECK(other.claim({}).value().parcels.empty());
  CHECK(other.claim({}).value().next == kStart + Outbox::kClaim);
  post.clock.advance(Outbox::kClaim);
  auto theirs = other.claim({}).value();
  REQUIRE(theirs.parcels.size() == 1);
  CHECK(theirs.parcels[0].row.message_id == claimed.parcels[0].row.message_id);
  // Who comes late changes nothing.
  REQUIRE(post.outbox.settle(
      claimed.parcels[0].row,
      {.outcome = Outcome::delivered, .at = post.clock.now(), .status = 200, .error = {}}));
  CHECK(post.delivery(id).state == "pending");
  REQUIRE(other.settle(
      theirs.parcels[0].row,
      {.outcome = Outcome::delivered, .at = post.clock.now(), .status = 200, .error = {}}));
  CHECK(post.delivery(id).state == "delivered");
}

TEST_CASE("What fails is tried again under the same id, and given up after the last time") {
  Post post;
  post.add_environment("env_1");
  post.add_webhook("whk_1", "env_1");
  const std::string id = post.send_to("whk_1");
  const std::string message = post.delivery(id).message_id;
  for (std::int64_t tries = 1; tries <= kMostTries; ++tries) {
    auto claimed = post.claim();
    REQUIRE(claimed.parcels.size() == 1);
    CHECK(claimed.parcels[0].row.message_id == message);
    REQUIRE(post.outbox.settle(claimed.parcels[0].row, {.outcome = Outcome::refused,
                                                        .at = post.clock.now(),
                                                        .took = 12ms,
                                                        .status = 500,
                                                        .error = "It answered 500."}));
    const store::DeliveryRow row = post.delivery(id);
    CHECK(row.tries == tries);
    CHECK(post.claim().parcels.empty());
    if (tries < kMostTries) {
      CHECK(row.state == "pending");
      post.clock.advance(row.due_at - post.clock.now());
    }
  }
  const store::DeliveryRow row = post.delivery(id);
  CHECK(row.state == "given_up");
  const json::Value attempts = json::parse(row.attempts).value();
  REQUIRE(attempts.if_array()->size() == static_cast<std::size_t>(kMostTries));
  CHECK(attempts.if_array()->back().int64_or("status", 0) == 500);
  CHECK(attempts.if_array()->back().int64_or("duration_ms", 0) == 12);
  CHECK(attempts.if_array()->back().string_or("error", "") == "It answered 500.");
  CHECK(post.clock.now() - kStart < 29h);
}

TEST_CASE("A receiver that wants nothing more is left, and what waits for it is given up") {
  Post post;
  post.add_environment("env_1");
  post.add_webhook("whk_1", "env_1");
  const std::string first = post.send_to("whk_1");
  auto claimed = post.claim();
  REQUIRE(post.outbox.settle(
      claimed.parcels.at(0).row,
      {.outcome = Outcome::gone, .at = post.clock.now(), .status = 410, .error = "gone"}));
  CHECK(post.targets.left == std::vector<std::string>{"whk_1"});
  CHECK(post.delivery(first).state == "given_up");
  post.targets.refused["whk_1"] = true;
  const std::string second = post.send_to("whk_1");
  CHECK(post.claim().parcels.empty());
  const store::DeliveryRow row = post.delivery(second);
  CHECK(row.state == "given_up");
  CHECK(row.attempts.contains("It is disabled."));
}

TEST_CASE("One webhook has so many on their way, one of them while its receiver hangs") {
  Post post;
  post.add_environment("env_1");
  post.add_webhook("whk_1", "env_1");
  post.add_webhook("whk_2", "env_1");
  for (int i = 0; i < 9; ++i) post.send_to("whk_1");
  post.send_to("whk_2");
  const auto claimed = post.claim();
  CHECK(Post::counts(claimed) == Counts{{"whk_1", 4}, {"whk_2", 1}});
  Outbox::Loads loads{{"whk_1", {.on_their_way = 4}}};
  CHECK(post.claim(loads).parcels.empty());
  loads["whk_1"] = {.on_their_way = 1, .hangs = true};
  CHECK(post.claim(loads).parcels.empty());
  loads["whk_1"] = {.on_their_way = 0, .hangs = true};
  CHECK(post.claim(loads).parcels.size() == 1);
}

TEST_CASE("An environment whose receivers all hang leaves room for others") {
  Post post;
  post.add_environment("env_1");
  post.add_environment("env_2");
  for (int i = 10; i < 30; ++i) {
    post.add_webhook("whk_a" + std::to_string(i), "env_1");
    for (int n = 0; n < 5; ++n) post.send_to("whk_a" + std::to_string(i));
  }
  post.add_webhook("whk_z", "env_2");
  const auto first = post.claim();
  CHECK(first.parcels.size() == Outbox::kAtOnce / 2);
  Outbox::Loads loads;
  for (const auto& [id, count] : Post::counts(first)) loads[id] = {.on_their_way = count};
  post.send_to("whk_z");
  CHECK(Post::counts(post.claim(loads)) == Counts{{"whk_z", 1}});
}

TEST_CASE("A message that somebody altered, or moved to another webhook, is not sent") {
  Post post;
  post.add_environment("env_1");
  post.add_environment("env_2");
  post.add_webhook("whk_1", "env_1");
  post.add_webhook("whk_2", "env_2");
  store::DeliveryRow moved = post.delivery(post.send_to("whk_1"));
  moved.webhook_id = "whk_2";
  moved.id = store::delivery_id("whk_2", moved.message_id);
  REQUIRE(post.repository->webhooks().insert(moved));
  const auto claimed = post.claim();
  CHECK(Post::counts(claimed) == Counts{{"whk_1", 1}});
  CHECK(post.delivery(moved.id).state == "given_up");
}

TEST_CASE("What a process left is sent by the next one at once, and what is old goes") {
  Post post;
  post.add_environment("env_1");
  post.add_webhook("whk_1", "env_1");
  const std::string id = post.send_to("whk_1");
  CHECK(post.claim().parcels.size() == 1);
  Outbox next(post.repository->webhooks(), post.targets, *post.vault, post.clock);
  REQUIRE(next.release());
  auto claimed = next.claim({}).value();
  REQUIRE(claimed.parcels.size() == 1);
  REQUIRE(next.settle(claimed.parcels[0].row,
                      {.outcome = Outcome::delivered, .at = kStart, .status = 204, .error = {}}));
  post.clock.advance(Outbox::kKept);
  REQUIRE(next.tidy());
  CHECK_FALSE(post.repository->webhooks().delivery(id).value());
}

}  // namespace
}  // namespace patchbay::webhooks
