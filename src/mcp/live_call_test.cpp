// Calls that speak before they answer, can be given up, or have questions. Against the fixtures.
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "mcp/conformance/fixture_server.h"
#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string legacy_call(std::string_view tool, std::string_view more = "") {
  return legacy_body("tools/call",
                     R"({"name":")" + std::string(tool) + "\"" + std::string(more) + "}");
}

std::string modern_call(std::string_view tool, std::string_view more = "",
                        std::string_view capabilities = "{}") {
  std::string body =
      modern_body("tools/call", R"("name":")" + std::string(tool) + "\"" + std::string(more));
  const std::string_view key = R"("io.modelcontextprotocol/clientCapabilities":)";
  body.replace(body.find(key) + key.size(), 2, capabilities);
  return body;
}

HeaderList call_headers(std::string_view tool) {
  return modern_headers("tools/call", tool);
}

struct Fixtures : TestEndpoint {
  Fixtures()
      : TestEndpoint({.server_version = "1"}, std::make_shared<conformance::FixtureServer>()) {}
};

// The request id of the server's own request on a stream.
std::string asked_id(const std::string& stream) {
  const std::size_t at = stream.find("\"id\":\"srv_");
  REQUIRE(at != std::string::npos);
  const std::size_t begin = at + 5;
  return stream.substr(begin, stream.find('"', begin + 1) + 1 - begin);
}

std::string session_of(Fixtures& fixtures) {
  const Reaction reaction = fixtures.post(legacy_body(
      "initialize",
      R"({"protocolVersion":"2025-11-25","capabilities":{"elicitation":{},"sampling":{}}})"));
  const auto session = reaction.headers.find("Mcp-Session-Id");
  REQUIRE(session.has_value());
  return std::string(*session);
}

}  // namespace

TEST_CASE("progress turns the answer into a stream that ends with the result") {
  Fixtures fixtures;
  for (const bool modern : {false, true}) {
    const std::string token = R"(,"_meta":{"progressToken":"p-1"})";
    std::string body = legacy_call("test_tool_with_progress", token);
    HeaderList headers;
    if (modern) {
      body = modern_call("test_tool_with_progress");
      body.insert(body.find("\"io.modelcontextprotocol/protocolVersion\""),
                  R"("progressToken":"p-1",)");
      headers = call_headers("test_tool_with_progress");
    }
    const auto stream = fixtures.open_post(body, headers);
    REQUIRE(stream->wait_for_end());
    const std::string text = stream->text();
    CHECK(text.find(R"("progressToken":"p-1","progress":0,"total":100)") != std::string::npos);
    CHECK(text.find(R"("progress":50,)") < text.find(R"("progress":100,)"));
    CHECK(text.find("Done, with progress.") > text.find(R"("progress":100,)"));
    CHECK(text.starts_with("event: message\ndata: "));
    CHECK(text.ends_with("\n\n"));
  }
}

TEST_CASE("a call with nothing to say before its result answers in plain JSON, token or not") {
  Fixtures fixtures;
  const Reaction reaction =
      fixtures.post(legacy_call("test_simple_text", R"(,"_meta":{"progressToken":7})"));
  CHECK(reaction.headers.find("Content-Type") == "application/json");
  CHECK(reaction.result().find("content") != nullptr);
}

TEST_CASE("a progress token is a string or a whole number") {
  Fixtures fixtures;
  const Reaction reaction =
      fixtures.post(legacy_call("test_simple_text", R"(,"_meta":{"progressToken":{}})"));
  CHECK(reaction.status == 200);
  CHECK(reaction.error_code() == -32602);
}

TEST_CASE("modern clients get log messages only from the level on that they asked for") {
  Fixtures fixtures;
  const auto call = [&](const char* level) {
    std::string body = modern_call("test_logging_tool");
    if (level != nullptr) {
      body.insert(body.find("\"io.modelcontextprotocol/protocolVersion\""),
                  R"("io.modelcontextprotocol/logLevel":")" + std::string(level) + "\",");
    }
    return fixtures.post(body, call_headers("test_logging_tool"));
  };
  CHECK(call(nullptr).body.find("notifications/message") == std::string::npos);
  CHECK(call("info").body.find("Tool processing data") != std::string::npos);
  CHECK(call("error").body.find("notifications/message") == std::string::npos);
  CHECK(call("loud").error_code() == -32602);
}

