// The control plane's servers through the endpoint: who may speak, and for how long.
#include <algorithm>
#include <vector>

#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers::testing;

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

TEST_CASE(
    "a rotated token opens as long as was said, with what ran by it, and the new one goes on") {
  Instance instance;
  const std::string old = instance.mint();
  const auto rotated = instance.world.control->rotate_mcp_server(
      instance.tenant, instance.account, instance.minted->row.id, std::chrono::minutes(2));
  REQUIRE(rotated.has_value());
  const std::string fresh(rotated->token.reveal());
  CHECK(instance.ping(old) == 200);
  CHECK(instance.ping(fresh) == 200);
  const auto stream = instance.endpoint.open(http::Method::get, "/mcp/" + old + "/sse", {}, "");
  REQUIRE(stream->wait_for("endpoint"));
  instance.world.clock.advance(std::chrono::seconds(119));
  CHECK(instance.ping(old) == 200);
  instance.world.clock.advance(std::chrono::seconds(1));
  CHECK(instance.ping(old) == 404);
  CHECK(stream->wait_for_end());
  CHECK(instance.ping(fresh) == 200);
}

TEST_CASE("a paused server answers as paused, and again by the same URL") {
  Instance instance;
  const std::string token = instance.mint(R"({"paused":true})");
  const auto pause = [&](const char* config) {
    REQUIRE(instance.world.control->update_mcp_server(
        instance.tenant, instance.account, instance.minted->row.id,
        {.config = *json::parse(config)->if_object()}));
  };
  CHECK(instance.ping(token) == 403);
  pause(R"({"paused":null})");
  CHECK(instance.ping(token) == 200);
  pause(R"({"paused":true})");
  CHECK(instance.ping(token) == 403);
}

TEST_CASE("calls beyond a quota are told as such, with what is left and when there is more") {
  Instance instance;
  const auto integration = control::testing::fake_integration();
  integration->resources[1].methods[0].verb = integration::Verb::get;
  integration->resources[1].methods[4].verb = integration::Verb::delete_;
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
  const std::string token = instance.mint(R"({"quota":{"calls_per_day":3,"writes_per_day":1}})");
  const auto call = [&](const char* name) {
    return instance.post(token, legacy_body("tools/call", R"({"name":")" + std::string(name) +
                                                              R"(","arguments":{}})"));
  };
  const auto header = [](const Reaction& reaction, const char* name) {
    return std::string(reaction.headers.find(name).value_or(""));
  };
  // What there is no tool for is no call, and listing is none.
  CHECK(call("no_such_tool").error_code() == -32602);
  CHECK(instance.post(token, legacy_body("tools/list")).status == 200);
  // Refused by its address guard, which makes no difference.
  const Reaction first = call("delete_a_desk_ticket_by_id");
  CHECK(error_code(first) != "rate_limited");
  CHECK(header(first, "ratelimit-limit") == "1");
  CHECK(header(first, "ratelimit-remaining") == "0");
  const Reaction second = call("delete_a_desk_ticket_by_id");
  CHECK(error_code(second) == "rate_limited");
  CHECK(second.body.contains("1 write per day (UTC)"));
  CHECK(second.body.contains(R"(\"was_applied\":\"no\")"));
  CHECK(std::stoll(header(second, "retry-after")) > 0);
  CHECK(header(second, "retry-after") == header(second, "ratelimit-reset"));
  const Reaction third = call("list_all_desk_tickets");
  CHECK(error_code(third) != "rate_limited");
  CHECK(header(third, "ratelimit-remaining") == "0");
  CHECK(third.result().find("_meta")->find("dev.patchbay/rate-limit")->int64_or("limit", 0) == 3);
  const Reaction fourth = call("list_all_desk_tickets");
  CHECK(error_code(fourth) == "rate_limited");
  CHECK(fourth.body.contains("3 calls per day (UTC)"));
  instance.world.clock.advance(std::chrono::hours(24));
  CHECK(error_code(call("list_all_desk_tickets")) != "rate_limited");

  REQUIRE(instance.world.control->keep_use());
  const auto usage = instance.world.control->usage({instance.minted->row}).value();
  CHECK(usage.at(instance.minted->row.id).last_used_at);
  CHECK(usage.at(instance.minted->row.id).calls_today == 6);
  CHECK(usage.at(instance.minted->row.id).errors_today == 6);
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
