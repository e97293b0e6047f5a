#include "admin/api.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "admin/test_door.h"
#include "base/iso8601.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Ask;
using testing::Door;
using enum http::Method;

TEST_CASE("The article's request works as it stands there") {
  Door door;
  const std::string account = door.connect();
  const Answer made = door.post("/integrated-account/" + account + "/mcp",
                                R"({
    "name": "Claude PSA Operations",
    "config": { "methods": ["read", "write"] },
    "expires_at": null
  })");
  REQUIRE(made.status == 201);
  CHECK(made["name"] == "Claude PSA Operations");
  CHECK(made["integrated_account_id"] == account);
  CHECK(made["token"].starts_with("pbm_"));
  CHECK(made["url"] == "https://patchbay.example/mcp/" + std::string(made["token"]));
  CHECK(made.body.find("expires_at")->is_null());
  CHECK(json::to_string(*made.body.find("config")) == R"({"methods":["read","write"]})");

  const auto token = vault::Token::parse(vault::TokenKind::mcp_server, made["token"]);
  REQUIRE(token);
  CHECK(door.world.find(*token)->toolset->tools().size() == 10);
  CHECK(made.body.int64_or("tool_count", 0) == 10);
  CHECK(made.body.find("notices") == nullptr);
}

TEST_CASE("Token and URL are shown at creation and rotation only") {
  Door door;
  const std::string servers = "/integrated-account/" + door.connect() + "/mcp";
  const Answer made = door.post(servers, R"({"name":"x"})");
  const std::string path = servers + "/" + std::string(made["id"]);
  const std::string token(made["token"]);
  for (const Answer& answer : {door.get(path), door.get(servers), door.patch(path, "{}")}) {
    CHECK(answer.status == 200);
    CHECK(answer.text.find("pbm_") == std::string::npos);
    CHECK(answer.text.find("token\"") == std::string::npos);
  }
  const Answer rotated = door.post(path + "/rotate", "");
  CHECK(rotated.status == 200);
  CHECK(rotated["id"] == made["id"]);
  CHECK(rotated["token"] != token);
  CHECK(rotated.body.find("previous_token_expires_at")->is_null());
  const Answer overlapping = door.post(path + "/rotate", R"({"overlap_seconds":3600})");
  CHECK(overlapping.status == 200);
  CHECK(overlapping["previous_token_expires_at"] ==
        format_utc_millis(door.world.clock.now() + std::chrono::hours(1)));
  CHECK(door.get(path)["previous_token_expires_at"] == overlapping["previous_token_expires_at"]);
  for (const char* wrong : {"-1", "604801", "\"60\"", "1.5", "null", "true"}) {
    const Answer refused =
        door.post(path + "/rotate", R"({"overlap_seconds":)" + std::string(wrong) + "}");
    CHECK_MESSAGE(refused.status == 400, wrong);
  }
  CHECK(door.post(path + "/rotate", R"({"overlap":5})").status == 400);
  CHECK(door.get(path).body.find("last_used_at")->is_null());
  CHECK(door.get(path).body.find("calls_today")->as_int64() == 0);
  CHECK_FALSE(door.world.find(*vault::Token::parse(vault::TokenKind::mcp_server, token)));
}

TEST_CASE("An MCP server is read, changed and deleted") {
  Door door;
  const std::string servers = "/integrated-account/" + door.connect() + "/mcp";
  const Answer made = door.post(servers, R"({"name":"x","config":{"tags":["support"]},)"
                                         R"("expires_at":"2100-01-01T00:00:00+02:00"})");
  REQUIRE(made.status == 201);
  CHECK(made["expires_at"] == "2099-12-31T22:00:00.000Z");
  CHECK(made["created_at"] == format_utc_millis(door.world.clock.now()));
  const std::string path = servers + "/" + std::string(made["id"]);

  const Answer patched =
      door.patch(path, R"({"name":"y","expires_at":null,"config":{"methods":["read"]}})");
  CHECK(patched["name"] == "y");
  CHECK(patched.body.find("expires_at")->is_null());
  CHECK(json::to_string(*patched.body.find("config")) ==
        R"({"tags":["support"],"methods":["read"]})");
  CHECK(door.get(servers).size() == 1);

  const Answer deleted = door.remove(path);
  CHECK(deleted.status == 200);
  CHECK(deleted["id"] == made["id"]);
  CHECK(door.get(path).status == 404);
  CHECK(door.get(servers).size() == 0);
}

