// The dashboard's session, as a browser has it: a cookie that pages cannot read.
#include "admin/sign_in.h"

#include "admin/session_cookie.h"
#include "admin/test_door.h"
#include "control/sign_ins.h"

namespace patchbay::admin {
namespace {

using testing::Answer;
using testing::Ask;
using testing::Door;
using enum http::Method;

constexpr std::string_view kOwn = "https://patchbay.example";

std::string body_of(std::string_view member, std::string_view value) {
  return R"({")" + std::string(member) + R"(":")" + std::string(value) + R"("})";
}

// "name=value" out of Set-Cookie.
std::string cookie_of(const Answer& answer) {
  const std::string set(answer.headers.find("Set-Cookie").value_or(""));
  return set.substr(0, set.find(';'));
}

std::string sign_in(Door& door, std::string_view token) {
  const Answer answer =
      door({.method = post, .target = "/session", .body = body_of("token", token), .token = ""});
  REQUIRE_MESSAGE(answer.status == 201, answer.text);
  return cookie_of(answer);
}

// As a page of this server asks.
Ask by_cookie(const std::string& cookie, http::Method method, std::string target,
              std::string body = {}) {
  return {.method = method,
          .target = std::move(target),
          .body = std::move(body),
          .token = "",
          .headers = {{"Cookie", "theme=dark; " + cookie},
                      {"Origin", std::string(kOwn)},
                      {"X-Patchbay-Session", "1"}}};
}

std::string new_token(Door& door, const std::string& body) {
  const Answer made = door.post("/api-token", body);
  REQUIRE_MESSAGE(made.status == 201, made.text);
  return std::string(made["token"]);
}

TEST_CASE(
    "An API token becomes a session: in a cookie that no page reads and no other site sends") {
  Door door;
  const Answer answer = door({.method = post,
                              .target = "/session",
                              .body = body_of("token", door.world.root_token),
                              .token = ""});
  REQUIRE(answer.status == 201);
  CHECK(answer.body.find("api_token")->string_or("scope", "") == "admin");
  const std::string set(answer.headers.find("Set-Cookie").value());
  CHECK(set.starts_with("__Host-patchbay_session=pbs_"));
  for (const char* const flag : {"; HttpOnly", "; SameSite=Strict", "; Path=/", "; Secure"}) {
    CHECK(set.contains(flag));
  }
  CHECK_FALSE(set.contains("Domain"));
  // Neither secret is in the answer's body.
  CHECK_FALSE(answer.text.contains("pbs_"));
  CHECK_FALSE(answer.text.contains("pba_"));

  const std::string cookie = cookie_of(answer);
  const Answer seen = door(by_cookie(cookie, get, "/session"));
  CHECK(seen.status == 200);
  CHECK(seen["id"] == answer["id"]);
  CHECK(door(by_cookie(cookie, get, "/integrated-account")).status == 200);
  CHECK(door(by_cookie(cookie, post, "/environment", R"({"name":"New"})")).status == 201);
  // A page of ten names none.
  CHECK(door.get("/session").status == 404);
}

TEST_CASE("Without TLS the cookie is not Secure, or no browser would send it") {
  CHECK(set_cookie("pbs_x", false) == "patchbay_session=pbs_x; HttpOnly; SameSite=Strict; Path=/");
  http::Request request;
  CHECK_FALSE(is_secure(request, "http://127.0.0.1:8080"));
  CHECK(is_secure(request, "https://x.example"));
  request.secure = true;
  CHECK(is_secure(request, "http://127.0.0.1:8080"));
}

TEST_CASE("What was not sent by a page of this server changes nothing") {
  Door door;
  const std::string cookie = sign_in(door, door.world.root_token);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  const auto with = [&](Headers headers) {
    headers.emplace_back("Cookie", cookie);
    return door({.method = post,
                 .target = "/environment",
                 .body = R"({"name":"Forged"})",
                 .token = "",
                 .headers = std::move(headers)});
  };
  const std::pair<std::string, std::string> shown{"X-Patchbay-Session", "1"};
  for (const Headers& headers : std::vector<Headers>{
           {},
           {{"Origin", std::string(kOwn)}},
           {{"X-Patchbay-Session", "0"}},
           {shown, {"Origin", "https://evil.example"}},
           {shown, {"Origin", "http://patchbay.example"}},
           {shown, {"Origin", "https://patchbay.example:8443"}},
           {shown, {"Origin", "https://patchbay.example.evil.example"}},
           {shown, {"Origin", "null"}},
           {shown, {"Origin", std::string(kOwn)}, {"Origin", "https://evil.example"}},
           {shown, {"Sec-Fetch-Site", "same-site"}},
           {shown, {"Sec-Fetch-Site", "cross-site"}}}) {
    const Answer answer = with(headers);
    CHECK(answer.status == 403);
  }
  CHECK(door.get("/environment").size() == 1);
  CHECK(with({shown}).status == 201);
  // By another of its names, as long as it is the one that was asked.
  CHECK(door({.method = post,
              .target = "/environment",
              .body = R"({"name":"By its address"})",
              .token = "",
              .headers = {{"Cookie", cookie},
                          shown,
                          {"Host", "127.0.0.1:8080"},
                          {"Origin", "http://127.0.0.1:8080"}}})
            .status == 201);
  // Reading needs no more than the cookie; an API token comes with no browser.
  CHECK(door({.target = "/environment", .token = "", .headers = {{"Cookie", cookie}}}).status ==
        200);
  CHECK(door.post("/environment", R"({"name":"By token"})").status == 201);
  // Nobody is signed in as somebody else by a page of theirs.
  CHECK(door({.method = post,
              .target = "/session",
              .body = body_of("token", door.world.root_token),
              .token = "",
              .headers = {{"Origin", "https://evil.example"}}})
            .status == 403);
}

TEST_CASE("Signing out ends a session here, or everywhere, and takes the cookie back") {
  Door door;
  const std::string other_token = new_token(door, R"({"name":"other"})");
  const std::string here = sign_in(door, door.world.root_token);
  const std::string there = sign_in(door, door.world.root_token);
  const std::string third = sign_in(door, door.world.root_token);
  const std::string other = sign_in(door, other_token);
  const auto is_in = [&](const std::string& cookie) {
    return door(by_cookie(cookie, get, "/session")).status == 200;
  };
  CHECK(door({.method = delete_, .target = "/session", .token = "", .headers = {{"Cookie", here}}})
            .status == 403);
  CHECK(is_in(here));
  const Answer out = door(by_cookie(here, delete_, "/session"));
  CHECK(out.status == 200);
  CHECK(out.headers.find("Set-Cookie")->contains("Max-Age=0"));
  CHECK_FALSE(is_in(here));
  CHECK(door(by_cookie(here, get, "/integrated-account")).status == 401);
  CHECK(is_in(there));
  const Answer all = door(by_cookie(there, delete_, "/session?everywhere=true"));
  CHECK(all.body.int64_or("ended", 0) == 2);
  CHECK_FALSE(is_in(there));
  CHECK_FALSE(is_in(third));
  CHECK(is_in(other));
  CHECK(door(by_cookie(other, delete_, "/session?everywhere=maybe")).status == 400);
  // Whoever has the token ends its sessions without one.
  CHECK(door({.method = delete_, .target = "/session?everywhere=true", .token = other_token})
            .status == 200);
  CHECK_FALSE(is_in(other));
}

TEST_CASE("A session ends with its API token, at once") {
  Door door;
  const Answer made = door.post("/api-token", R"({"name":"short"})");
  const std::string cookie = sign_in(door, made["token"]);
  CHECK(door(by_cookie(cookie, get, "/environment")).status == 200);
  REQUIRE(door.remove("/api-token/" + std::string(made["id"])).status == 200);
  CHECK(door(by_cookie(cookie, get, "/environment")).status == 401);
  CHECK(door({.method = post,
              .target = "/session",
              .body = body_of("token", made["token"]),
              .token = ""})
            .status == 401);
}

TEST_CASE("Idle sessions end after eight hours, others after seven days") {
  Door door;
  const std::string cookie = sign_in(door, door.world.root_token);
  door.world.clock.advance(std::chrono::hours(7));
  CHECK(door(by_cookie(cookie, get, "/session")).status == 200);
  door.world.clock.advance(std::chrono::hours(8));
  CHECK(door(by_cookie(cookie, get, "/session")).status == 401);
  const std::string used = sign_in(door, door.world.root_token);
  for (int hours = 0; hours < 7 * 24 - 7; hours += 7) {
    CHECK(door(by_cookie(used, get, "/session")).status == 200);
    door.world.clock.advance(std::chrono::hours(7));
  }
  door.world.clock.advance(std::chrono::hours(7));
  CHECK(door(by_cookie(used, get, "/session")).status == 401);
}

TEST_CASE("By cookie the walls are those of the API token: its environment and its scope") {
  Door door;
  const std::string account = door.connect();
  const std::string second(door.post("/environment", R"({"name":"Second"})")["id"]);
  const std::string tenant =
      sign_in(door, new_token(door, R"({"name":"t","environment_id":")" + second + R"("})"));
  CHECK(door(by_cookie(tenant, get, "/integrated-account")).size() == 0);
  CHECK(door(by_cookie(tenant, get, "/integrated-account/" + account)).status == 404);
  CHECK(door(by_cookie(tenant, delete_, "/integrated-account/" + account)).status == 404);

  const std::string reader = sign_in(door, new_token(door, R"({"name":"r","scope":"read"})"));
  CHECK(door(by_cookie(reader, get, "/integrated-account/" + account)).status == 200);
  for (const Ask& ask :
       {by_cookie(reader, post, "/environment", R"({"name":"x"})"),
        by_cookie(reader, delete_, "/integrated-account/" + account),
        by_cookie(reader, post, "/integrated-account/" + account + "/mcp", R"({"name":"x"})"),
        by_cookie(reader, post, "/session/link")}) {
    const Answer answer = door(ask);
    CHECK(answer.status == 403);
    CHECK(answer["message"].contains("scope"));
  }
  // A second factor of MCP servers opens nothing here.
  CHECK(door({.method = post,
              .target = "/session",
              .body = body_of("token", new_token(door, R"({"name":"m","scope":"mcp"})")),
              .token = ""})
            .status == 403);
}

TEST_CASE("A link signs in once, within ten minutes") {
  Door door;
  const auto make = [&] {
    const Answer made = door.post("/session/link", "");
    REQUIRE_MESSAGE(made.status == 201, made.text);
    const std::string url(made["url"]);
    constexpr std::string_view kStart = "https://patchbay.example/dashboard/sign-in#link=";
    REQUIRE(url.starts_with(kStart));
    return url.substr(kStart.size());
  };
  const auto use = [&](std::string_view link) {
    return door({.method = post, .target = "/session", .body = body_of("link", link), .token = ""});
  };
  const std::string link = make();
  const Answer first = use(link);
  REQUIRE(first.status == 201);
  CHECK(door(by_cookie(cookie_of(first), get, "/session")).status == 200);
  CHECK(use(link).status == 401);
  const std::string late = make();
  door.world.clock.advance(std::chrono::minutes(10));
  CHECK(use(late).status == 401);
  CHECK(door({.method = post,
              .target = "/session",
              .body = R"({"token":"a","link":"b"})",
              .token = ""})
            .status == 400);
}

TEST_CASE("Attempts that fail are limited by address, and do not keep others out") {
  Door door;
  const auto attempt = [&](std::string_view token, std::string peer) {
    return door({.method = post,
                 .target = "/session",
                 .body = body_of("token", token),
                 .token = "",
                 .peer = std::move(peer)});
  };
  // Whoever gets in may do so as often as they like.
  for (int i = 0; i < 3 * SignInAttempts::kMostOfAddress; ++i) {
    REQUIRE(attempt(door.world.root_token, "2001:db8::1").status == 201);
  }
  for (int i = 0; i < SignInAttempts::kMostOfAddress; ++i) {
    REQUIRE(attempt("pba_wrong", "2001:db8::" + std::to_string(i)).status == 401);
  }
  // Another address of the same network, with the right token as well.
  const Answer refused = attempt(door.world.root_token, "2001:db8::99");
  CHECK(refused.status == 429);
  CHECK(refused.headers.find("Retry-After") == "60");
  CHECK(attempt(door.world.root_token, "2001:db8:1::1").status == 201);
  door.world.clock.advance(std::chrono::minutes(1));
  CHECK(attempt(door.world.root_token, "2001:db8::99").status == 201);
}

TEST_CASE("Of all addresses together so many attempts are looked at in a minute") {
  SignInAttempts attempts;
  const WallTime now{};
  for (int i = 0; i < SignInAttempts::kMostOfAll; ++i) {
    REQUIRE_FALSE(attempts.begin(std::to_string(i), now));
  }
  CHECK(attempts.begin("another", now) == SignInAttempts::kWindow);
  attempts.take_back("7");
  CHECK_FALSE(attempts.begin("another", now));
  CHECK_FALSE(attempts.begin("one more", now + SignInAttempts::kWindow));
}

TEST_CASE("Who signs in and out stands in the log, and which session a change came by") {
  Door door;
  const std::string cookie = sign_in(door, door.world.root_token);
  REQUIRE(door(by_cookie(cookie, post, "/environment", R"({"name":"New"})")).status == 201);
  REQUIRE(door(by_cookie(cookie, delete_, "/session")).status == 200);
  const Answer log = door.get("/log?kind=change");
  REQUIRE(log.status == 200);
  std::vector<std::string> operations;
  for (const json::Value& event : *log.body.find("result")->if_array()) {
    const std::string operation(event.string_or("tool", ""));
    operations.push_back(operation);
    if (operation != "signIn") CHECK(event.string_or("session_id", "").starts_with("ses_"));
  }
  CHECK(operations == std::vector<std::string>{"signOut", "createEnvironment", "signIn"});
  CHECK_FALSE(log.text.contains("pbs_"));
  CHECK_FALSE(log.text.contains("pba_"));
}

TEST_CASE(
    "A cookie that is there twice, is none of ours or comes beside a token counts for nothing") {
  Door door;
  const std::string cookie = sign_in(door, door.world.root_token);
  const auto status = [&](const std::string& cookies, const std::string& token) {
    return door({.target = "/environment", .token = token, .headers = {{"Cookie", cookies}}})
        .status;
  };
  CHECK(status(cookie, "") == 200);
  CHECK(status(cookie + "; " + cookie, "") == 401);
  CHECK(status("__Host-patchbay_session=pbs_x", "") == 401);
  CHECK(status("__Host-patchbay_session=" + door.world.root_token, "") == 401);
  // What a neighbour on the host may have set, behind TLS.
  CHECK(status(cookie.substr(std::string_view("__Host-").size()), "") == 401);
  CHECK(status(cookie, "pba_wrong") == 401);
}

}  // namespace
}  // namespace patchbay::admin