TEST_CASE("a modern client that goes away gives its call up; a legacy one does not") {
  Fixtures fixtures;
  const auto modern =
      fixtures.open_post(modern_call("test_slow_tool", R"(,"arguments":{"milliseconds":20000})"),
                         call_headers("test_slow_tool"));
  fixtures.disconnect(modern);
  REQUIRE(modern->wait_for_end());
  CHECK(modern->text().find("cancelled") != std::string::npos);

  const auto legacy =
      fixtures.open_post(legacy_call("test_slow_tool", R"(,"arguments":{"milliseconds":200})"));
  fixtures.disconnect(legacy);
  REQUIRE(legacy->wait_for_end());
  CHECK(legacy->text().find("Done, slowly.") != std::string::npos);
}

TEST_CASE("notifications/cancelled ends the call of that id, from another connection") {
  Fixtures fixtures;
  const auto call =
      fixtures.open_post(legacy_call("test_slow_tool", R"(,"arguments":{"milliseconds":20000})"));
  for (int attempt = 0; attempt < 100 && call->text().empty(); ++attempt) {
    (void)fixtures.post(
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  REQUIRE(call->wait_for_end());
  CHECK(call->text().find("cancelled") != std::string::npos);
}

TEST_CASE("a cancellation from another program, or through another proxy's address, is not heard") {
  Fixtures fixtures;
  const auto call =
      fixtures.open_post(legacy_call("test_slow_tool", R"(,"arguments":{"milliseconds":300})"),
                         {{"User-Agent", "one"}, {"X-Forwarded-For", "192.0.2.1"}});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const std::string cancel =
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})";
  (void)fixtures.post(cancel);
  (void)fixtures.post(cancel, {{"User-Agent", "two"}, {"X-Forwarded-For", "192.0.2.1"}});
  (void)fixtures.post(cancel, {{"User-Agent", "one"}, {"X-Forwarded-For", "192.0.2.2"}});
  REQUIRE(call->wait_for_end());
  CHECK(call->text().find("Done, slowly.") != std::string::npos);
}

TEST_CASE("an id that two calls share cancels neither of them") {
  Fixtures fixtures;
  const std::string body = legacy_call("test_slow_tool", R"(,"arguments":{"milliseconds":300})");
  const auto first = fixtures.open_post(body);
  const auto second = fixtures.open_post(body);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  (void)fixtures.post(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  REQUIRE(first->wait_for_end());
  REQUIRE(second->wait_for_end());
  CHECK(first->text().find("Done, slowly.") != std::string::npos);
  CHECK(second->text().find("Done, slowly.") != std::string::npos);
}

TEST_CASE("a question to a legacy client goes out on the call's stream and is answered by a POST") {
  Fixtures fixtures;
  const std::string session = session_of(fixtures);
  const auto call =
      fixtures.open_post(legacy_call("test_elicitation", R"(,"arguments":{"message":"Who?"})"),
                         {{"Mcp-Session-Id", session}, {"MCP-Protocol-Version", "2025-11-25"}});
  REQUIRE(call->wait_for("elicitation/create"));
  const std::string id = asked_id(call->text());
  // An id that nobody asked with is taken, and changes nothing.
  CHECK(fixtures.post(R"({"jsonrpc":"2.0","id":"srv_x","result":{"action":"accept"}})").status ==
        202);
  CHECK(fixtures
            .post(R"({"jsonrpc":"2.0","id":)" + id +
                  R"(,"result":{"action":"accept","content":{"username":"ada"}}})")
            .status == 202);
  REQUIRE(call->wait_for_end());
  CHECK(call->text().find(R"(\"username\":\"ada\")") != std::string::npos);
}

TEST_CASE("without a session that says so, a legacy client is not asked") {
  Fixtures fixtures;
  const std::string foreign = session_of(fixtures) + "A";
  for (const HeaderList& headers : {HeaderList{}, HeaderList{{"Mcp-Session-Id", foreign}},
                                    HeaderList{{"Mcp-Session-Id", "x"}}}) {
    const Reaction reaction = fixtures.post(legacy_call("test_elicitation"), headers);
    CHECK(reaction.status == 200);
    CHECK(reaction.result().bool_or("isError", false));
  }
  fixtures.clock().advance(std::chrono::hours(25));
}

TEST_CASE("a session ends after a day") {
  Fixtures fixtures;
  const std::string session = session_of(fixtures);
  fixtures.clock().advance(std::chrono::hours(25));
  const Reaction reaction =
      fixtures.post(legacy_call("test_elicitation"), {{"Mcp-Session-Id", session}});
  CHECK(reaction.result().bool_or("isError", false));
}

TEST_CASE("a modern call that needs input says so, and goes on when it comes with it") {
  Fixtures fixtures;
  const std::string tool = "test_input_required_result_request_state";
  const Reaction first =
      fixtures.post(modern_call(tool, "", R"({"elicitation":{}})"), call_headers(tool));
  CHECK(first.result().string_or("resultType", "") == "input_required");
  CHECK(first.result().find("inputRequests")->find("confirm") != nullptr);
  const std::string state(first.result().string_or("requestState", ""));
  REQUIRE_FALSE(state.empty());
  const auto answer = [&](std::string_view given) {
    return modern_call(tool,
                       R"(,"inputResponses":{"confirm":{"action":"accept","content":{"ok":true}}},)"
                       R"("requestState":")" +
                           std::string(given) + "\"",
                       R"({"elicitation":{}})");
  };
  const Reaction second = fixtures.post(answer(state), call_headers(tool));
  CHECK(second.result().string_or("resultType", "") == "complete");
  CHECK(second.body.find("state-ok") != std::string::npos);

  // Altered, cut, or sealed for another call.
  std::string altered = state;
  altered[altered.size() / 2] = altered[altered.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& bad : {altered, state.substr(0, state.size() - 1), std::string("x")}) {
    const Reaction reaction = fixtures.post(answer(bad), call_headers(tool));
    CHECK(reaction.status == 200);
    CHECK(reaction.error_code() == -32602);
  }
  const std::string other = "test_input_required_result_tampered_state";
  std::string moved = answer(state);
  moved.replace(moved.find(tool), tool.size(), other);
  CHECK(fixtures.post(moved, call_headers(other)).error_code() == -32602);

  fixtures.clock().advance(std::chrono::minutes(11));
  CHECK(fixtures.post(answer(state), call_headers(tool)).error_code() == -32602);
}

