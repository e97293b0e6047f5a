// Accounts that sign in by tokens, against an authorization server and an API of this machine.
#include <atomic>
#include <functional>
#include <optional>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "base/mutex.h"
#include "http/server.h"
#include "json/parse.h"
#include "json/write.h"
#include "upstream/account.h"

namespace patchbay::upstream {
namespace {

using std::chrono::seconds;

integration::CredentialField credential(std::string name, bool secret = false) {
  integration::CredentialField field;
  field.label = name;
  field.name = std::move(name);
  field.secret = secret;
  field.required = false;
  return field;
}

integration::Integration integration_of(integration::AuthStyle style) {
  integration::Integration made;
  made.name = "example";
  made.label = "Example";
  made.base_url = "{site}/api";
  made.allow_loopback_http = true;
  made.credentials = {credential("site"), credential("client_id"),
                      credential("client_secret", true), credential("tenant")};
  made.auth.style = style;
  auto& oauth = made.auth.oauth;
  oauth.token_url = "{site}/auth/token";
  oauth.token_query = {{"tenant", "{tenant}"}};
  oauth.token_form = {{"audience", "api"}};
  oauth.client_id = "{client_id}";
  oauth.client_secret = "{client_secret}";
  oauth.scope = "all read";
  if (style == integration::AuthStyle::oauth2_authorization_code) {
    oauth.authorize_url = "{site}/auth/authorize";
    oauth.authorize_query = {{"prompt", "consent"}};
  }
  made.probe.path = "/ping";
  return made;
}

// An authorization server and an API in one: tokens are "token-1", "token-2", …; what it is asked
// is written down.
class World {
 public:
  io::Runtime runtime{{.loops = 2}};
  http::Server server{runtime, {}, [this](http::Request& request) { return answer(request); }};
  http::Client client{runtime, {}};
  ManualClock clock{WallTime(seconds(1'800'000'000))};

  World() {
    runtime.start();
    REQUIRE(server.start());
  }
  ~World() { runtime.stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::shared_ptr<const Account> account(
      integration::AuthStyle style = integration::AuthStyle::oauth2_client_credentials,
      integration::ClientProof proof = integration::ClientProof::header) const {
    auto made = integration_of(style);
    made.auth.oauth.proof = proof;
    std::map<std::string, Secret> credentials;
    credentials.emplace("site", Secret("http://127.0.0.1:" + std::to_string(server.port())));
    credentials.emplace("client_id", Secret("me:and you"));
    credentials.emplace("client_secret", Secret("s3cret/value"));
    credentials.emplace("tenant", Secret("acme & co"));
    return Account::open("acc_1", std::make_shared<const integration::Integration>(std::move(made)),
                         credentials, TimeZone::utc())
        .value();
  }

  // What somebody has said yes to, with "token-0" for as long as is said.
  HeldGrant grant(std::string refresh, seconds left = seconds(0)) const {
    return {.bound_to = account(integration::AuthStyle::oauth2_authorization_code)->bound_to(),
            .access = Secret("token-0"),
            .refresh = Secret(std::move(refresh)),
            .expires_at = clock.now() + left,
            .version = 1};
  }

  // The status of a call, or the error of none.
  std::string call(Sender& sender, const Account& account, std::size_t loop = 0,
                   integration::Verb verb = integration::Verb::get, std::string body = {}) {
    std::string came;
    runtime.run(runtime.loop(loop), [&]() -> io::Task<> {
      Request request;
      request.verb = verb;
      request.path = "/things";
      request.body = body;
      const auto answer = co_await sender.send(account, std::move(request));
      came = answer ? std::to_string(answer->status) + ' ' + answer->body
                    : std::string(to_string(answer.error().error.code)) + ' ' +
                          answer.error().error.message;
    });
    return came;
  }

  struct Asked {
    std::string target;
    std::string authorization;
    std::string form;
  };
  std::vector<Asked> token_requests() const {
    const MutexLock lock(mutex_);
    return asked_;
  }
  // What the authorization server answers; nothing: the next token.
  void answer_tokens_with(std::optional<http::Response> response) {
    const MutexLock lock(mutex_);
    token_answer_ = std::move(response);
  }
  void take_back(std::string token) {
    const MutexLock lock(mutex_);
    taken_back_ = std::move(token);
  }
  std::atomic<int> lifetime{3600};
  std::atomic<bool> refuses_all{false};
  std::atomic<int> api_requests{0};
  std::atomic<int> pause_ms{0};

 private:
  io::Task<http::Response> answer(http::Request& request) {
    if (!request.path.starts_with("/auth/")) {
      ++api_requests;
      const std::string authorization(request.headers.find("Authorization").value_or(""));
      const MutexLock lock(mutex_);
      const bool good = !refuses_all && authorization.starts_with("Bearer token-") &&
                        authorization != "Bearer " + taken_back_;
      if (!good) co_return http::Response::json(401, R"({"error":"no"})");
      co_return http::Response::json(200, R"({"by":")" + authorization.substr(7) + R"(","got":)" +
                                              (request.body.empty() ? "null" : request.body) + '}');
    }
    std::optional<http::Response> given;
    int number = 0;
    {
      const MutexLock lock(mutex_);
      asked_.push_back({std::string(request.target),
                        std::string(request.headers.find("Authorization").value_or("")),
                        request.body});
      number = static_cast<int>(asked_.size());
      given = token_answer_;
    }
    const bool by_person =
        request.body.contains("refresh_token") || request.body.contains("authorization_code");
    if (pause_ms > 0) co_await io::sleep(std::chrono::milliseconds(pause_ms.load()));
    if (given) co_return std::move(*given);
    json::Object tokens{{"access_token", "token-" + std::to_string(number)},
                        {"token_type", "Bearer"},
                        {"expires_in", lifetime.load()}};
    if (by_person) tokens.append("refresh_token", "refresh-" + std::to_string(number));
    co_return http::Response::json(200, json::to_string(json::Value(std::move(tokens))));
  }

  mutable Mutex mutex_;
  std::vector<Asked> asked_ PATCHBAY_GUARDED_BY(mutex_);
  std::optional<http::Response> token_answer_ PATCHBAY_GUARDED_BY(mutex_);
  std::string taken_back_ PATCHBAY_GUARDED_BY(mutex_);
};

// Grants of this process.
class InMemory final : public GrantKeeper {
 public:
  Result<std::optional<HeldGrant>> read(std::string_view) override {
    const MutexLock lock(mutex_);
    return grant_;
  }
  Result<std::optional<std::int64_t>> claim(std::string_view, std::int64_t version, WallTime now,
                                            WallTime until) override {
    const MutexLock lock(mutex_);
    if (!grant_ || grant_->version != version || now < claimed_until_) return std::nullopt;
    claimed_until_ = until;
    return ++grant_->version;
  }
  Result<> keep(std::string_view, const HeldGrant& grant) override {
    const MutexLock lock(mutex_);
    if (failures > 0) {
      --failures;
      return fail(ErrorCode::unavailable, "the disk is away");
    }
    if (!grant_ || grant_->version != grant.version) return fail(ErrorCode::conflict, "changed");
    grant_ = grant;
    ++grant_->version;
    claimed_until_ = WallTime{};
    return {};
  }
  void set(HeldGrant grant) {
    const MutexLock lock(mutex_);
    grant_ = std::move(grant);
  }
  std::string refresh_token() const {
    const MutexLock lock(mutex_);
    return grant_ ? std::string(grant_->refresh.reveal()) : std::string();
  }
  std::atomic<int> failures{0};

 private:
  mutable Mutex mutex_;
  std::optional<HeldGrant> grant_ PATCHBAY_GUARDED_BY(mutex_);
  WallTime claimed_until_ PATCHBAY_GUARDED_BY(mutex_){};
};

}  // namespace

TEST_CASE(
    "an account of client credentials asks once, as the definition says, and goes on with it") {
  World world;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account();
  CHECK(world.call(sender, *account) == R"(200 {"by":"token-1","got":null})");
  CHECK(world.call(sender, *account, 1) == R"(200 {"by":"token-1","got":null})");
  const auto asked = world.token_requests();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].target == "/auth/token?tenant=acme%20%26%20co");
  CHECK(asked[0].form == "grant_type=client_credentials&scope=all%20read&audience=api");
  CHECK(asked[0].authorization == "Basic " + to_base64("me%3Aand%20you:s3cret%2Fvalue"));

  const auto by_body = world.account(integration::AuthStyle::oauth2_client_credentials,
                                     integration::ClientProof::body);
  CHECK(world.call(sender, *by_body).starts_with("200 "));
  CHECK(world.token_requests()[1].authorization.empty());
  CHECK(world.token_requests()[1].form ==
        "grant_type=client_credentials&scope=all%20read&client_id=me%3Aand%20you"
        "&client_secret=s3cret%2Fvalue&audience=api");
  // Neither the secret nor the token goes on in what the API echoes.
  CHECK(account->without_secrets("token-1 and s3cret/value") == "[secret] and [secret]");
  CHECK(account->bound_to() == account->origin());
}

TEST_CASE("a token is had anew before it is over, once, and the old one does where that fails") {
  World world;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account();
  CHECK(world.call(sender, *account).contains("token-1"));
  world.clock.advance(seconds(3600 - 61));
  CHECK(world.call(sender, *account).contains("token-1"));
  world.clock.advance(seconds(2));
  CHECK(world.call(sender, *account).contains("token-2"));
  CHECK(world.call(sender, *account).contains("token-2"));
  CHECK(world.token_requests().size() == 2);

  world.clock.advance(seconds(3600 - 30));
  world.answer_tokens_with(http::Response::json(503, "{}"));
  CHECK(world.call(sender, *account).contains("token-2"));
  CHECK(world.call(sender, *account).contains("token-2"));
  CHECK(world.token_requests().size() == 3);  // not by every call
  world.clock.advance(seconds(31));
  CHECK(world.call(sender, *account).starts_with("unavailable "));
  world.answer_tokens_with(std::nullopt);
  CHECK(world.call(sender, *account).starts_with("200 "));
}

TEST_CASE("many calls of several loops that need a token cause one request for it") {
  World world;
  world.pause_ms = 50;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account();
  std::atomic<int> good{0};
  std::atomic<int> done{0};
  constexpr int kCalls = 20;
  for (int i = 0; i < kCalls; ++i) {
    world.runtime.spawn(world.runtime.loop(static_cast<std::size_t>(i % 2)), [&]() -> io::Task<> {
      Request request;
      request.path = "/things";
      const auto answer = co_await sender.send(*account, std::move(request));
      if (answer && answer->status == 200) ++good;
      ++done;
    });
  }
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    while (done < kCalls) co_await io::sleep(std::chrono::milliseconds(5));
  });
  CHECK(good == kCalls);
  CHECK(world.token_requests().size() == 1);
}

TEST_CASE("a token that is taken back early is replaced, and the call sent once more") {
  World world;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account();
  CHECK(world.call(sender, *account).contains("token-1"));
  world.take_back("token-1");
  CHECK(world.call(sender, *account, 0, integration::Verb::post, R"({"a":1})") ==
        R"(200 {"by":"token-2","got":{"a":1}})");
  CHECK(world.token_requests().size() == 2);
  // An API that refuses everybody is not asked twice each time.
  world.refuses_all = true;
  world.api_requests = 0;
  CHECK(world.call(sender, *account).starts_with("401 "));
  CHECK(world.call(sender, *account).starts_with("401 "));
  CHECK(world.api_requests == 3);
  CHECK(world.token_requests().size() == 3);
}

TEST_CASE(
    "credentials that the authorization server refuses are told, and not tried by every call") {
  World world;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account();
  world.answer_tokens_with(http::Response::json(
      400, R"({"error":"invalid_client","error_description":"No client s3cret/value here."})"));
  const auto said = world.call(sender, *account);
  CHECK(said.starts_with("unauthenticated 127.0.0.1 gives no token for these credentials: "));
  CHECK(said.contains("invalid_client"));
  CHECK_FALSE(said.contains("s3cret"));
  CHECK(world.call(sender, *account) == said);
  CHECK(world.token_requests().size() == 1);
  // Whoever proves the connection wants to know how it is now.
  Result<> outcome;
  world.runtime.run(world.runtime.loop(0),
                    [&]() -> io::Task<> { outcome = co_await sender.probe(*account); });
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == ErrorCode::unauthenticated);
  CHECK(world.token_requests().size() == 2);
  world.answer_tokens_with(
      http::Response::json(200, R"({"access_token":"token-9","token_type":"mac"})"));
  world.clock.advance(seconds(11));
  CHECK(world.call(sender, *account).contains("of a kind that is not spoken here: mac"));
  world.answer_tokens_with(http::Response::json(200, "<html>"));
  CHECK(world.call(sender, *account).contains("holds no token"));
  world.answer_tokens_with(std::nullopt);
  CHECK(world.call(sender, *account).starts_with("200 "));
}

