// The control plane's servers through the endpoint: who may speak, and for how long.
#include "mcp/served_tools.h"

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "mcp/endpoint_harness.h"

using namespace patchbay;
using namespace patchbay::mcp;
using control::testing::World;

namespace {

// An instance with one account, and its endpoint.
struct Instance {
  World world;
  control::Principal tenant = world.tenant("acme");
  std::string account = world.connect(tenant).id;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<upstream::Sender> sender;
  std::unique_ptr<gateway::Gateway> gateway;
  Harness harness{[this](io::Runtime& runtime, const telemetry::Log& log) {
    client = std::make_unique<http::Client>(runtime, http::ClientOptions{});
    sender = std::make_unique<upstream::Sender>(*client);
    gateway = std::make_unique<gateway::Gateway>(
        runtime, *sender, world.clock, Secret(std::string(32, 'k')), gateway::GatewayOptions{});
    return std::make_unique<Endpoint>(world.holder, *gateway, world.vault, world.clock, log,
                                      EndpointOptions{.server_version = "1"});
  }};
  // The client goes before the runtime, which is the harness's.
  ~Instance() {
    harness.stop();
    gateway.reset();
    sender.reset();
    client.reset();
  }

  std::string mint(std::string_view config = "{}", std::optional<WallTime> expires = {}) {
    minted.emplace(world.mint(tenant, account, *json::parse(config), expires));
    return std::string(minted->token.reveal());
  }
  Reaction post(std::string_view token, std::string body, HeaderList headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return harness.send(http::Method::post, "/mcp/" + std::string(token), std::move(headers),
                        std::move(body));
  }
  int ping(std::string_view token, HeaderList headers = {}) {
    return post(token, legacy_body("ping"), std::move(headers)).status;
  }
  std::string api_token(const control::Principal& principal, const std::string& environment,
                        std::optional<WallTime> expires = {}) {
    const auto made =
        world.control->create_api_token(principal, environment, "second factor", expires);
    REQUIRE(made.has_value());
    return std::string(made->token.reveal());
  }

  std::optional<control::Minted<store::McpServerRow>> minted;  // the last one
};

}  // namespace

TEST_CASE("a minted server lists its tools and no others") {
  Instance instance;
  const std::string token = instance.mint(R"({"methods":["read"],"tags":["support"]})");
  const Reaction reaction = instance.post(token, legacy_body("tools/list"));
  CHECK(reaction.status == 200);
  CHECK(reaction.body.find("list_all_desk_tickets") != std::string::npos);
  CHECK(reaction.body.find("list_all_desk_invoices") == std::string::npos);
  CHECK(reaction.body.find("create_a_desk_ticket") == std::string::npos);
  // A tool outside the server's filter does not exist for it.
  const Reaction outside = instance.post(
      token, legacy_body("tools/call", R"({"name":"create_a_desk_ticket","arguments":{}})"));
  CHECK(outside.error_code() == -32602);
}

TEST_CASE("a server is refused from its moment of expiry on, timer or no timer") {
  Instance instance;
  const std::string token =
      instance.mint("{}", instance.world.clock.now() + std::chrono::minutes(2));
  CHECK(instance.ping(token) == 200);
  instance.world.clock.advance(std::chrono::seconds(119));
  CHECK(instance.ping(token) == 200);
  instance.world.clock.advance(std::chrono::seconds(1));
  CHECK(instance.ping(token) == 404);
}

TEST_CASE("deleted and rotated tokens answer like ones that never were") {
  Instance instance;
  const std::string old = instance.mint();
  const std::string id = instance.minted->row.id;
  const auto rotated =
      instance.world.control->rotate_mcp_server(instance.tenant, instance.account, id);
  REQUIRE(rotated.has_value());
  const std::string fresh(rotated->token.reveal());
  CHECK(instance.ping(fresh) == 200);
  const std::string never(vault::Token::generate(vault::TokenKind::mcp_server).reveal());
  const std::string body = instance.post(never, legacy_body("ping")).body;
  CHECK(instance.post(old, legacy_body("ping")).body == body);
  REQUIRE(instance.world.control->delete_mcp_server(instance.tenant, instance.account, id));
  const Reaction gone = instance.post(fresh, legacy_body("ping"));
  CHECK(gone.status == 404);
  CHECK(gone.body == body);
}