TEST_CASE("A faulty request is told what is wrong and what would do") {
  Door door;
  const std::string servers = "/integrated-account/" + door.connect() + "/mcp";
  struct Case {
    std::string_view body;
    std::string_view advice;  // stands in the message or the hint
  };
  for (const Case& one : {
           Case{R"({})", "'name' is required"},
           Case{R"({"name":""})", "must not be empty"},
           Case{R"({"name":7})", "must be a string"},
           Case{R"({"name":"x","confg":{}})", "'config'"},
           Case{R"({"name":"x","methods":["read"]})", "belongs into 'config'"},
           Case{R"({"name":"x","confirm_writes":true})", "belongs into 'config'"},
           Case{R"({"name":"x","config":[]})", "must be an object"},
           Case{R"({"name":"x","config":{"methods":["raed"]}})", "read"},
           Case{R"({"name":"x","config":{"tags":["nope"]}})", "support"},
           Case{R"({"name":"x","config":{"tool_exposure":"some"}})", "all, discovery"},
           Case{R"({"name":"x","expires_at":"2001-01-01T00:00:00Z"})", "60 seconds ahead"},
           Case{R"({"name":"x","expires_at":12})", "ISO 8601"},
           Case{R"([])", "must be a JSON object"},
           Case{R"({"name":"x","name":"y"})", ""},
           Case{R"({"name":"x")", ""},
       }) {
    const Answer answer = door.post(servers, std::string(one.body));
    CAPTURE(answer.text);
    CHECK(answer.status == 400);
    CHECK(answer.body.int64_or("statusCode", 0) == 400);
    CHECK(answer["error"] == "Bad Request");
    CHECK(answer.text.find(one.advice) != std::string::npos);
  }
  CHECK(door.get(servers).size() == 0);
}

TEST_CASE("A faulty change is told what is wrong, and changes nothing") {
  Door door;
  const std::string account = "/integrated-account/" + door.connect();
  const std::string server =
      account + "/mcp/" + std::string(door.post(account + "/mcp", R"({"name":"x"})")["id"]);
  const std::string environment =
      "/environment/" + std::string(door.get(account)["environment_id"]);
  struct Case {
    std::string_view path;
    std::string_view body;
    std::string_view advice;  // stands in the message or the hint
  };
  for (const Case& one : {
           Case{server, R"({"naem":"y"})", "'name'"},
           Case{server, R"({"name":null})", "'name' is required"},
           Case{server, R"({"name":7})", "must be a string"},
           Case{server, R"({"name":" "})", "must not be empty"},
           Case{server, R"({"name":"y","config":null})", "'config' must be an object"},
           Case{server, R"({"name":"y","config":[]})", "'config' must be an object"},
           Case{server, R"({"name":"y","config":{"tags":["nope"]}})", "support"},
           Case{server, R"({"name":"y","expires_at":"soon"})", "ISO 8601"},
           Case{server, R"({"name":"y","expires_at":4102444800})", "ISO 8601"},
           Case{server, R"({"name":"y","expires_at":"2001-01-01T00:00:00Z"})", "60 seconds ahead"},
           Case{account, R"({"integration":"other"})", "Unknown member 'integration'"},
           Case{account, R"({"status":"active"})", "Unknown member 'status'"},
           Case{account, R"({"name":null})", "'name' is required"},
           Case{account, R"({"name":"y","tenant_id":7})", "'tenant_id' must be a string"},
           Case{account, R"({"name":"y","tenant_id":"a\nb"})", "control characters"},
           Case{account, R"({"name":"y","settings":null})", "'settings' must be an object"},
           Case{account, R"({"name":"y","settings":{"timezone":"UTC"}})", "'time_zone'"},
           Case{account, R"({"name":"y","settings":{"time_zone":7}})", "Europe/London"},
           Case{account, R"({"name":"y","settings":{"time_zone":"Europe/Nowhere"}})", "Nowhere"},
           Case{account, R"({"name":"y","credentials":null})", "'credentials' must be an object"},
           Case{account, R"({"name":"y","credentials":{"key":5}})", "must be a string"},
           Case{account, R"({"name":"y","credentials":{"key":null}})", "key"},
           Case{environment, R"({"name":null})", "'name' is required"},
           Case{environment, R"({"nmae":"y"})", "'name'"},
       }) {
    const Answer answer = door.patch(std::string(one.path), std::string(one.body));
    CAPTURE(one.body);
    CAPTURE(answer.text);
    CHECK(answer.status == 400);
    CHECK(answer.text.find(one.advice) != std::string::npos);
  }
  CHECK(door.get(server)["name"] == "x");
  CHECK(door.get(account)["name"] == "Acme");
  CHECK(door.get(environment)["name"] != "y");
}

