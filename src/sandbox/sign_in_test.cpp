// Addresses, sign-in, and the sandbox's own switches.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "json/write.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

TEST_CASE("Basic credentials and a clientId are needed on every call") {
  TestClient client;
  CHECK(client.get("/system/info").status == 200);
  const std::string right = client.authorization;
  for (const std::string& wrong : {std::string(), std::string("Bearer x"), std::string("Basic ???"),
                                   "Basic " + to_base64("patchbay+demo-public-key:wrong"),
                                   "Basic " + to_base64("other+demo-public-key:demo-private-key"),
                                   "Basic " + to_base64("demo-public-key:demo-private-key")}) {
    client.authorization = wrong;
    const TestReply refused = client.get("/system/info");
    CHECK(refused.status == 401);
    CHECK(refused.text ==
          "{\r\n  \"code\": \"ConnectWiseApi\",\r\n"
          "  \"message\": \"UserNotAuthenticated\"\r\n}");
  }
  client.authorization = "basic " + to_base64("PatchBay+demo-public-key:demo-private-key");
  CHECK(client.get("/system/info").status == 200);
  client.authorization = right;
  client.client_id.clear();
  CHECK(client.get("/system/info").status == 401);
  CHECK(client.get("/system/info").code() == "Unauthorized");
  CHECK(
      client.send(http::Method::patch, "//_sandbox/config", R"({"missing_client_id_status": 403})")
          .status == 200);
  CHECK(client.get("/system/info").status == 403);
  CHECK(client.send(http::Method::patch, "//_sandbox/config", R"({"require_client_id": false})")
            .status == 200);
  CHECK(client.get("/system/info").status == 200);
}

TEST_CASE("members have keys of their own, and what is written with them is theirs") {
  TestClient client;
  const std::string own = client.authorization;
  const auto sign_in = [&](const std::string& keys) {
    client.authorization = "Basic " + to_base64("patchbay+" + keys);
  };
  const auto give = [&](std::string_view member, std::string_view key) {
    client.authorization = own;
    return client
        .send(http::Method::post, "//_sandbox/keys",
              json::to_string(json::Object{{"member", member},
                                           {"public_key", key},
                                           {"private_key", std::string(key) + "-private"}}))
        .status;
  };
  CHECK(give("jdoe", "jane") == 204);
  CHECK(give("lmorgan", "alex") == 204);
  CHECK(give("nobody", "x") == 400);
  CHECK(give("jdoe", "") == 400);

  sign_in("jane:jane-private");
  CHECK(client.get("/system/myMembers").body.string_or("identifier", "") == "jdoe");
  const TestReply made = client.post("/service/tickets/5012/notes",
                                     R"({"text": "By Jane", "internalAnalysisFlag": true})");
  REQUIRE(made.status == 201);
  CHECK(made.body.string_or("createdBy", "") == "jdoe");
  // Nobody else's half, and no keys for what is the sandbox's own.
  for (const char* wrong : {"jane:alex-private", "alex:jane-private", "jane:", "jane"}) {
    sign_in(wrong);
    CHECK(client.get("/system/info").status == 401);
  }
  sign_in("jane:jane-private");
  CHECK(client.get("//_sandbox/requests").status == 401);

  client.authorization = own;
  const TestReply log = client.get("//_sandbox/requests?limit=1000");
  std::vector<std::string> members;
  for (const json::Value& one : *log.body.find("requests")->if_array()) {
    members.emplace_back(one.string_or("member", "?"));
  }
  CHECK(std::ranges::count(members, "jdoe") == 2);
  CHECK(std::ranges::count(members, "") == 4);
  CHECK(client.get("/system/myMembers").body.string_or("identifier", "") != "jdoe");
  CHECK(client.send(http::Method::delete_, "//_sandbox/keys?public_key=jane").status == 204);
  sign_in("jane:jane-private");
  CHECK(client.get("/system/info").status == 401);
  sign_in("alex:alex-private");
  CHECK(client.get("/system/myMembers").body.string_or("identifier", "") == "lmorgan");
}

TEST_CASE("clients find the codebase without signing in") {
  TestClient client;
  client.authorization.clear();
  const TestReply info = client.get("//login/companyinfo/patchbay");
  CHECK(info.status == 200);
  CHECK(info.body.string_or("Codebase", "") == "v2025_1/");
  CHECK(info.body.bool_or("IsCloud", false));
  CHECK(client.get("//login/companyinfo/nobody").text == "null");
}

TEST_CASE("addresses are tolerant where the API is, and end where it ends") {
  TestClient client;
  for (const char* target :
       {"//v2025_1/apis/3.0/service/boards", "//V4_6_RELEASE/APIS/3.0/Service/Boards/",
        "//v4_6_release/apis/3.0/service/boards?"}) {
    CAPTURE(target);
    CHECK(client.get(target).status == 200);
  }
  for (const char* target :
       {"//apis/3.0/service/boards", "//service/boards", "//", "//v9/apis/3.0/x",
        "//v4_6_release/apis/3.0/apis/3.0/service/boards"}) {
    CAPTURE(target);
    const TestReply reply = client.get(target);
    CHECK(reply.status == 400);
    CHECK(reply.text == "Cannot route. Codebase/company is invalid");
  }
  const TestReply unknown = client.get("/service/unicorns");
  CHECK(unknown.status == 404);
  CHECK(unknown.message() == "The endpoint does not exist.");
  CHECK(client.get("/service/tickets/abc").status == 404);
  CHECK(client.get("/service/tickets/99999999999999999999").status == 404);
  CHECK(client.get("/service/boards/99/statuses").message() == "Service Board 99 not found");
  CHECK(client.post("/service/tickets/5012", "{}").status == 405);
  CHECK(client.remove("/system/members/150").status == 405);
  CHECK(client.get("/service/tickets?conditions=%zz").status == 400);
  CHECK(client.get("/system/info").body.string_or("version", "") == "v2025.1.10333");
}