TEST_CASE("the second factor is a living API token of the same environment, or of the instance") {
  Instance instance;
  const std::string token = instance.mint(R"({"require_api_token_auth":true})");
  const auto bearer = [](const std::string& text) {
    return HeaderList{{"Authorization", "Bearer " + text}};
  };
  const std::string mine = instance.api_token(instance.world.root, instance.tenant.environment_id);
  const control::Principal other = instance.world.tenant("other");
  const std::string theirs = instance.api_token(instance.world.root, other.environment_id);
  CHECK(instance.ping(token) == 401);
  CHECK(instance.ping(token, bearer(mine)) == 200);
  CHECK(instance.ping(token, {{"X-Api-Token", mine}}) == 200);
  CHECK(instance.ping(token, bearer(instance.world.root_token)) == 200);
  CHECK(instance.ping(token, bearer(theirs)) == 401);
  CHECK(instance.ping(token, bearer(token)) == 401);
  CHECK(instance.ping(token, bearer(mine + "x")) == 401);
  const std::string brief =
      instance.api_token(instance.world.root, instance.tenant.environment_id,
                         instance.world.clock.now() + std::chrono::minutes(5));
  CHECK(instance.ping(token, bearer(brief)) == 200);
  instance.world.clock.advance(std::chrono::minutes(6));
  CHECK(instance.ping(token, bearer(brief)) == 401);
  // An API token alone opens nothing.
  CHECK(instance.ping(mine) == 404);
}

TEST_CASE("a listener learns of a change that another connection made, and only of what it asked") {
  Instance instance;
  const std::string token = instance.mint(R"({"methods":["read"]})");
  const std::string id = instance.minted->row.id;
  const auto listen = [&](std::string_view what) {
    HeaderList headers = modern_headers("subscriptions/listen");
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return instance.harness.open(
        http::Method::post, "/mcp/" + token, std::move(headers),
        modern_body("subscriptions/listen", R"("notifications":{)" + std::string(what) + "}"));
  };
  const auto tools = listen(R"("toolsListChanged":true)");
  const auto prompts = listen(R"("promptsListChanged":true,"resourcesListChanged":true)");
  REQUIRE(tools->wait_for("notifications/subscriptions/acknowledged"));
  REQUIRE(prompts->wait_for("notifications/subscriptions/acknowledged"));
  CHECK(tools->text().find(R"("notifications":{"toolsListChanged":true})") != std::string::npos);
  CHECK(prompts->text().find(R"("notifications":{})") != std::string::npos);
  CHECK(tools->text().find(R"("io.modelcontextprotocol/subscriptionId":1)") != std::string::npos);

  const json::Value patch = *json::parse(R"({"config":{"methods":["read","write"]}})");
  REQUIRE(instance.world.control->update_mcp_server(instance.tenant, instance.account, id,
                                                    *patch.if_object()));
  CHECK(tools->wait_for("notifications/tools/list_changed"));

  REQUIRE(instance.world.control->delete_mcp_server(instance.tenant, instance.account, id));
  REQUIRE(tools->wait_for_end());
  REQUIRE(prompts->wait_for_end());
  CHECK(prompts->text().find("list_changed") == std::string::npos);
  CHECK(tools->text().find(R"("result":{"resultType":"complete","_meta":{)"
                           R"("io.modelcontextprotocol/subscriptionId":1)") != std::string::npos);
}

TEST_CASE("a listener is ended when its server expires, and when the server stops") {
  Instance instance;
  const auto listen = [&](const std::string& token) {
    HeaderList headers = modern_headers("subscriptions/listen");
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "text/event-stream, application/json");
    const auto stream = instance.harness.open(
        http::Method::post, "/mcp/" + token, std::move(headers),
        modern_body("subscriptions/listen", R"("notifications":{"toolsListChanged":true})"));
    REQUIRE(stream->wait_for("acknowledged"));
    return stream;
  };
  const auto expiring =
      listen(instance.mint("{}", instance.world.clock.now() + std::chrono::minutes(2)));
  const auto lasting = listen(instance.mint());
  instance.world.clock.advance(std::chrono::minutes(3));
  CHECK(expiring->wait_for_end());
  CHECK(expiring->text().find("list_changed") != std::string::npos);
  instance.harness.endpoint().end_streams();
  CHECK(lasting->wait_for_end());
  CHECK(lasting->text().find("\"result\"") != std::string::npos);
}

TEST_CASE("subscriptions/listen needs to be told what to listen for") {
  Instance instance;
  const std::string token = instance.mint();
  const Reaction reaction = instance.post(token, modern_body("subscriptions/listen"),
                                          modern_headers("subscriptions/listen"));
  CHECK(reaction.status == 200);
  CHECK(reaction.error_code() == -32602);
}
