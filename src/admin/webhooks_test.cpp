// Webhooks over the API; each answer is checked against the document.
#include "control/webhooks.h"

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

constexpr std::string_view kNew =
    R"({"url":"https://hooks.example.com/x","events":["mcp_server.created","quota.reached"],)"
    R"("description":"Ours"})";

TEST_CASE("A webhook is made, shown, changed and removed; its secret is told once") {
  Door door;
  const Answer made = door.post("/webhook", std::string(kNew));
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(made["secret"].starts_with("whsec_"));
  const std::string path = "/webhook/" + std::string(made["id"]);
  const Answer shown = door.get(path);
  CHECK(shown["url"] == "https://hooks.example.com/x");
  CHECK(shown.body.find("events")->if_array()->size() == 2);
  CHECK(shown.body.find("secret") == nullptr);
  CHECK(door.get("/webhook").size() == 1);
  const Answer changed =
      door.patch(path, R"({"enabled":false,"events":["approval.wanted"],"description":null})");
  CHECK(changed.status == 200);
  CHECK_FALSE(changed.body.bool_or("enabled", true));
  CHECK(changed["description"].empty());
  const Answer rotated = door.post(path + "/rotate", "");
  CHECK(rotated.status == 200);
  CHECK(rotated["secret"] != made["secret"]);
  CHECK_FALSE(rotated["previous_secret_until"].empty());
  CHECK(door.post(path + "/rotate", R"({"overlap_seconds":0})")
            .body.find("previous_secret_until")
            ->is_null());
  CHECK(door.remove(path)["id"] == made["id"]);
  CHECK(door.get(path).status == 404);
}

TEST_CASE("What is no webhook is refused, and why is said") {
  Door door;
  const auto refused = [&](std::string body, std::string_view what) {
    const Answer answer = door.post("/webhook", std::move(body));
    CHECK(answer.status == 400);
    CHECK_MESSAGE(answer["message"].contains(what), answer.text);
  };
  refused(R"({"events":["approval.wanted"]})", "url");
  refused(R"({"url":"https://a.example"})", "events");
  refused(R"({"url":"https://a.example","events":[]})", "events");
  refused(R"({"url":"https://a.example","events":["approval.wanted",7]})", "events");
  refused(R"({"url":"https://a.example","events":["webhook.test"]})", "events");
  refused(R"({"url":"https://a.example","events":["approval.wanted"],"enabled":1})", "enabled");
  refused(R"({"url":"https://a.example","events":["approval.wanted"],"secret":"x"})", "secret");
  refused(R"({"url":"http://a.example","events":["approval.wanted"]})", "https");
  refused(R"({"url":"http://127.0.0.1:9","events":["approval.wanted"]})", "https");
  refused(R"({"url":"https://a.example","events":["approval.wanted"],"environment_id":""})",
          "environment_id");
  CHECK(door.get("/webhook").size() == 0);
}

TEST_CASE(
    "A test and what came of it: attempts are shown, and one that is on its way is not sent "
    "again") {
  Door door;
  const std::string id(door.post("/webhook", std::string(kNew))["id"]);
  const std::string path = "/webhook/" + id;
  const Answer sent = door.post(path + "/test", "");
  REQUIRE_MESSAGE(sent.status == 202, sent.text);
  CHECK(sent["event"] == "webhook.test");
  CHECK(sent["state"] == "pending");
  const std::string message(sent["id"]);
  const std::string replay = path + "/deliveries/" + message + "/replay";
  CHECK(door.post(replay, "").status == 409);

  store::WebhookRows& rows = door.world.repository->webhooks();
  store::DeliveryRow row = rows.delivery(store::delivery_id(id, message)).value().value();
  REQUIRE(rows.claim(row, "node", row.due_at + std::chrono::minutes(1)).value());
  webhooks::Outbox outbox(rows, door.world.control->webhooks(), *door.world.vault,
                          door.world.clock);
  REQUIRE(outbox.settle(row, {.outcome = webhooks::Attempt::Outcome::delivered,
                              .at = door.world.clock.now(),
                              .took = std::chrono::milliseconds(12),
                              .status = 204,
                              .error = {}}));
  const Answer list = door.get(path + "/deliveries?state=delivered");
  REQUIRE(list.size() == 1);
  const json::Value& shown = list.body.find("result")->if_array()->front();
  CHECK(shown.string_or("id", "") == message);
  const json::Value& attempt = shown.find("attempts")->if_array()->front();
  CHECK(attempt.int64_or("status", 0) == 204);
  CHECK(attempt.int64_or("duration_ms", 0) == 12);
  CHECK(door.get(path + "/deliveries?state=pending").size() == 0);
  CHECK(door.get(path + "/deliveries?state=lost").status == 400);
  const Answer again = door.post(replay, "");
  CHECK(again.status == 202);
  CHECK(again["id"] == message);
  CHECK(door.post(path + "/deliveries/msg_none/replay", "").status == 404);
  for (int i = 0; i < 3; ++i) {
    door.world.clock.advance(std::chrono::seconds(1));
    CHECK(door.post(path + "/test", "").status == 202);
  }
  const Answer page = door.get(path + "/deliveries?limit=3");
  CHECK(page.size() == 3);
  CHECK(door.get(path + "/deliveries?limit=3&next_cursor=" + std::string(page["next_cursor"]))
            .size() == 1);
}

}  // namespace
}  // namespace patchbay::admin
