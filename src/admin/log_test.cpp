// The audit log at the API's door: changes are events, and each environment sees its own.
#include <string>

#include "admin/test_door.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Door;

std::string token_of(Door& door, const std::string& environment) {
  return std::string(door.post("/api-token", R"({"name":"t","scope":"read","environment_id":")" +
                                                 environment + "\"}")["token"]);
}

// "createMcpServer done" of each change, newest first.
std::string changes(Door& door, const std::string& token = "", const std::string& query = "") {
  testing::Ask ask{.target = "/log?kind=change" + query};
  if (!token.empty()) ask.token = token;
  const Answer answer = door(ask);
  REQUIRE_MESSAGE(answer.status == 200, answer.text);
  std::string all;
  for (const json::Value& event : *answer.body.find("result")->if_array()) {
    all += std::string(event.string_or("tool", "")) + " " +
           std::string(event.string_or("outcome", "")) + "; ";
  }
  return all;
}

// What comes of the same millisecond is in no order.
void later(Door& door) {
  door.world.clock.advance(std::chrono::milliseconds(1));
}

TEST_CASE("Who minted, changed and revoked what is in the log, and what was refused as well") {
  Door door;
  const std::string account = door.connect();
  const std::string servers = "/integrated-account/" + account + "/mcp";
  later(door);
  const Answer made = door.post(servers, R"({"name":"x"})");
  const std::string id(made["id"]);
  later(door);
  CHECK(door.patch(servers + "/" + id, R"({"name":""})").status == 400);
  later(door);
  CHECK(door.post(servers + "/" + id + "/rotate", "").status == 200);
  later(door);
  CHECK(door.remove(servers + "/" + id).status == 200);
  CHECK(changes(door) ==
        "deleteMcpServer done; rotateMcpServer done; updateMcpServer failed; createMcpServer done; "
        "createIntegratedAccount done; ");
  const Answer log = door.get("/log?tool=deleteMcpServer");
  const json::Value& event = log.body.find("result")->if_array()->front();
  CHECK(event.string_or("mcp_server_id", "") == id);
  CHECK(event.string_or("integrated_account_id", "") == account);
  CHECK(event.string_or("target", "") == servers + "/" + id);
  CHECK_FALSE(event.string_or("api_token_id", "").empty());
  CHECK(door.get("/log/" + std::string(event.string_or("id", "")))["id"] ==
        event.string_or("id", ""));
  CHECK(door.get("/log?tool=createMcpServer&text=" + id).size() == 1);
  // Nothing that opens anything stands in it.
  CHECK_FALSE(door.get("/log").text.contains(std::string(made["token"])));
  CHECK(door.get("/log/verify").body.bool_or("valid", false));
}

TEST_CASE("A token of one environment sees nothing of another's log, however it asks") {
  Door door;
  const std::string a(door.post("/environment", R"({"name":"A"})")["id"]);
  const std::string b(door.post("/environment", R"({"name":"B"})")["id"]);
  CHECK(door.patch("/environment/" + a, R"({"audit":{"keep_days":7}})").status == 200);
  CHECK(door.patch("/environment/" + b, R"({"audit":{"arguments":"values"}})").status == 200);
  later(door);
  const std::string token = token_of(door, a);
  CHECK(changes(door, token) == "createApiToken done; updateEnvironment done; ");
  CHECK(changes(door, "", "&environment_id=" + b) == "updateEnvironment done; ");
  CHECK(changes(door, "", "&environment_id=instance") ==
        "createEnvironment done; createEnvironment done; ");
  const Answer of_b = door.get("/log?environment_id=" + b);
  const std::string id(of_b.body.find("result")->if_array()->front().string_or("id", ""));
  CHECK(door({.target = "/log/" + id, .token = token}).status == 404);
  for (const std::string& query :
       {"?environment_id=" + b, std::string("?environment_id=instance")}) {
    CHECK(door({.target = "/log" + query, .token = token}).status == 404);
    CHECK(door({.target = "/log/export" + query, .token = token}).status == 404);
  }
  CHECK_FALSE(door({.target = "/log/verify", .token = token}).text.contains(b));
  // A deleted environment's events stay, for those who see all.
  later(door);
  CHECK(door.remove("/environment/" + b).status == 200);
  CHECK(changes(door, "", "&environment_id=" + b) ==
        "deleteEnvironment done; updateEnvironment done; ");
}

TEST_CASE("What an environment's log keeps is shown, changed member by member and set back") {
  Door door;
  const std::string id(door.post("/environment", R"({"name":"A"})")["id"]);
  const auto audit = [&] {
    return json::to_string(*door.get("/environment/" + id).body.find("audit"));
  };
  CHECK(audit() == R"({"arguments":"none","keep_days":90,"keep_entries":1000000})");
  CHECK(door.patch("/environment/" + id, R"({"audit":{"arguments":"values","keep_days":7}})")
            .status == 200);
  CHECK(door.patch("/environment/" + id, R"({"audit":{"keep_days":null}})").status == 200);
  CHECK(audit() == R"({"arguments":"values","keep_days":90,"keep_entries":1000000})");
  for (const char* wrong : {R"({"audit":{"arguments":"some"}})", R"({"audit":{"keep_days":0}})",
                            R"({"audit":{"keep_entries":7}})", R"({"audit":{"nonsense":7}})",
                            R"({"audit":null})", R"({"audit":7})"}) {
    CHECK_MESSAGE(door.patch("/environment/" + id, wrong).status == 400, wrong);
  }
}

TEST_CASE("Questions about the log that make no sense are refused") {
  Door door;
  for (const char* wrong : {"/log?from=yesterday", "/log?limit=0", "/log?next_cursor=x",
                            "/log/export?format=xml", "/log?outcome=", "/log?outcome=nonsense",
                            "/log?kind=calls", "/log/export?kind=calls", "/log?nonsense=1"}) {
    CHECK_MESSAGE(door.get(wrong).status == 400, wrong);
  }
  CHECK(door.get("/log/evt_nothing").status == 404);
}

}  // namespace
}  // namespace patchbay::admin