TEST_CASE("In a change null clears what may be empty, and what is absent stays") {
  Door door;
  const std::string account = "/integrated-account/" + door.connect();
  const auto settings = [&](std::string body) {
    const Answer answer = door.patch(account, std::move(body));
    REQUIRE(answer.status == 200);
    return json::to_string(*answer.body.find("settings"));
  };
  CHECK(settings(R"({"settings":{"time_zone":"Europe/London"}})") ==
        R"({"time_zone":"Europe/London"})");
  CHECK(settings(R"({"settings":{}})") == R"({"time_zone":"Europe/London"})");
  CHECK(settings("{}") == R"({"time_zone":"Europe/London"})");
  CHECK(settings(R"({"settings":{"time_zone":null}})") == "{}");
  CHECK(door.get(account)["tenant_id"] == "customer-7");
  CHECK(door.patch(account, R"({"tenant_id":null})")["tenant_id"].empty());

  const Answer made =
      door.post(account + "/mcp", R"({"name":"x","expires_at":"2100-01-01T00:00:00Z"})");
  const std::string server = account + "/mcp/" + std::string(made["id"]);
  CHECK(door.patch(server, "{}")["expires_at"] == "2100-01-01T00:00:00.000Z");
  CHECK(door.patch(server, R"({"expires_at":null})").body.find("expires_at")->is_null());
}

TEST_CASE("A new account is told what is wrong before anything is asked of its upstream") {
  Door door;
  const std::string credentials = R"("credentials":{"site":"desk.example.com","key":"k"})";
  struct Case {
    std::string body;
    std::string_view advice;
  };
  for (const Case& one : {
           Case{"{" + credentials + "}", "'integration' is required"},
           Case{R"({"integration":"desk","credentials":[]})", "'credentials' must be an object"},
           Case{R"({"integration":"desk","credentials":{"key":null}})", "must be a string"},
           Case{R"({"integration":"desk","time_zone":"UTC",)" + credentials + "}",
                "belongs into 'settings'"},
           Case{R"({"integration":"desk","settings":[],)" + credentials + "}",
                "'settings' must be an object"},
           Case{R"({"integration":"desk","settings":{"timezone":"UTC"},)" + credentials + "}",
                "'time_zone'"},
           Case{R"({"integration":"desk","settings":{"time_zone":null},)" + credentials + "}",
                "Europe/London"},
           Case{R"({"integration":"desk","name":7,)" + credentials + "}",
                "'name' must be a string"},
       }) {
    const Answer answer = door.post("/integrated-account", one.body);
    CAPTURE(one.body);
    CAPTURE(answer.text);
    CHECK(answer.status == 400);
    CHECK(answer.text.find(one.advice) != std::string::npos);
  }
  CHECK(door.world.probes == 0);
}

