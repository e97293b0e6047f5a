#include "upstream/member.h"

#include <functional>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "http/server.h"
#include "upstream/account.h"

namespace patchbay::upstream {
namespace {

integration::Integration desk() {
  integration::Integration made;
  made.name = "desk";
  made.base_url = "{site}/v1";
  made.allow_loopback_http = true;
  integration::CredentialField site{.name = "site", .label = "Site"};
  integration::CredentialField user{.name = "user", .label = "User", .personal = true};
  integration::CredentialField key{.name = "key", .label = "Key", .secret = true, .personal = true};
  made.credentials = {site, user, key};
  made.auth.style = integration::AuthStyle::basic;
  made.auth.username = "{user}";
  made.auth.password = "{key}";
  made.members = {.resource = "people",
                  .whose_keys = "/me",
                  .one = integration::PathTemplate::parse("/people/{person}").value(),
                  .login = "login",
                  .name = {"first", "last"}};
  integration::Resource people;
  people.name = "people";
  people.out_of_use = {{.field = "gone"}};
  made.resources = {people};
  return made;
}

struct Host {
  io::Runtime runtime{{.loops = 1}};
  int status = 200;
  std::string body;
  std::vector<std::string> targets;
  std::vector<std::string> signed_in;
  http::Server server;
  http::Client client{runtime, {}};
  Sender sender{client};
  Host() : server(runtime, {}, [this](http::Request& request) { return answer(request); }) {
    runtime.start();
    REQUIRE(server.start());
  }
  ~Host() { runtime.stop(); }
  io::Task<http::Response> answer(http::Request& request) {
    targets.emplace_back(request.target);
    signed_in.emplace_back(request.headers.find("Authorization").value_or(""));
    co_return http::Response::json(status, body);
  }
  std::shared_ptr<const Account> account(integration::Integration made = desk()) const {
    return Account::open("acc_1", std::make_shared<const integration::Integration>(std::move(made)),
                         {{"site", Secret("http://127.0.0.1:" + std::to_string(server.port()))},
                          {"user", Secret("robot")},
                          {"key", Secret("robots-key")}},
                         TimeZone::utc())
        .value();
  }
  Result<Member> find(const Account& account, const std::string& named) {
    Result<Member> found = fail(ErrorCode::internal, "");
    runtime.run(runtime.loop(0),
                [&]() -> io::Task<> { found = co_await sender.find_member(account, named); });
    return found;
  }
};

std::string basic(std::string_view pair) {
  return "Basic " + to_base64(pair);
}

}  // namespace

TEST_CASE("a member's own keys sign in alone, at the account's address") {
  Host host;
  host.body = R"({"id": 7, "login": "jane", "first": " Jane", "last": "Doe"})";
  const auto account = host.account();
  const auto own =
      account->of_member("mcp_1", {{"user", Secret("jane")}, {"key", Secret("janes-key")}}).value();
  CHECK(host.find(*own, "") == Member{.id = 7, .login = "jane", .name = "Jane Doe"});
  CHECK(host.find(*account, "jane").value().label() == "Jane Doe (jane)");
  CHECK(host.targets == std::vector<std::string>{"/v1/me", "/v1/people/jane"});
  CHECK(host.signed_in ==
        std::vector<std::string>{basic("jane:janes-key"), basic("robot:robots-key")});
  CHECK(own->id() == account->id());
  CHECK(own->connection() == "acc_1/mcp_1");
  CHECK(account->connection() == "acc_1");
  CHECK(own->without_secrets("janes-key, robots-key") == "[secret], robots-key");

  // None of the account's fills a gap, and nothing that is the account's is given.
  CHECK(account->of_member("m", {{"user", Secret("jane")}}).error().message.contains("key"));
  CHECK(account->of_member("m", {{"key", Secret("janes-key")}}).error().message.contains("user"));
  const auto site = account->of_member("m", {{"user", Secret("jane")},
                                             {"key", Secret("janes-key")},
                                             {"site", Secret("http://127.0.0.1:1")}});
  REQUIRE_FALSE(site);
  CHECK(site.error().message == "'site' is not a member's own credential.");
  CHECK(site.error().hint.contains("user, key"));
}

TEST_CASE("an account that is signed out sends nothing") {
  Host host;
  host.body = R"({"id": 7})";
  const auto out = host.account()->signed_out("mcp_1", "They are gone.");
  CHECK(host.find(*out, "").error().message.contains("They are gone."));
  CHECK(host.targets.empty());
  CHECK(out->without_secrets("robots-key") == "robots-key");
}

TEST_CASE("who is asked for and not answered is nobody") {
  Host host;
  const auto account = host.account();
  const auto code = [&](const std::string& named) {
    const auto found = host.find(*account, named);
    return found ? ErrorCode::internal : found.error().code;
  };
  for (const char* const other :
       {R"({"id": 8, "login": "ben"})", "[]", R"([{"id": 7}, {"id": 8}])", "{}", "7", "<p>", "",
        R"({"id": "x", "login": "jane"})", R"({"id": 0, "login": "jane"})"}) {
    host.body = other;
    CAPTURE(other);
    CHECK(code("jane") == ErrorCode::not_found);
  }
  host.body = R"([{"id": 7, "login": "JANE"}])";
  CHECK(host.find(*account, "jane").value().id == 7);
  CHECK(host.find(*account, "7").value().login == "JANE");
  host.body = R"({"id": 7, "login": "jane", "gone": true})";
  CHECK(code("jane") == ErrorCode::invalid_argument);
  host.body = "{}";
  for (const auto& [status, expected] : {std::pair{401, ErrorCode::unauthenticated},
                                         {403, ErrorCode::permission_denied},
                                         {404, ErrorCode::not_found},
                                         {429, ErrorCode::rate_limited},
                                         {500, ErrorCode::unavailable},
                                         {302, ErrorCode::upstream}}) {
    host.status = status;
    CHECK(code("jane") == expected);
  }
  // What cannot stand in an address is asked of nobody.
  host.targets.clear();
  for (const char* const odd : {"..", "."}) CHECK(code(odd) == ErrorCode::not_found);
  CHECK(host.targets.empty());
  host.status = 200;
  CHECK(code("a/../../b") == ErrorCode::not_found);
  CHECK(host.targets == std::vector<std::string>{"/v1/people/a%2F..%2F..%2Fb"});
}

}  // namespace patchbay::upstream