TEST_CASE("a person's yes is asked for with PKCE and becomes tokens") {
  World world;
  Sender sender(world.client, {.clock = &world.clock});
  const auto account = world.account(integration::AuthStyle::oauth2_authorization_code);
  const std::string origin = "http://127.0.0.1:" + std::to_string(world.server.port());
  CHECK(account->oauth()->authorize_at("st", "ch", "https://pb.example/connect/callback") ==
        origin +
            "/auth/authorize?prompt=consent&response_type=code&client_id=me%3Aand%20you"
            "&redirect_uri=https%3A%2F%2Fpb.example%2Fconnect%2Fcallback&scope=all%20read&state=st"
            "&code_challenge=ch&code_challenge_method=S256");
  Result<Tokens> tokens = fail(ErrorCode::internal, "");
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    tokens = co_await sender.redeem(
        *account, {.code = Secret("c0de"), .verifier = Secret("v"), .redirect_uri = "https://pb"});
  });
  REQUIRE(tokens.has_value());
  CHECK(tokens->refresh.reveal() == "refresh-1");
  CHECK(world.token_requests()[0].form ==
        "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Fpb&code_verifier=v"
        "&audience=api");
}

TEST_CASE("a refresh token that is replaced is kept before its access token is used") {
  World world;
  InMemory grants;
  Sender sender(world.client,
                {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto style = integration::AuthStyle::oauth2_authorization_code;
  const auto account = world.account(style);
  CHECK(world.call(sender, *account).starts_with("unauthenticated Nobody has signed this account"));

  grants.set(world.grant("refresh-0", seconds(100)));
  const auto connected = world.account(style);
  CHECK(world.call(sender, *connected).contains("token-0"));
  CHECK(world.token_requests().empty());
  world.clock.advance(seconds(80));
  grants.failures = 2;  // the disk comes back in time
  CHECK(world.call(sender, *connected).contains("token-1"));
  CHECK(grants.refresh_token() == "refresh-1");
  CHECK(world.token_requests()[0].form ==
        "grant_type=refresh_token&refresh_token=refresh-0&audience=api");
  // Another node, or the same one after a crash, goes on with what was kept.
  Sender other(world.client, {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto same = world.account(style);
  CHECK(world.call(other, *same).contains("token-1"));
  CHECK(world.token_requests().size() == 1);
}

TEST_CASE("an access token that was kept and is refused early is replaced, also in a new process") {
  World world;
  InMemory grants;
  grants.set(world.grant("refresh-0", seconds(100)));
  world.take_back("token-0");
  Sender sender(world.client,
                {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto account = world.account(integration::AuthStyle::oauth2_authorization_code);
  CHECK(world.call(sender, *account).contains("token-1"));
  CHECK(world.token_requests().size() == 1);
}

TEST_CASE("a grant is used nowhere but where it was given") {
  World world;
  InMemory grants;
  HeldGrant elsewhere = world.grant("refresh-0", seconds(100));
  elsewhere.bound_to = "https://things.example:443";
  grants.set(std::move(elsewhere));
  Sender sender(world.client,
                {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto account = world.account(integration::AuthStyle::oauth2_authorization_code);
  CHECK(world.call(sender, *account).starts_with("unauthenticated Nobody has signed this account"));
  CHECK(world.token_requests().empty());
  CHECK(world.api_requests == 0);
}

TEST_CASE("several nodes that need the same grant refresh it once") {
  World world;
  world.pause_ms = 100;
  InMemory grants;
  grants.set(world.grant("refresh-0"));
  Sender one(world.client, {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  Sender two(world.client, {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto style = integration::AuthStyle::oauth2_authorization_code;
  std::atomic<int> good{0};
  std::atomic<int> done{0};
  for (std::size_t i = 0; i < 2; ++i) {
    world.runtime.spawn(world.runtime.loop(i), [&, i]() -> io::Task<> {
      const auto account = world.account(style);
      Request request;
      request.path = "/things";
      const auto answer = co_await (i == 0 ? one : two).send(*account, std::move(request));
      if (answer && answer->status == 200) ++good;
      ++done;
    });
  }
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    while (done < 2) co_await io::sleep(std::chrono::milliseconds(5));
  });
  CHECK(good == 2);
  CHECK(world.token_requests().size() == 1);
}

TEST_CASE("a grant that is over is told as such, and not tried again") {
  World world;
  InMemory grants;
  grants.set(world.grant("refresh-0"));
  Sender sender(world.client,
                {.grants = &grants, .runtime = &world.runtime, .clock = &world.clock});
  const auto account = world.account(integration::AuthStyle::oauth2_authorization_code);
  world.answer_tokens_with(http::Response::json(400, R"({"error":"invalid_grant"})"));
  CHECK(world.call(sender, *account).contains("no longer takes this sign-in: invalid_grant"));
  CHECK(grants.refresh_token().empty());
  world.clock.advance(seconds(20));
  CHECK(world.call(sender, *account).contains("is over"));
  CHECK(world.token_requests().size() == 1);
  // A server that is away for a moment ends no grant.
  grants.set(world.grant("refresh-5"));
  world.answer_tokens_with(http::Response::json(502, "bad gateway"));
  world.clock.advance(seconds(20));
  CHECK(world.call(sender, *account).starts_with("unavailable "));
  CHECK(grants.refresh_token() == "refresh-5");
  world.answer_tokens_with(std::nullopt);
  CHECK(world.call(sender, *account).starts_with("200 "));
}

}  // namespace patchbay::upstream