TEST_CASE("A body must be JSON and say so") {
  Door door;
  for (const std::string type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    const Answer answer = door({post, "/environment", R"({"name":"x"})", {}, type});
    CHECK(answer.status == 415);
    CHECK(answer.hint().find("application/json") != std::string::npos);
  }
  CHECK(door({post, "/environment", R"({"name":"x"})", {}, "Application/JSON; charset=utf-8"})
            .status == 201);
  CHECK(door.post("/environment", "\xef\xbb\xbf{\"name\":\"Marked\"}").status == 201);
  CHECK(door.post("/environment", "").status == 400);
  CHECK(door.post("/environment", "{\"name\":\"\xff\"}").status == 400);
  std::string deep = R"({"name":)" + std::string(10'000, '[');
  CHECK(door.post("/environment", deep).status >= 400);
}

TEST_CASE("Where nothing is, and where another method is, the answer says so in this API's form") {
  Door door;
  const Answer nothing = door.get("/nowhere");
  CHECK(nothing.status == 404);
  CHECK(nothing["error"] == "Not Found");
  CHECK(nothing.hint().find("/openapi.json") != std::string::npos);
  const Answer other = door({put, "/environment"});
  CHECK(other.status == 405);
  CHECK(other["error"] == "Method Not Allowed");
  CHECK(other.headers.find("Allow") == "GET, HEAD, POST");
}

TEST_CASE("Without a valid API token everything is 401, before the body is looked at") {
  Door door;
  const std::string account = door.connect();
  const Answer made = door.post("/integrated-account/" + account + "/mcp", R"({"name":"x"})");
  for (const std::string& token :
       {std::string(), std::string("nonsense"), std::string(made["token"]),
        std::string(vault::Token::generate(vault::TokenKind::api).reveal())}) {
    for (const Operation& operation : operations()) {
      if (operation.access == Access::anybody) continue;  // signs in, and has no token yet
      std::string target(operation.route.pattern);
      for (const std::string_view name : {":mcp_id", ":id", ":name"}) {
        const auto at = target.find(name);
        if (at != std::string::npos) target.replace(at, name.size(), account);
      }
      const Answer answer = door({operation.route.method, target, "not json", token});
      CHECK(answer.status == 401);
      CHECK(answer.headers.find("WWW-Authenticate") == "Bearer");
    }
  }
}

TEST_CASE("Credentials go in and never come out") {
  Door door;
  const std::string path = "/integrated-account/" + door.connect();
  const Answer account = door.get(path);
  CHECK(account["status"] == "active");
  CHECK(account["tenant_id"] == "customer-7");
  CHECK(account.body.find("integration")->string_or("label", "") == "Desk");
  CHECK(json::to_string(*account.body.find("credentials")) ==
        R"({"key":{"set":true},"site":{"set":true}})");
  const Answer patched = door.patch(path, R"({"credentials":{"key":"correct horse"}})");
  for (const Answer& answer :
       {account, patched, door.get("/integrated-account"), door.post(path + "/probe", "")}) {
    CHECK(answer.status == 200);
    CHECK(answer.text.find("hunter2") == std::string::npos);
    CHECK(answer.text.find("correct horse") == std::string::npos);
    CHECK(answer.text.find("desk.example.com") == std::string::npos);
  }
}

TEST_CASE("What was put right is told to whoever gave it, and to nobody later") {
  Door door;
  const Answer made = door.post(
      "/integrated-account",
      R"({"integration":"desk","credentials":{"site":"desk.example.com/?s=4711","key":"hunter2"}})");
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(json::to_string(*made.body.find("notices")) ==
        R"(["site (site) was put right: it is desk.example.com."])");
  const std::string path = "/integrated-account/" + std::string(made["id"]);
  CHECK(door.get(path).body.find("notices") == nullptr);
  CHECK(door.patch(path, R"({"name":"Other"})").body.find("notices") == nullptr);
  CHECK(door.patch(path, R"({"credentials":{"key":"correct horse"}})").body.find("notices") !=
        nullptr);
  CHECK(door.patch(path, R"({"credentials":{"site":"desk.example.com"}})").body.find("notices") ==
        nullptr);
}

TEST_CASE("A connection that does not work is a 400 with advice, and creates nothing") {
  Door door;
  door.world.probe = [](const upstream::Account&) {
    return fail(ErrorCode::unauthenticated, "ConnectWise refused the keys.", "Check private_key.");
  };
  const Answer refused = door.post(
      "/integrated-account",
      R"({"integration":"desk","credentials":{"site":"desk.example.com","key":"hunter2"}})");
  CHECK(refused.status == 400);
  CHECK(refused["message"].find("refused the keys") != std::string::npos);
  CHECK(refused.hint() == "Check private_key.");
  CHECK(refused.text.find("hunter2") == std::string::npos);
  CHECK(door.get("/integrated-account").size() == 0);
}

TEST_CASE("A probe over the API says how the account is") {
  Door door;
  const std::string path = "/integrated-account/" + door.connect();
  door.world.probe = [](const upstream::Account&) {
    return fail(ErrorCode::unauthenticated, "ConnectWise refused the keys.");
  };
  const Answer probed = door.post(path + "/probe", "{}");
  CHECK(probed.status == 200);
  CHECK(probed["status"] == "needs_reauth");
  CHECK(probed["last_error"] == "ConnectWise refused the keys.");
  CHECK(door.post(path + "/probe", R"({"force":true})").status == 400);
}

TEST_CASE("Environments, API tokens and isolation over the API") {
  Door door;
  const auto tenant = [&](const std::string& name) {
    const Answer environment = door.post("/environment", R"({"name":")" + name + R"("})");
    REQUIRE(environment.status == 201);
    const Answer token = door.post("/api-token", R"({"name":"t","environment_id":")" +
                                                     std::string(environment["id"]) + R"("})");
    REQUIRE(token.status == 201);
    CHECK(token["token"].starts_with("pba_"));
    CHECK(token["environment_id"] == environment["id"]);
    return std::string(token["token"]);
  };
  const std::string a = tenant("A");
  const std::string b = tenant("B");
  const Answer account =
      door({post, "/integrated-account",
            R"({"integration":"desk","credentials":{"site":"desk.example.com","key":"k"}})", b});
  REQUIRE(account.status == 201);
  const std::string path = "/integrated-account/" + std::string(account["id"]);
  const Answer server = door({post, path + "/mcp", R"({"name":"x"})", b});
  REQUIRE(server.status == 201);
  const std::string server_path = path + "/mcp/" + std::string(server["id"]);

  for (const Ask& ask :
       {Ask{get, path, {}, a}, Ask{patch, path, R"({"name":"y"})", a}, Ask{delete_, path, {}, a},
        Ask{post, path + "/probe", {}, a}, Ask{get, path + "/capabilities", {}, a},
        Ask{get, path + "/mcp", {}, a}, Ask{post, path + "/mcp", R"({"name":"y"})", a},
        Ask{get, server_path, {}, a}, Ask{patch, server_path, R"({"name":"y"})", a},
        Ask{delete_, server_path, {}, a}, Ask{post, server_path + "/rotate", {}, a}}) {
    CHECK(door(ask).status == 404);
  }
  CHECK(door({get, "/integrated-account", {}, a}).size() == 0);
  CHECK(door({get, "/environment", {}, a}).size() == 1);
  CHECK(door({post, "/environment", R"({"name":"C"})", a}).status == 403);
  CHECK(door({get, path, {}, b}).status == 200);
  CHECK(door.get(path).status == 200);  // the instance's token

  const Answer tokens = door({get, "/api-token", {}, a});
  REQUIRE(tokens.size() == 1);
  CHECK(tokens.text.find("pba_") == std::string::npos);
  const std::string own(tokens.body.find("result")->if_array()->front().string_or("id", ""));
  CHECK(door({delete_, "/api-token/" + own, {}, b}).status == 404);
  CHECK(door({delete_, "/api-token/" + own, {}, a}).status == 200);
  CHECK(door({get, "/environment", {}, a}).status == 401);
  CHECK(door.remove("/api-token/" + door.world.root.token_id).status == 409);
  CHECK(door.patch("/environment/" + std::string(account["environment_id"]), R"({"name":"B2"})")
            .status == 200);
  CHECK(door.remove("/environment/" + std::string(account["environment_id"])).status == 200);
  CHECK(door({get, path, {}, b}).status == 401);
}