TEST_CASE("the rate limit refuses with the seconds to wait, until the window ends") {
  SandboxOptions options;
  options.rate_limit = 2;
  options.rate_window = std::chrono::seconds(30);
  TestClient client(options);
  CHECK(client.get("/system/info").status == 200);
  client.clock.advance(std::chrono::seconds(10));
  CHECK(client.get("/system/info").status == 200);
  const TestReply refused = client.get("/system/info");
  CHECK(refused.status == 429);
  CHECK(refused.message() == "Please try again in 20 seconds");
  CHECK(refused.header("Retry-After") == "20");
  client.send(http::Method::patch, "//_sandbox/config",
              R"({"rate_retry_after": false, "rate_body_text": true, "rate_limit": 1})");
  client.get("/system/info");
  const TestReply text = client.get("/system/info");
  CHECK(text.header("Retry-After") == "<absent>");
  CHECK(text.text == "Please try again in 30 seconds");
  client.clock.advance(std::chrono::seconds(30));
  CHECK(client.get("/system/info").status == 200);
}

TEST_CASE("injected faults hit the next requests that they name") {
  TestClient client;
  const auto inject = [&](const char* fault) {
    return client.send(http::Method::post, "//_sandbox/faults", fault).status;
  };
  CHECK(inject(R"({"status":503,"body":"<html>down</html>","count":2,"method":"GET",
                   "path_prefix":"/service/tickets","headers":{"Retry-After":"7"}})") == 201);
  CHECK(client.get("/system/info").status == 200);
  CHECK(client.get("/service/tickets/5012").status == 503);
  const TestReply again = client.get("/service/tickets/5012");
  CHECK(again.text == "<html>down</html>");
  CHECK(again.header("Retry-After") == "7");
  CHECK(client.get("/service/tickets/5012").status == 200);
  // Applied, but the answer is lost: the caller cannot know.
  CHECK(inject(R"({"status":500,"body":"{}","apply":true})") == 201);
  CHECK(client
            .patch("/service/tickets/5012",
                   R"([{"op":"replace","path":"summary","value":"Applied"}])")
            .status == 500);
  CHECK(client.get("/service/tickets/5012").body.string_or("summary", "") == "Applied");
  CHECK(inject(R"({"status":99})") == 400);
  CHECK(inject(R"({"stat":500})") == 400);
  CHECK(inject("[") == 400);
  inject(R"({"status":500,"count":100})");
  CHECK(client.remove("//_sandbox/faults").status == 204);
  CHECK(client.get("/system/info").status == 200);
}

TEST_CASE("random faults come at the rate that was asked for, the same in each run") {
  SandboxOptions options;
  options.fault_percent = 30;
  const auto run = [&] {
    TestClient client(options);
    std::string outcome;
    for (int i = 0; i < 200; ++i) outcome += client.get("/system/info").status == 500 ? 'x' : '.';
    return outcome;
  };
  const std::string first = run();
  const auto faults = std::count(first.begin(), first.end(), 'x');
  CHECK(faults > 40);
  CHECK(faults < 80);
  CHECK(run() == first);
}

TEST_CASE("the request log shows what was asked, and reset brings the first day back") {
  TestClient client;
  client.patch("/service/tickets/5012", R"([{"op":"replace","path":"summary","value":"Changed"}])");
  client.get("/service/boards?pageSize=2");
  const TestReply log = client.get("//_sandbox/requests?limit=5");
  CHECK(log.body.int64_or("total", 0) == 2);
  CHECK(log.body.int64_or("in_flight", -1) == 0);
  const json::Array& requests = *log.body.find("requests")->if_array();
  CHECK(requests[0].string_or("query", "") == "pageSize=2");
  CHECK(requests[1].string_or("method", "") == "PATCH");
  CHECK(requests[1].int64_or("status", 0) == 200);
  CHECK(requests[1].string_or("body", "").find("Changed") != std::string_view::npos);
  CHECK(log.text.find("demo-private-key") == std::string::npos);
  CHECK(log.text.find(client.authorization.substr(6)) == std::string::npos);
  CHECK(client.send(http::Method::post, "//_sandbox/reset").status == 204);
  CHECK(client.get("/service/tickets/5012").body.string_or("summary", "") == "Server running slow");
  client.authorization.clear();
  CHECK(client.get("//_sandbox/requests").status == 401);
}

TEST_CASE("settings change by name and all or nothing") {
  TestClient client;
  const auto change = [&](const char* body) {
    return client.send(http::Method::patch, "//_sandbox/config", body).status;
  };
  CHECK(change(R"({"latency_ms": 5, "speed": 1})") == 400);
  CHECK(change(R"({"latency_ms": -1})") == 400);
  CHECK(change(R"({"rate_retry_after": 1})") == 400);
  CHECK(change("[]") == 400);
  CHECK(client.get("//_sandbox/config").body.int64_or("latency_ms", -1) == 0);
  CHECK(change(R"({"latency_ms": 5})") == 200);
  CHECK(client.get("//_sandbox/config").body.int64_or("latency_ms", -1) == 5);
  CHECK(client.get("//_sandbox/nothing").status == 404);
}
