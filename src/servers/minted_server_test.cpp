// The control plane's servers through the endpoint: who may speak, and for how long.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "control/test_world.h"
#include "mcp/test_endpoint.h"
#include "servers/minted_server_registry.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers;
using control::testing::World;

namespace {

// An instance with one account, and its endpoint.
struct Instance {
  World world;
  control::Principal tenant = world.tenant("acme");
  // An upstream that is never reached: the address guard refuses it.
  std::string account =
      world.control
          ->create_account(tenant, {.integration = "desk",
                                    .name = "Acme",
                                    .credentials = {{"site", Secret("127.0.0.1:9")},
                                                    {"key", Secret("hunter2")}}})
          .value()
          .id;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<upstream::Sender> sender;
  std::unique_ptr<gateway::Gateway> gateway;
  TestEndpoint endpoint{[this](io::Runtime& runtime, const telemetry::Log& log) {
    client = std::make_unique<http::Client>(runtime, http::ClientOptions{});
    sender = std::make_unique<upstream::Sender>(*client);
    gateway = std::make_unique<gateway::Gateway>(runtime, *sender, world.clock,
                                                 std::vector{Secret(std::string(32, 'k'))},
                                                 gateway::GatewayOptions{});
    auto registry = std::make_unique<MintedServerRegistry>(runtime, world.holder, *gateway,
                                                           world.vault, world.clock, nullptr);
    return std::make_unique<McpEndpoint>(std::move(registry), world.vault, world.clock, log,
                                         EndpointOptions{.server_version = "1"});
  }};
  // The client goes before the runtime, which is the endpoint's.
  ~Instance() {
    endpoint.stop();
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
    return endpoint.send(http::Method::post, "/mcp/" + std::string(token), std::move(headers),
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

TEST_CASE("a server introduces itself with what its integration is and its tools have") {
  Instance instance;
  const std::string token = instance.mint();
  const Reaction hello = instance.post(
      token, legacy_body("initialize", R"({"protocolVersion":"2025-11-25","capabilities":{}})"));
  const std::string_view said = hello.result().string_or("instructions", "");
  CHECK(said.starts_with("Tools of Desk."));
  CHECK(said.find("next_cursor") != std::string_view::npos);
  CHECK(said.find("dry_run") == std::string_view::npos);
  CHECK(said.find("board") == std::string_view::npos);
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

TEST_CASE("a second factor of scope mcp opens its servers; who looks or mints is none") {
  using control::Scope;
  Instance instance;
  const std::string token = instance.mint(R"({"require_api_token_auth":true})");
  const std::string id = instance.minted->row.id;
  instance.mint(R"({"require_api_token_auth":true})");
  const std::string another = instance.minted->row.id;
  const auto ping_with = [&](control::TokenScope scope) {
    const auto made =
        instance.world.control->create_api_token(instance.tenant, "", "t", {}, std::move(scope));
    return instance.ping(token, {{"X-Api-Token", std::string(made->token.reveal())}});
  };
  CHECK(ping_with({.scope = Scope::admin}) == 200);
  CHECK(ping_with({.scope = Scope::mcp}) == 200);
  CHECK(ping_with({.scope = Scope::mcp, .servers = {id}}) == 200);
  CHECK(ping_with({.scope = Scope::mcp, .servers = {another}}) == 401);
  CHECK(ping_with({.scope = Scope::read}) == 401);
  CHECK(ping_with({.scope = Scope::mint}) == 401);
}

TEST_CASE("a listener learns of a change that another connection made, and only of what it asked") {
  Instance instance;
  const std::string token = instance.mint(R"({"methods":["read"]})");
  const std::string id = instance.minted->row.id;
  const auto listen = [&](std::string_view what) {
    HeaderList headers = modern_headers("subscriptions/listen");
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return instance.endpoint.open(
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

  const json::Object wider{{"methods", json::Array{"read", "write"}}};
  REQUIRE(instance.world.control->update_mcp_server(instance.tenant, instance.account, id,
                                                    {.config = wider}));
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
    const auto stream = instance.endpoint.open(
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
  instance.endpoint.under_test().end_streams();
  CHECK(lasting->wait_for_end());
  CHECK(lasting->text().find("\"result\"") != std::string::npos);
}

TEST_CASE("a long call tells what the gateway waits for, and a write that waits can be given up") {
  Instance instance;
  const std::string token = instance.mint();
  // As many requests of the account as may be on their way at a time.
  io::Runtime others({.loops = 1});
  others.start();
  std::vector<upstream::Throttle::Pass> passes;
  others.run(others.loop(0), [&]() -> io::Task<> {
    auto& throttle = instance.world.find(instance.minted->token)->account->throttle();
    for (int i = 0; i < upstream::ThrottleLimits().at_once; ++i) {
      passes.push_back(std::move(*co_await throttle.enter("", {}, {})));
    }
  });
  const auto call = [&](std::string_view tool, int id) {
    return instance.endpoint.open(
        http::Method::post, "/mcp/" + token,
        {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}},
        R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
            R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
            R"(","arguments":{},"_meta":{"progressToken":"p"}}})");
  };
  const auto read = call("list_all_desk_tickets", 1);
  const auto write = call("create_a_desk_ticket", 2);
  for (const auto& stream : {read, write}) {
    CHECK(stream->wait_for(R"("message":"Waiting for a turn: other requests of this account)"));
  }
  (void)instance.post(
      token, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
  CHECK(write->wait_for_end());
  CHECK(write->text().find(R"(\"code\":\"cancelled\")") != std::string::npos);
  CHECK(write->text().find(R"(\"was_applied\":\"no\")") != std::string::npos);
  // Its turn comes, and there is nobody to ask.
  passes.clear();
  CHECK(read->wait_for_end());
  CHECK(read->text().find("\"isError\":true") != std::string::npos);
  others.stop();
}

TEST_CASE("subscriptions/listen needs to be told what to listen for") {
  Instance instance;
  const std::string token = instance.mint();
  const Reaction reaction = instance.post(token, modern_body("subscriptions/listen"),
                                          modern_headers("subscriptions/listen"));
  CHECK(reaction.status == 200);
  CHECK(reaction.error_code() == -32602);
}

namespace {

constexpr std::string_view kDelete = "delete_a_desk_ticket_by_id";

std::string delete_call(std::string_view more = "") {
  return R"("name":"delete_a_desk_ticket_by_id","arguments":{)" + std::string(more) + "}";
}

// The code of the error that the tool's text holds; empty: it has none.
std::string error_code(const Reaction& reaction) {
  const json::Value* content = reaction.result().find("content");
  if (content == nullptr) return "(no content)";
  const auto text = json::parse(content->if_array()->at(0).string_or("text", "null"));
  const json::Value* error = text->find("error");
  return error != nullptr ? std::string(error->string_or("code", "?")) : "";
}

}  // namespace

TEST_CASE("confirm_writes: without elicitation a delete runs at the second call, with its code") {
  Instance instance;
  const std::string token = instance.mint(R"({"confirm_writes":true})");
  CHECK(instance.post(token, legacy_body("tools/list")).body.find("\"confirmation\"") !=
        std::string::npos);
  const Reaction first = instance.post(token, legacy_body("tools/call", "{" + delete_call() + "}"));
  CHECK(first.result().bool_or("isError", false));
  CHECK(error_code(first) == "confirmation_required");
  CHECK(first.body.find(R"(\"was_applied\":\"no\")") != std::string::npos);
  const std::size_t at = first.body.find(R"(confirmation: \\\")");
  REQUIRE(at != std::string::npos);
  const std::string code = first.body.substr(at + 18, 8);
  const auto again = [&](const std::string& with, std::string_view more = "") {
    return error_code(instance.post(
        token,
        legacy_body(
            "tools/call",
            "{" + delete_call(R"("confirmation":")" + with + "\"" + std::string(more)) + "}")));
  };
  CHECK(again("22222222") == "confirmation_required");
  CHECK(again(code, R"(,"id":6)") == "confirmation_required");  // other arguments
  CHECK(again(code) != "confirmation_required");                // it went ahead
  instance.world.clock.advance(std::chrono::minutes(21));
  CHECK(again(code) == "confirmation_required");
  // Reads and creates are not asked for.
  CHECK(error_code(instance.post(
            token, legacy_body("tools/call", R"({"name":"create_a_desk_ticket"})"))) !=
        "confirmation_required");
}

TEST_CASE("confirm_writes: what has data sent out later is asked for like what destroys") {
  Instance instance;
  const auto integration = control::testing::fake_integration();
  for (integration::Method& method : integration->resources[1].methods) {
    if (method.kind == integration::MethodKind::create ||
        method.kind == integration::MethodKind::update) {
      method.tags.emplace_back("outbound");
    }
  }
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
  const std::string asking = instance.mint(R"({"confirm_writes":true})");
  const std::string free = instance.mint("{}");
  for (const std::string_view tool : {"create_a_desk_ticket", "update_a_desk_ticket_by_id"}) {
    const std::string call =
        legacy_body("tools/call", R"({"name":")" + std::string(tool) + R"(","arguments":{}})");
    const Reaction asked = instance.post(asking, call);
    CHECK(error_code(asked) == "confirmation_required");
    CHECK(asked.body.find("data leaves the system by itself") != std::string::npos);
    CHECK(error_code(instance.post(free, call)) != "confirmation_required");
  }
  const std::string other = R"({"name":"create_a_desk_invoice","arguments":{}})";
  CHECK(error_code(instance.post(asking, legacy_body("tools/call", other))) !=
        "confirmation_required");
}

TEST_CASE("confirm_writes: a dry run sends nothing, so nobody is asked") {
  Instance instance;
  const auto integration = control::testing::fake_integration();
  for (integration::Method& method : integration->resources[1].methods) {
    if (method.kind != integration::MethodKind::delete_) continue;
    method.verb = integration::Verb::delete_;
    integration::Argument argument;
    argument.name = argument.target = "dry_run";
    argument.place = integration::ArgumentPlace::platform;
    argument.type = integration::FieldType::boolean;
    argument.schema["type"] = "boolean";
    method.arguments.push_back(std::move(argument));
  }
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
  const std::string token = instance.mint(R"({"confirm_writes":true})");
  const auto call = [&](std::string_view arguments) {
    return instance.post(token, legacy_body("tools/call", "{" + delete_call(arguments) + "}"));
  };
  const Reaction shown = call(R"("dry_run":true)");
  CHECK(error_code(shown).empty());
  CHECK(shown.body.find(R"(\"method\":\"DELETE\")") != std::string::npos);
  // A code that stands beside it is not the gateway's to refuse.
  CHECK(error_code(call(R"("dry_run":true,"confirmation":"22222222")")).empty());
  // What only looks like one is asked for.
  CHECK(error_code(call(R"("dry_run":false)")) == "confirmation_required");
  CHECK(error_code(call(R"("dry_run":"true")")) == "confirmation_required");
  CHECK(error_code(call("")) == "confirmation_required");
}

TEST_CASE("confirm_writes: a modern client with elicitation is asked, and only its yes counts") {
  Instance instance;
  const std::string token = instance.mint(R"({"confirm_writes":true})");
  const auto call = [&](std::string_view more) {
    std::string body = modern_body("tools/call", delete_call() + std::string(more));
    const std::string_view key = R"("io.modelcontextprotocol/clientCapabilities":)";
    body.replace(body.find(key) + key.size(), 2, R"({"elicitation":{}})");
    return instance.post(token, body, modern_headers("tools/call", kDelete));
  };
  const Reaction first = call("");
  CHECK(first.result().string_or("resultType", "") == "input_required");
  const std::string state(first.result().string_or("requestState", ""));
  const auto answer = [](std::string_view action, std::string_view yes) {
    return R"(,"inputResponses":{"confirm":{"action":")" + std::string(action) +
           R"(","content":{"confirm":)" + std::string(yes) + "}}}";
  };
  const std::string with_state = R"(,"requestState":")" + state + "\"";
  // An answer to a question that was never asked is asked for again.
  CHECK(call(answer("accept", "true")).result().string_or("resultType", "") == "input_required");
  CHECK(error_code(call(answer("decline", "true") + with_state)) == "not_confirmed");
  CHECK(error_code(call(answer("accept", "false") + with_state)) == "not_confirmed");
  const std::string ran = error_code(call(answer("accept", "true") + with_state));
  CHECK(ran != "not_confirmed");
  CHECK(ran != "confirmation_required");
}

TEST_CASE("confirm_writes: a legacy client with elicitation is asked on the call's own stream") {
  Instance instance;
  const std::string token = instance.mint(R"({"confirm_writes":true})");
  const Reaction hello = instance.post(
      token, legacy_body("initialize",
                         R"({"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}}})"));
  const auto session = hello.headers.find("Mcp-Session-Id");
  REQUIRE(session.has_value());
  const HeaderList headers = {{"Content-Type", "application/json"},
                              {"Accept", "application/json, text/event-stream"},
                              {"Mcp-Session-Id", std::string(*session)}};
  for (const bool yes : {false, true}) {
    const auto stream =
        instance.endpoint.open(http::Method::post, "/mcp/" + token, headers,
                               legacy_body("tools/call", "{" + delete_call() + "}"));
    REQUIRE(stream->wait_for("elicitation/create"));
    const std::string text = stream->text();
    const std::size_t at = text.find("\"id\":\"srv_") + 5;
    const std::string id = text.substr(at, text.find('"', at + 1) + 1 - at);
    CHECK(instance
              .post(token, R"({"jsonrpc":"2.0","id":)" + id +
                               R"(,"result":{"action":"accept","content":{"confirm":)" +
                               (yes ? "true" : "false") + "}}}")
              .status == 202);
    REQUIRE(stream->wait_for_end());
    CHECK((stream->text().find("not_confirmed") == std::string::npos) == yes);
  }
}