TEST_CASE("Lists are paged by a cursor, and filtered by the caller's own customer id") {
  Door door;
  const std::string servers = "/integrated-account/" + door.connect() + "/mcp";
  std::set<std::string> made;
  for (int i = 0; i < 7; ++i) {
    made.insert(std::string(door.post(servers, R"({"name":"x"})")["id"]));
    door.world.clock.advance(std::chrono::milliseconds(1));
  }
  std::set<std::string> seen;
  std::string cursor;
  int pages = 0;
  do {
    const Answer page =
        door.get(servers + "?limit=3" + (cursor.empty() ? "" : "&next_cursor=" + cursor));
    REQUIRE(page.status == 200);
    for (const json::Value& row : *page.body.find("result")->if_array()) {
      CHECK(seen.emplace(row.string_or("id", "")).second);
    }
    cursor = page["next_cursor"];
    ++pages;
  } while (!cursor.empty());
  CHECK(pages == 3);
  CHECK(seen == made);
  CHECK(door.get(servers + "?limit=7").body.find("next_cursor")->is_null());

  for (const std::string bad : {"limit=0", "limit=1001", "limit=x", "limit=1&limit=2",
                                "next_cursor=!", "next_cursor=AAAA", "limt=1", "limit=%zz"}) {
    CHECK_MESSAGE(door.get(servers + "?" + bad).status == 400, bad);
  }
  CHECK(door.get("/integrated-account?tenant_id=customer-7").size() == 1);
  CHECK(door.get("/integrated-account?tenant_id=customer-8").size() == 0);
  CHECK(door.get("/integrated-account?integration=desk").size() == 1);
}