TEST_CASE("input is asked for only of clients that can give it") {
  Fixtures fixtures;
  const std::string tool = "test_input_required_result_elicitation";
  const Reaction reaction = fixtures.post(modern_call(tool), call_headers(tool));
  CHECK(reaction.status == 400);
  CHECK(reaction.error_code() == -32021);
  const json::Value* required =
      reaction.json.find("error")->find("data")->find("requiredCapabilities");
  REQUIRE(required != nullptr);
  CHECK(json::to_string(*required) == R"({"elicitation":{}})");
}

TEST_CASE("content that a revision does not know is said in a way that it does") {
  Fixtures fixtures;
  const auto first_block = [&](std::string_view tool, const char* version) {
    HeaderList headers;
    if (version != nullptr) headers.emplace_back("MCP-Protocol-Version", version);
    const Reaction reaction = fixtures.post(legacy_call(tool), headers);
    return std::string(reaction.result().find("content")->if_array()->at(0).string_or("type", ""));
  };
  CHECK(first_block("test_resource_link", "2025-11-25") == "resource_link");
  CHECK(first_block("test_resource_link", "2025-06-18") == "resource_link");
  CHECK(first_block("test_resource_link", "2025-03-26") == "text");
  CHECK(first_block("test_resource_link", nullptr) == "text");
  CHECK(first_block("test_audio_content", "2025-03-26") == "audio");
  CHECK(first_block("test_audio_content", "2024-11-05") == "text");
}

TEST_CASE("a client that reads only event streams gets its answer as one event") {
  Fixtures fixtures;
  const Reaction reaction = fixtures.send(
      http::Method::post, "/mcp/pbm_open",
      {{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}}, legacy_body("ping"));
  CHECK(reaction.status == 200);
  CHECK(reaction.body == "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
}

TEST_CASE("an unknown resource is an error in either era, never an empty answer") {
  Fixtures fixtures;
  const std::string params = R"("uri":"test://nowhere")";
  const Reaction legacy = fixtures.post(legacy_body("resources/read", "{" + params + "}"));
  CHECK(legacy.error_code() == -32002);
  const Reaction modern = fixtures.post(modern_body("resources/read", params),
                                        modern_headers("resources/read", "test://nowhere"));
  CHECK(modern.status == 200);
  CHECK(modern.error_code() == -32602);
  CHECK(modern.body.find(R"("uri":"test://nowhere")") != std::string::npos);
}
