// Calls counted, and all at a glance, at the API's door.
#include <string>
#include <variant>

#include "admin/test_door.h"
#include "audit/journal.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

struct Told {
  std::string environment;
  std::string account = "acc_1";
  std::string server = "mcp_1";
  std::string tool = "create_a_desk_ticket";
  std::string client = "Claude";
  audit::Outcome outcome = audit::Outcome::done;
  int ms = 10;
};

// A write: in the database when this returns.
void write(Door& door, const Told& told) {
  const audit::Event event{.by = {.environment_id = told.environment,
                                  .account_id = told.account,
                                  .server_id = told.server,
                                  .client = told.client},
                           .kind = audit::Kind::write,
                           .tool = told.tool,
                           .resource = "tickets"};
  auto begun = door.journal->begin({.event = event});
  REQUIRE(begun);
  REQUIRE(door.journal->end(std::get<audit::Go>(*begun), audit::Unknown{},
                            {.outcome = told.outcome,
                             .upstream_status = 201,
                             .duration = std::chrono::milliseconds(told.ms),
                             .upstream_duration = std::chrono::milliseconds(told.ms / 2),
                             .upstream_bytes = 800,
                             .result_bytes = 400}));
}

std::string environment_of(Door& door) {
  return std::string(
      door.get("/environment").body.find("result")->if_array()->front().string_or("id", ""));
}

std::int64_t total(const Answer& activity, const char* name) {
  return activity.body.find("totals")->int64_or(name, -1);
}

TEST_CASE("Calls are counted over the last day, by tool, server and client, and named") {
  Door door;
  const std::string environment = environment_of(door);
  const std::string account = door.connect();
  const std::string server(
      door.post("/integrated-account/" + account + "/mcp", R"({"name":"Front desk"})")["id"]);
  write(door, {.environment = environment, .server = server});
  write(door, {.environment = environment,
               .server = "mcp_gone",
               .client = "Cursor",
               .outcome = audit::Outcome::failed,
               .ms = 30});
  const Answer activity = door.get("/activity");
  REQUIRE_MESSAGE(activity.status == 200, activity.text);
  CHECK(activity.body.bool_or("complete", false));
  CHECK(activity.body.int64_or("step_seconds", 0) == 1'800);
  CHECK(activity.body.find("buckets")->if_array()->size() <= 50);
  CHECK(total(activity, "calls") == 2);
  CHECK(total(activity, "errors") == 1);
  CHECK(total(activity, "writes") == 2);
  CHECK(total(activity, "tokens_saved_estimate") == 100);
  CHECK(total(activity, "p50_ms") == 10);
  CHECK(total(activity, "p99_ms") == 30);
  CHECK(total(activity, "upstream_p50_ms") == 5);
  const json::Array& servers = *activity.body.find("servers")->if_array();
  REQUIRE(servers.size() == 2);
  for (const json::Value& one : servers) {
    const bool is_there = one.string_or("mcp_server_id", "") == server;
    CHECK(one.string_or("name", "") == (is_there ? "Front desk" : ""));
  }
  CHECK(door.get("/activity?client=Cursor").body.find("totals")->int64_or("calls", 0) == 1);
  CHECK(total(door.get("/activity?mcp_server_id=" + server), "calls") == 1);
  CHECK(total(door.get("/activity?outcome=failed"), "calls") == 1);
  CHECK(total(door.get("/activity?tool=nothing"), "calls") == 0);
  CHECK(door.get("/activity?tool=nothing").body.find("totals")->find("p50_ms")->is_null());
  // The log has the same filter.
  CHECK(door.get("/log?client=Cursor").size() == 1);
}

TEST_CASE("The time and its step are as they are asked for") {
  Door door;
  write(door, {.environment = environment_of(door)});
  // kStart of the world is 2026-09-21T14:13:20Z.
  const Answer hour =
      door.get("/activity?from=2026-09-21T14:00:00Z&to=2026-09-21T15:00:00Z&step=600");
  REQUIRE_MESSAGE(hour.status == 200, hour.text);
  CHECK(hour["from"] == "2026-09-21T14:00:00.000Z");
  const json::Array& buckets = *hour.body.find("buckets")->if_array();
  REQUIRE(buckets.size() == 6);
  CHECK(buckets[1].string_or("at", "") == "2026-09-21T14:10:00.000Z");
  CHECK(buckets[1].int64_or("calls", 0) == 1);
  CHECK(buckets[2].int64_or("calls", -1) == 0);
  CHECK(buckets[2].find("p95_ms")->is_null());
  CHECK(total(door.get("/activity?from=2026-09-21T14:14:00Z&to=2026-09-21T15:00:00Z"), "calls") ==
        0);
  for (const char* wrong :
       {"/activity?step=0", "/activity?step=x", "/activity?step=1", "/activity?step=999999999999",
        "/activity?from=yesterday", "/activity?from=2027-01-01T00:00:00Z",
        "/activity?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "/activity?outcome=nonsense",
        "/activity?tool=", "/activity?text=x"}) {
    CHECK_MESSAGE(door.get(wrong).status == 400, wrong);
  }
  CHECK(door.get("/activity?step=1").hint().contains("435"));
}

TEST_CASE("Who sees one environment counts its calls alone, and finds no other's names") {
  Door door;
  const std::string a(door.post("/environment", R"({"name":"A"})")["id"]);
  const std::string b(door.post("/environment", R"({"name":"B"})")["id"]);
  write(door, {.environment = a, .tool = "of_a"});
  write(door, {.environment = b, .tool = "of_b"});
  const std::string token(door.post(
      "/api-token", R"({"name":"t","scope":"read","environment_id":")" + a + "\"}")["token"]);
  const auto ask = [&](std::string target) {
    return door({.target = std::move(target), .token = token});
  };
  CHECK(total(ask("/activity"), "calls") == 1);
  CHECK_FALSE(ask("/activity").text.contains("of_b"));
  CHECK(ask("/activity?environment_id=" + b).status == 404);
  CHECK(total(door.get("/activity"), "calls") == 2);
  CHECK(total(door.get("/activity?environment_id=" + b), "calls") == 1);
  const Answer overview = ask("/overview");
  CHECK(overview.body.find("today")->int64_or("calls", 0) == 1);
  CHECK(overview.body.find("changes_today")->if_array()->size() == 1);
  CHECK_FALSE(overview.text.contains("of_b"));
}