TEST_CASE("Integrations and capabilities show what there is to choose from") {
  Door door;
  const Answer list = door.get("/integration");
  REQUIRE(list.size() == 1);
  const Answer one = door.get("/integration/desk");
  CHECK(one["label"] == "Desk");
  CHECK(one.body.int64_or("tool_count", 0) == 11);
  CHECK(door.get("/integration/dask").hint().find("desk") != std::string::npos);

  const std::string path = "/integrated-account/" + door.connect() + "/capabilities";
  const Answer all = door.get(path);
  CHECK(all.body.int64_or("tool_count", 0) == 11);
  CHECK(all.text.find("list_all_desk_tickets") != std::string::npos);
  const Answer some = door.get(path + "?methods=read&tags=billing,support&resource=invoices");
  CHECK(some.text.find("list_all_desk_invoices") != std::string::npos);
  CHECK(some.text.find("create_a_desk_invoice") == std::string::npos);
  CHECK(some.text.find("desk_tickets") == std::string::npos);
  CHECK(door.get(path + "?methods=raed").status == 400);
  CHECK(door.get(path + "?resource=nope").status == 400);
}

TEST_CASE("What cannot be an id names nothing and is not repeated") {
  Door door;
  for (const std::string bad : {"%2e%2e", "a%2Fb", "x%20y", "%3Cscript%3E", "%27%20OR%201=1"}) {
    const Answer answer = door.get("/integrated-account/" + bad);
    CHECK(answer.status == 404);
    CHECK(answer.text.find("script") == std::string::npos);
  }
  CHECK(door.get("/integrated-account/" + std::string(5000, 'x')).status == 404);
  CHECK(door.get("/integrated-account/acc_unknown").status == 404);
}

}  // namespace
}  // namespace patchbay::admin
