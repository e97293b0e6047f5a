#include "upstream/account.h"

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "http/server.h"
#include "upstream/template.h"

namespace patchbay::upstream {

namespace {

integration::Integration integration() {
  integration::Integration made;
  made.name = "example";
  made.base_url = "{site}/v1";
  made.allow_loopback_http = true;
  integration::CredentialField site;
  site.name = "site";
  site.label = "Site";
  site.pattern = "(https?://)?[a-z0-9.:\\[\\]/-]+";
  integration::CredentialField key;
  key.name = "key";
  key.label = "Key";
  key.secret = true;
  integration::CredentialField region;
  region.name = "region";
  region.label = "Region";
  region.required = false;
  region.options = {"eu", "us"};
  region.default_value = "eu";
  made.credentials = {site, key, region};
  made.auth.style = integration::AuthStyle::basic;
  made.auth.username = "me+{region}";
  made.auth.password = "{key}";
  made.headers = {{"X-Region", "{region}"}};
  made.probe.path = "/ping";
  return made;
}

Result<std::shared_ptr<const Account>> open(const std::map<std::string, std::string>& given,
                                            integration::Integration made = integration()) {
  std::map<std::string, Secret> credentials;
  for (const auto& [name, value] : given) credentials.emplace(name, Secret(value));
  return Account::open("acc_1", std::make_shared<const integration::Integration>(std::move(made)),
                       credentials, TimeZone::utc());
}

struct Asked {
  std::string target;
  std::string authorization;
  std::string region;
  std::string accept;
  std::string content_type;
};

// A server of this machine that answers the same to everyone.
struct Host {
  io::Runtime runtime{{.loops = 1}};
  Asked asked;
  http::Server server;
  http::Client client{runtime, {}};
  Sender sender{client};
  explicit Host(http::Response response)
      : server(runtime, {}, [this, response](http::Request& request) -> io::Task<http::Response> {
          asked.target = request.target;
          asked.authorization = request.headers.find("Authorization").value_or("");
          asked.region = request.headers.find("X-Region").value_or("");
          asked.accept = request.headers.find("Accept").value_or("");
          asked.content_type = request.headers.find("Content-Type").value_or("");
          return answer(response);
        }) {
    runtime.start();
    REQUIRE(server.start());
  }
  ~Host() { runtime.stop(); }
  static io::Task<http::Response> answer(http::Response response) { co_return response; }
  std::shared_ptr<const Account> account() const {
    return open({{"site", "http://127.0.0.1:" + std::to_string(server.port()) + "/"},
                 {"key", "secret-key"}})
        .value();
  }
  Result<> probe() {
    Result<> outcome;
    const auto probed = account();
    runtime.run(runtime.loop(0), [&]() -> io::Task<> { outcome = co_await sender.probe(*probed); });
    return outcome;
  }
};

}  // namespace

TEST_CASE("an account's address is https unless the integration allows this machine") {
  const auto address = [](std::string site, bool loopback = true) -> std::string {
    auto made = integration();
    made.allow_loopback_http = loopback;
    const auto account = open({{"site", std::move(site)}, {"key", "k"}}, std::move(made));
    if (!account) return "! " + account.error().message;
    const auto& url = (*account)->base_url();
    return std::string(url.origin.secure ? "https " : "http ") + url.origin.host + ' ' +
           std::to_string(url.origin.port) + ' ' + url.path;
  };
  CHECK(address("api.example.com") == "https api.example.com 443 /v1");
  CHECK(address("https://api.example.com/") == "https api.example.com 443 /v1");
  CHECK(address("https://api.example.com:8443/x//") == "https api.example.com 8443 /x/v1");
  CHECK(address("http://127.0.0.1:8081") == "http 127.0.0.1 8081 /v1");
  CHECK(address("http://localhost:1") == "http localhost 1 /v1");
  CHECK(address("http://127.0.0.1:8081", false).contains("must begin with https://"));
  CHECK(address("http://api.example.com").contains("only addresses of this machine"));
  CHECK(address("http://127.0.0.1.evil.com").contains("only addresses of this machine"));
  CHECK(address("a@b").starts_with("! "));
}

TEST_CASE("credentials are checked and completed, and their values never stand in errors") {
  const auto said = [](const std::map<std::string, std::string>& given) {
    const auto account = open(given);
    REQUIRE(!account.has_value());
    CHECK(account.error().code == ErrorCode::invalid_argument);
    for (const auto& [name, value] : given) CHECK(!account.error().message.contains(value));
    return account.error().message + account.error().hint;
  };
  CHECK(said({{"site", "a.example"}}).contains("Missing credentials: key"));
  CHECK(said({}).contains("site, key"));
  CHECK(said({{"site", "SPACES AND CAPS"}, {"key", "kkkkkk"}}).contains("expected form"));
  CHECK(said({{"site", "a.example"}, {"key", "k\r\nX: y"}}).contains("line break"));
  CHECK(said({{"site", "a.example"}, {"key", "kkkkkk"}, {"region", "mars"}}).contains("eu, us"));
  CHECK(said({{"site", "a.example"}, {"key", "kkkkkk"}, {"keey", "kkkkkkk"}})
            .contains("Did you mean key?"));
}

TEST_CASE("a request carries sign-in, headers and the base path") {
  Host host(http::Response::json(200, "{}"));
  const auto account = host.account();
  host.runtime.run(host.runtime.loop(0), [&]() -> io::Task<> {
    Request request;
    request.path = "/things/1";
    request.query = "a=b";
    const auto answer = co_await host.sender.send(*account, std::move(request));
    CHECK(answer.has_value());
    CHECK(answer->status == 200);
  });
  CHECK(host.asked.target == "/v1/things/1?a=b");
  CHECK(host.asked.authorization == "Basic " + to_base64("me+eu:secret-key"));
  CHECK(host.asked.region == "eu");
  CHECK(host.asked.accept == "application/json");
}

TEST_CASE("a file may be of any type, and a body says of which it is") {
  Host host(http::Response::json(200, "{}"));
  const auto account = host.account();
  host.runtime.run(host.runtime.loop(0), [&]() -> io::Task<> {
    Request request;
    request.verb = integration::Verb::post;
    request.path = "/things";
    request.body = "--x--";
    request.headers["Content-Type"] = "multipart/form-data; boundary=x";
    request.any_media_type = true;
    CHECK((co_await host.sender.send(*account, std::move(request))).has_value());
  });
  CHECK(host.asked.accept == "application/json, */*;q=0.8");
  CHECK(host.asked.content_type == "multipart/form-data; boundary=x");
}

TEST_CASE("what an upstream echoes of the credentials is blanked out") {
  Host host(http::Response::json(200, "{}"));
  const auto account = host.account();
  CHECK(account->without_secrets("a secret-key and secret-key.") == "a [secret] and [secret].");
  CHECK(!account->without_secrets("x " + to_base64("me+eu:secret-key")).contains("bWUrZXU"));
}

TEST_CASE("a probe says what to check") {
  struct Case {
    int status;
    std::string body;
    ErrorCode code;
    std::string hint;
  };
  const std::vector<Case> cases = {
      {401, "{}", ErrorCode::unauthenticated, "client id"},
      {403, "{}", ErrorCode::permission_denied, "role"},
      {404, "{}", ErrorCode::upstream, "codebase"},
      {400, "Cannot route. Codebase/company is invalid", ErrorCode::upstream, "company id"},
      {429, "{}", ErrorCode::rate_limited, "seconds"},
      {500, "{}", ErrorCode::unavailable, "Try again"},
      {302, "", ErrorCode::upstream, "web interface"},
      {200, "<html>Sign in</html>", ErrorCode::upstream, "web interface"},
  };
  for (const auto& c : cases) {
    Host host(http::Response::text(c.status, c.body));
    const auto outcome = host.probe();
    REQUIRE(!outcome.has_value());
    CHECK(outcome.error().code == c.code);
    CHECK_MESSAGE(outcome.error().hint.contains(c.hint), outcome.error().hint);
  }
  Host host(http::Response::json(200, R"({"version":"v2025.1"})"));
  CHECK(host.probe().has_value());
  CHECK(host.asked.target == "/v1/ping");
}

TEST_CASE("a probe repeats what the upstream says itself, without markup and secrets") {
  const auto said = [](int status, std::string body) {
    Host host(http::Response::text(status, std::move(body)));
    const auto outcome = host.probe();
    REQUIRE(!outcome.has_value());
    return outcome.error().message;
  };
  CHECK(said(401, R"({"code":"Unauthorized","message":"UserNotAuthenticated"})")
            .ends_with("(HTTP 401). It says: Unauthorized: UserNotAuthenticated"));
  CHECK(said(400, "Cannot route. Codebase/company is invalid")
            .ends_with("It says: Cannot route. Codebase/company is invalid"));
  CHECK(said(500, R"({"message":"Timeout expired for key secret-key"})")
            .ends_with("It says: Timeout expired for key [secret]"));
  CHECK(said(403,
             R"({"code":"Forbidden","message":"No","errors":[{"field":"role","message":"low"}]})")
            .ends_with("It says: Forbidden: No: role: low"));
  CHECK(!said(404, "<html><h1>Not Found</h1></html>").contains("It says"));
  const std::string page =
      "<!DOCTYPE html><html><head>\n<TITLE lang=en>\n Sign in\n  to Corp</TITLE>";
  CHECK(said(200, page).ends_with("a page instead of data. It says: Sign in to Corp"));
  CHECK(said(502, page).ends_with("(HTTP 502). It says: Sign in to Corp"));
  CHECK(said(403, "<title>No entry for secret-key</title>").ends_with("No entry for [secret]"));
  CHECK(said(500, "<title>" + std::string(5'000, 'x') + "</title>").size() < 400);
  CHECK(said(500, "<title>\xE9t\xE9</title>").ends_with("It says: \xEF\xBF\xBDt\xEF\xBF\xBD"));
  // Half a secret is one as well.
  const auto cut = said(500, R"({"message":")" + std::string(597, 'x') + R"(secret-key"})");
  CHECK(!cut.contains("xsec"));
  CHECK(said(400, '"' + std::string(5'000, 'x') + '"').size() < 700);
  CHECK(said(500, "{\"message\":\"caf\xE9\"}").ends_with("It says: caf\xEF\xBF\xBD"));
}

TEST_CASE("a probe that is redirected says where to, without what is secret") {
  std::string port;
  const auto said = [&](const std::string& location) {
    auto response = http::Response::text(302, "");
    if (!location.empty()) response.headers.add("Location", location);
    Host host(std::move(response));
    port = std::to_string(host.server.port());
    const auto outcome = host.probe();
    REQUIRE(!outcome.has_value());
    CHECK_FALSE(outcome.error().hint.empty());
    return outcome.error().message;
  };
  CHECK(said("https://login.example/sign-in?token=t0k3n#x") ==
        "127.0.0.1 redirects to https://login.example/sign-in (HTTP 302).");
  const auto own = said("/sign-in?ReturnUrl=%2f");
  CHECK(own == "127.0.0.1 redirects to http://127.0.0.1:" + port + "/sign-in (HTTP 302).");
  CHECK(said("https://login.example:8443/a") ==
        "127.0.0.1 redirects to https://login.example:8443/a (HTTP 302).");
  CHECK(said("//login.example/a") == "127.0.0.1 redirects to https://login.example/a (HTTP 302).");
  CHECK(said("https://login.example/secret-key/x").contains("https://login.example/[secret]/x"));
  CHECK(said("https://ann:pw@login.example/") == "127.0.0.1 redirects elsewhere (HTTP 302).");
  CHECK(said("https://login.example/" + std::string(5'000, 'x')).size() < 300);
  CHECK(said("") == "127.0.0.1 redirects elsewhere (HTTP 302).");
}

TEST_CASE("no account passes its probe on an error that calls itself a success") {
  const auto passes = [](std::string body) {
    Host host(http::Response::json(200, std::move(body)));
    return host.probe().has_value();
  };
  CHECK_FALSE(passes(R"({"code":"Unauthorized","message":"UserNotAuthenticated"})"));
  CHECK_FALSE(passes(R"({"code":"ConnectWiseApi","message":"down","errors":[]})"));
  CHECK(passes(R"({"version":"v2025.1"})"));
  for (const char* error :
       {R"({"id":null,"code":"Unauthorized","message":"bad keys"})",
        R"({"id":0,"code":"Unauthorized","message":"bad keys"})", R"({"message":"no"})",
        R"({"Code":"Unauthorized","Message":"bad keys"})", R"({"Success":"False"})",
        R"({"errors":[{"code":"x","message":"y"}]})", R"({"error":{"message":"no"}})",
        R"({"error":"invalid_client"})", R"([{"code":"x","message":"y"}])"}) {
    CAPTURE(std::string(error));
    CHECK_FALSE(passes(error));
  }
  // A record may have a code and a message of its own.
  CHECK(passes(R"({"id":7,"code":"A","message":"hello"})"));
  CHECK(passes("[1]"));
  for (const char* nothing : {"", " ", "[]", "{}", "null", "\xef\xbb\xbf{ }", "\r\n"}) {
    CHECK_FALSE(passes(nothing));
  }
  Host host(http::Response::json(200, R"({"code":"Unauthorized","message":"Nope"})"));
  CHECK(host.probe().error().message.ends_with("It says: Unauthorized: Nope"));
}

TEST_CASE("what an API means by a status stands in its definition") {
  auto made = integration();
  made.probe.hints = {{404, "Here this may be the keys."}};
  for (const int status : {404, 400}) {
    Host host(http::Response::json(status, "{}"));
    const auto account = open({{"site", "http://127.0.0.1:" + std::to_string(host.server.port())},
                               {"key", "secret-key"}},
                              made)
                             .value();
    Result<> outcome;
    host.runtime.run(host.runtime.loop(0),
                     [&]() -> io::Task<> { outcome = co_await host.sender.probe(*account); });
    REQUIRE(!outcome.has_value());
    CHECK((outcome.error().hint == "Here this may be the keys.") == (status == 404));
  }
}

TEST_CASE("what is pasted in another form is put right, in order, and told") {
  auto made = integration();
  made.credentials[0].rewrites = {{"/.*$", ""}, {"^eu\\.(.*)$", "api-eu.\\1"}};
  made.credentials[1].rewrites = {{"^\\{(.*)\\}$", "\\1"}};
  const auto account =
      open({{"site", " eu.example.com/sign/in?x=1 "}, {"key", "{secret-key}"}}, made);
  REQUIRE_MESSAGE(account.has_value(), account.error().message);
  CHECK((*account)->base_url().origin.host == "api-eu.example.com");
  CHECK((*account)->put_right() ==
        std::vector<std::string>{"Site (site) was put right: it is api-eu.example.com.",
                                 "Key (key) was put right."});
  CHECK((*account)->without_secrets("a secret-key") == "a [secret]");
  const auto plain = open({{"site", "api-eu.example.com"}, {"key", "secret-key"}}, made);
  CHECK((*plain)->put_right().empty());
}

TEST_CASE("a probe of a host that is not there says so") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  http::Client client(runtime, {});
  Sender sender(client);
  const auto account = open({{"site", "http://127.0.0.1:1"}, {"key", "secret-key"}}).value();
  Result<> outcome;
  runtime.run(runtime.loop(0), [&]() -> io::Task<> { outcome = co_await sender.probe(*account); });
  REQUIRE(!outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::unavailable);
  CHECK(outcome.error().message.contains("127.0.0.1 could not be reached"));
  runtime.stop();
}

TEST_CASE("templates name what is missing") {
  const std::map<std::string, Secret> values = {{"a", Secret("1")}};
  CHECK(fill("x{a}y", values).value().reveal() == "x1y");
  CHECK(fill("{b}", values).error().message.contains("'b'"));
  CHECK(fill("{a", values).error().message.contains("'{'"));
}

}  // namespace patchbay::upstream