TEST_CASE("a server set to larger results than usual says so of each of its tools") {
  Instance instance;
  const auto announced = [&](std::string_view config) {
    const Reaction listed = instance.post(instance.mint(config), legacy_body("tools/list"));
    std::vector<std::int64_t> sizes;
    for (const json::Value& tool : *listed.result().find("tools")->if_array()) {
      const json::Value* meta = tool.find("_meta");
      sizes.push_back(meta == nullptr ? 0 : meta->int64_or("anthropic/maxResultSizeChars", -1));
    }
    return sizes;
  };
  const auto all = [](const std::vector<std::int64_t>& sizes, std::int64_t wanted) {
    return !sizes.empty() && std::ranges::count(sizes, wanted) == std::ssize(sizes);
  };
  CHECK(all(announced("{}"), 0));
  CHECK(all(announced(R"({"max_result_bytes":5000})"), 0));
  CHECK(all(announced(R"({"max_result_bytes":30000})"), 0));
  CHECK(all(announced(R"({"max_result_bytes":120000})"), 120'000));
  CHECK(all(announced(R"({"max_result_bytes":120000,"confirm_writes":true})"), 120'000));
  // Claude Code knows no more.
  CHECK(all(announced(R"({"max_result_bytes":10000000})"), 500'000));
}

TEST_CASE("structured_output adds an output schema that promises little") {
  Instance instance;
  const std::string plain = instance.mint();
  const std::string structured = instance.mint(R"({"structured_output":true})");
  CHECK(instance.post(plain, legacy_body("tools/list")).body.find("outputSchema") ==
        std::string::npos);
  const Reaction listed = instance.post(structured, legacy_body("tools/list"));
  const json::Value& tool = listed.result().find("tools")->if_array()->at(0);
  CHECK(tool.find("outputSchema")->string_or("type", "") == "object");
  // Errors have no structured content.
  const Reaction failed =
      instance.post(structured, legacy_body("tools/call", R"({"name":"list_all_desk_tickets"})"),
                    {{"MCP-Protocol-Version", "2025-11-25"}});
  CHECK(failed.result().bool_or("isError", false));
  CHECK(failed.result().find("structuredContent") == nullptr);
}