TEST_CASE("An overview tells what there is, what was done today and what waits") {
  Door door;
  const std::string environment = environment_of(door);
  const std::string account = door.connect();
  door.connect();
  const std::string servers = "/integrated-account/" + account + "/mcp";
  const auto mint = [&](const std::string& name, const std::string& expires) {
    return door.post(servers, R"({"name":")" + name + R"(","expires_at":")" + expires + "\"}")
        .status;
  };
  CHECK(mint("soon", "2026-09-25T00:00:00Z") == 201);
  CHECK(mint("sooner", "2026-09-22T00:00:00Z") == 201);
  CHECK(mint("later", "2026-12-25T00:00:00Z") == 201);
  door.world.control->mark_needs_reauth(account, "refused");
  write(door, {.environment = environment});
  write(door, {.environment = environment, .outcome = audit::Outcome::unknown});
  Answer overview = door.get("/overview");
  REQUIRE_MESSAGE(overview.status == 200, overview.text);
  const json::Value& accounts = *overview.body.find("accounts");
  CHECK(accounts.int64_or("active", 0) == 1);
  CHECK(accounts.int64_or("needs_reauth", 0) == 1);
  CHECK(accounts.bool_or("complete", false));
  const json::Array& soon = *overview.body.find("expiring_soon")->if_array();
  REQUIRE(soon.size() == 2);
  CHECK(soon[0].string_or("name", "") == "sooner");
  CHECK(soon[1].string_or("integrated_account_id", "") == account);
  CHECK(overview.body.int64_or("approvals_waiting", -1) == 0);
  const json::Value& today = *overview.body.find("today");
  CHECK(today.int64_or("calls", 0) == 2);
  CHECK(today.int64_or("errors", 0) == 1);
  CHECK(today.int64_or("writes", 0) == 2);
  CHECK(today.int64_or("tokens_saved_estimate", 0) == 100);
  CHECK(overview.body.find("changes_today")->if_array()->size() == 2);
  CHECK(overview["store"] == "ok");
  CHECK(overview["version"] == "1.2.3");
  CHECK(overview.body.find("sandbox") == nullptr);
  // Another day.
  door.world.clock.advance(std::chrono::hours(24));
  overview = door.get("/overview");
  CHECK(overview.body.find("today")->int64_or("calls", -1) == 0);
  CHECK(overview.body.find("changes_today")->if_array()->empty());
  CHECK(overview.body.find("expiring_soon")->if_array()->size() == 1);
}

}  // namespace
}  // namespace patchbay::admin
