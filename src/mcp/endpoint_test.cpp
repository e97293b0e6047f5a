// The failure table of the protocol, in both eras.
#include <doctest/doctest.h>

#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

const std::string kJson = "application/json";

std::string url(std::string_view token) {
  return "/mcp/" + std::string(token);
}

}  // namespace

TEST_CASE("a modern request is refused at the first rung that it fails, with status and code") {
  struct Row {
    const char* what;
    std::string body;
    HeaderList headers;
    int status;
    int code;
  };
  const std::string list = modern_body("tools/list");
  const auto with = [](HeaderList headers, const char* name, const char* value) {
    std::erase_if(headers, [&](const auto& field) { return field.first == name; });
    if (value != nullptr) headers.emplace_back(name, value);
    return headers;
  };
  const HeaderList good = modern_headers("tools/list");
  const auto envelope = [](std::string_view meta) {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":)" +
           std::string(meta) + "}}";
  };
  const std::string version = R"("io.modelcontextprotocol/protocolVersion")";
  const std::string capabilities = R"("io.modelcontextprotocol/clientCapabilities")";
  const Row rows[] = {
      {"malformed", "{", good, 400, -32700},
      {"null id", R"({"jsonrpc":"2.0","id":null,"method":"tools/list"})", good, 400, -32600},
      {"batch", "[" + list + "]", good, 400, -32600},
      {"no envelope", legacy_body("tools/list"), good, 400, -32602},
      {"no capabilities", envelope("{" + version + R"(:"2026-07-28"})"), good, 400, -32602},
      {"capabilities no object",
       envelope("{" + version + R"(:"2026-07-28",)" + capabilities + ":[1]}"), good, 400, -32602},
      {"version no string", envelope("{" + version + ":1," + capabilities + ":{}}"), good, 400,
       -32602},
      {"header against body, both unsupported matters less",
       envelope("{" + version + R"(:"v999",)" + capabilities + ":{}}"), good, 400, -32020},
      {"unsupported version", envelope("{" + version + R"(:"v999",)" + capabilities + ":{}}"),
       with(good, "MCP-Protocol-Version", "v999"), 400, -32022},
      {"future version", envelope("{" + version + R"(:"2027-01-01",)" + capabilities + ":{}}"),
       with(good, "MCP-Protocol-Version", "2027-01-01"), 400, -32022},
      {"version header missing", list, with(good, "MCP-Protocol-Version", nullptr), 400, -32020},
      {"two versions", list,
       [&] {
         HeaderList two = good;
         two.emplace_back("MCP-Protocol-Version", "2025-11-25");
         return two;
       }(),
       400, -32020},
      {"method header missing", list, with(good, "Mcp-Method", nullptr), 400, -32020},
      {"method header differs", list, with(good, "Mcp-Method", "tools/call"), 400, -32020},
      {"method header in other case", list, with(good, "Mcp-Method", "Tools/List"), 400, -32020},
      {"name header missing", modern_body("tools/call", R"("name":"echo")"),
       modern_headers("tools/call"), 400, -32020},
      {"name header differs", modern_body("tools/call", R"("name":"echo")"),
       modern_headers("tools/call", "fail"), 400, -32020},
      {"name header badly encoded", modern_body("tools/call", R"("name":"echo")"),
       modern_headers("tools/call", "=?base64?ZWNobw?="), 400, -32020},
      {"unknown method", modern_body("tools/fly"), modern_headers("tools/fly"), 404, -32601},
      {"initialize", modern_body("initialize"), modern_headers("initialize"), 404, -32601},
      {"ping", modern_body("ping"), modern_headers("ping"), 404, -32601},
      {"logging/setLevel", modern_body("logging/setLevel"), modern_headers("logging/setLevel"), 404,
       -32601},
      {"resources/subscribe", modern_body("resources/subscribe"),
       modern_headers("resources/subscribe"), 404, -32601},
      {"undeclared prompts", modern_body("prompts/list"), modern_headers("prompts/list"), 404,
       -32601},
      {"unknown tool", modern_body("tools/call", R"("name":"nope")"),
       modern_headers("tools/call", "nope"), 200, -32602},
      {"arguments no object", modern_body("tools/call", R"("name":"echo","arguments":[1])"),
       modern_headers("tools/call", "echo"), 200, -32602},
      {"name no string", modern_body("tools/call", R"("name":5)"), modern_headers("tools/call"),
       200, -32602},
      {"invalid cursor", modern_body("tools/list", R"("cursor":"x")"), good, 200, -32602},
      {"empty cursor", modern_body("tools/list", R"("cursor":"")"), good, 200, -32602},
  };
  TestEndpoint endpoint;
  for (const Row& row : rows) {
    const Reaction reaction = endpoint.post(row.body, row.headers);
    CHECK_MESSAGE(reaction.status == row.status, row.what, ": ", reaction.body);
    CHECK_MESSAGE(reaction.error_code() == row.code, row.what, ": ", reaction.body);
    const bool id_unreadable = row.code == -32700 || row.code == -32600;
    const json::Value* id = reaction.json.find("id");
    CHECK_MESSAGE((id == nullptr) == id_unreadable, row.what, ": ", reaction.body);
  }
}

TEST_CASE("a legacy request is refused on HTTP 200, save for what is no request at all") {
  struct Row {
    const char* what;
    std::string body;
    HeaderList headers;
    int status;
    int code;
  };
  const Row rows[] = {
      {"malformed", "{", {}, 400, -32700},
      {"null id", R"({"jsonrpc":"2.0","id":null,"method":"ping"})", {}, 400, -32600},
      {"empty batch", "[]", {}, 400, -32600},
      {"batch after its removal",
       "[" + legacy_body("ping") + "]",
       {{"MCP-Protocol-Version", "2025-06-18"}},
       400,
       -32600},
      {"unknown version",
       legacy_body("ping"),
       {{"MCP-Protocol-Version", "1999-01-01"}},
       400,
       -32600},
      {"two versions",
       legacy_body("ping"),
       {{"MCP-Protocol-Version", "2025-11-25"}, {"MCP-Protocol-Version", "2025-03-26"}},
       400,
       -32600},
      {"one version twice",
       legacy_body("tools/fly"),
       {{"MCP-Protocol-Version", "2025-11-25"}, {"MCP-Protocol-Version", "2025-11-25"}},
       200,
       -32601},
      {"unknown method", legacy_body("tools/fly"), {}, 200, -32601},
      {"server/discover", legacy_body("server/discover"), {}, 200, -32601},
      {"undeclared prompts", legacy_body("prompts/list"), {}, 200, -32601},
      {"unknown tool", legacy_body("tools/call", R"({"name":"nope"})"), {}, 200, -32602},
      {"arguments no object",
       legacy_body("tools/call", R"({"name":"echo","arguments":"x"})"),
       {},
       200,
       -32602},
      {"no name", legacy_body("tools/call"), {}, 200, -32602},
      {"invalid cursor", legacy_body("tools/list", R"({"cursor":"abc"})"), {}, 200, -32602},
  };
  TestEndpoint endpoint;
  for (const Row& row : rows) {
    const Reaction reaction = endpoint.post(row.body, row.headers);
    CHECK_MESSAGE(reaction.status == row.status, row.what, ": ", reaction.body);
    CHECK_MESSAGE(reaction.error_code() == row.code, row.what, ": ", reaction.body);
  }
}

TEST_CASE("legacy bodies are never held against modern mirror headers") {
  TestEndpoint endpoint;  // mcp-remote sends Mcp-Method with legacy bodies
  const Reaction reaction =
      endpoint.post(legacy_body("tools/list"), {{"Mcp-Method", "something/else"}});
  CHECK(reaction.status == 200);
  CHECK(reaction.result().find("tools") != nullptr);
}

TEST_CASE("an unknown tool is answered with the nearest names") {
  TestEndpoint endpoint;
  const Reaction reaction = endpoint.post(legacy_body("tools/call", R"({"name":"ecko"})"));
  CHECK(reaction.body.find("Unknown tool: ecko. Did you mean echo?") != std::string::npos);
}

TEST_CASE("initialize echoes a revision that it knows and offers its newest otherwise") {
  TestEndpoint endpoint;
  const std::pair<const char*, const char*> rows[] = {{"2024-11-05", "2024-11-05"},
                                                      {"2025-03-26", "2025-03-26"},
                                                      {"2025-06-18", "2025-06-18"},
                                                      {"2025-11-25", "2025-11-25"},
                                                      {"2026-07-28", "2025-11-25"},
                                                      {"1999-01-01", "2025-11-25"},
                                                      {"", "2025-11-25"}};
  for (const auto& [asked, answered] : rows) {
    const Reaction reaction = endpoint.post(legacy_body(
        "initialize", R"({"protocolVersion":")" + std::string(asked) +
                          R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}})"));
    CHECK(reaction.status == 200);
    CHECK(reaction.result().string_or("protocolVersion", "") == answered);
    CHECK(reaction.result().find("capabilities")->find("tools") != nullptr);
    CHECK(reaction.result().find("serverInfo")->string_or("title", "") == "Test desk");
    CHECK(reaction.result().string_or("instructions", "") == "Echo before you fail.");
    CHECK(reaction.result().find("resultType") == nullptr);
    CHECK_FALSE(reaction.headers.find("Mcp-Session-Id").has_value());
  }
}

TEST_CASE("server/discover names what can be used with an envelope") {
  TestEndpoint endpoint;
  const Reaction reaction =
      endpoint.post(modern_body("server/discover"), modern_headers("server/discover"));
  CHECK(reaction.status == 200);
  CHECK(json::to_string(*reaction.result().find("supportedVersions")) == R"(["2026-07-28"])");
  CHECK(reaction.result().string_or("resultType", "") == "complete");
  CHECK(reaction.result().string_or("cacheScope", "") == "private");
  CHECK(reaction.result().int64_or("ttlMs", -1) == 3'600'000);
  const json::Value* info =
      reaction.result().find("_meta")->find("io.modelcontextprotocol/serverInfo");
  REQUIRE(info != nullptr);
  CHECK(info->string_or("name", "") == "patchbay");
  CHECK(info->string_or("version", "") == "1.2.3");
}

TEST_CASE("the listing is one page of shared bytes in either era, never with a null cursor") {
  TestEndpoint endpoint;
  const Reaction legacy = endpoint.post(legacy_body("tools/list"));
  CHECK(legacy.body ==
        R"({"jsonrpc":"2.0","id":1,"result":{"tools":)" + *endpoint.server().tool_listing() + "}}");
  const Reaction modern = endpoint.post(modern_body("tools/list"), modern_headers("tools/list"));
  CHECK(modern.result().find("tools")->if_array()->size() == 2);
  CHECK(modern.result().string_or("resultType", "") == "complete");
  CHECK(modern.result().int64_or("ttlMs", -1) == 300'000);
  CHECK(modern.result().string_or("cacheScope", "") == "private");
  CHECK(modern.result().find("nextCursor") == nullptr);
}

TEST_CASE("a tool's text is one text block, and its rate limit stands in headers and _meta") {
  TestEndpoint endpoint;
  for (const bool modern : {false, true}) {
    const std::string params =
        R"("name":"echo","arguments":{"text":"a\"b\\c\n","id":12345678901234567890})";
    const Reaction reaction = modern ? endpoint.post(modern_body("tools/call", params),
                                                     modern_headers("tools/call", "echo"))
                                     : endpoint.post(legacy_body("tools/call", "{" + params + "}"));
    CHECK(reaction.status == 200);
    const json::Value& content = reaction.result().find("content")->if_array()->at(0);
    CHECK(content.string_or("type", "") == "text");
    CHECK(content.string_or("text", "") == R"({"text":"a\"b\\c\n","id":12345678901234567890})");
    CHECK(reaction.result().bool_or("isError", true) == false);
    const json::Value* limit = reaction.result().find("_meta")->find("dev.patchbay/rate-limit");
    REQUIRE(limit != nullptr);
    CHECK(json::to_string(*limit) == R"({"limit":60,"remaining":59,"reset":7})");
    CHECK(reaction.headers.find("ratelimit-limit") == "60");
    CHECK(reaction.headers.find("ratelimit-remaining") == "59");
    CHECK(reaction.headers.find("ratelimit-reset") == "7");
    CHECK((reaction.result().find("resultType") != nullptr) == modern);
  }
}

TEST_CASE("null in an optional place is absent, and an empty array is an empty object") {
  TestEndpoint endpoint;
  for (const char* params :
       {R"({"name":"echo","arguments":null,"_meta":{"progressToken":null}})",
        R"({"name":"echo","arguments":[],"_meta":[]})", R"({"name":"echo","_meta":null})"}) {
    CAPTURE(params);
    const Reaction reaction = endpoint.post(legacy_body("tools/call", params));
    CHECK(reaction.error_code() == 0);
    CHECK(reaction.body.contains(R"("text":"{}")"));
  }
  for (const char* params : {"[]", R"({"cursor":null})", R"({"_meta":null})"}) {
    CAPTURE(params);
    CHECK(endpoint.post(legacy_body("tools/list", params)).result().find("tools") != nullptr);
  }
  // An empty text is a cursor by the protocol, and none of ours.
  for (const char* cursor : {R"({"cursor":"x"})", R"({"cursor":""})"}) {
    CHECK(endpoint.post(legacy_body("tools/list", cursor)).error_code() == -32602);
  }
  std::string body = modern_body("tools/list");
  const std::string declared = R"("io.modelcontextprotocol/clientCapabilities":)";
  body.replace(body.find(declared) + declared.size(), 2, "[]");
  CHECK(endpoint.post(body, modern_headers("tools/list")).result().find("tools") != nullptr);
}

TEST_CASE("a tool's failure is a result, not an error") {
  TestEndpoint endpoint;
  const Reaction reaction = endpoint.post(legacy_body("tools/call", R"({"name":"fail"})"));
  CHECK(reaction.status == 200);
  CHECK(reaction.result().bool_or("isError", false));
}

TEST_CASE("an id comes back as it was sent") {
  TestEndpoint endpoint;
  for (const char* id : {"1", "\"1\"", "0", "-7", "9007199254740993", "\"ä/\\\"x\""}) {
    const Reaction reaction =
        endpoint.post(R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"method":"ping"})");
    CHECK(reaction.body == R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":{}})");
  }
}

TEST_CASE("notifications and posted replies are taken without a body") {
  TestEndpoint endpoint;
  const std::pair<std::string, HeaderList> rows[] = {
      {R"({"jsonrpc":"2.0","method":"notifications/initialized"})", {}},
      {R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}})", {}},
      {R"({"jsonrpc":"2.0","method":"notifications/whatever"})",
       {{"MCP-Protocol-Version", "2026-07-28"}}},
      {R"({"jsonrpc":"2.0","id":"srv-1","result":{}})", {}},
      {R"([{"jsonrpc":"2.0","method":"notifications/initialized"}])", {}},
  };
  for (const auto& [body, headers] : rows) {
    const Reaction reaction = endpoint.post(body, headers);
    CHECK_MESSAGE(reaction.status == 202, body);
    CHECK_MESSAGE(reaction.body.empty(), body);
  }
}

TEST_CASE("a 2025-03-26 batch is answered in one array, in its order, without its notifications") {
  TestEndpoint endpoint;
  const Reaction reaction = endpoint.post(
      R"([{"jsonrpc":"2.0","id":1,"method":"ping"},)"
      R"({"jsonrpc":"2.0","method":"notifications/initialized"},)"
      R"({"jsonrpc":"2.0","id":"two","method":"tools/call","params":{"name":"echo","arguments":{"a":1}}},)"
      R"({"jsonrpc":"2.0","id":3,"method":"nope"}])");
  CHECK(reaction.status == 200);
  REQUIRE(reaction.json.is_array());
  REQUIRE(reaction.json.if_array()->size() == 3);
  CHECK(reaction.json.if_array()->at(0).int64_or("id", 0) == 1);
  CHECK(reaction.json.if_array()->at(1).string_or("id", "") == "two");
  CHECK(reaction.json.if_array()->at(2).find("error")->int64_or("code", 0) == -32601);
}

TEST_CASE("a valid trace context goes on to the tool, an invalid one does not") {
  TestEndpoint endpoint;
  const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string call = legacy_body("tools/call", R"({"name":"echo"})");
  (void)endpoint.post(call, {{"traceparent", good}});
  CHECK(endpoint.server().last_traceparent == good);
  for (const char* bad : {"00-0-0-0", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                          "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                          "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"}) {
    (void)endpoint.post(call, {{"traceparent", bad}});
    CHECK(endpoint.server().last_traceparent.empty());
  }
  (void)endpoint.post(
      legacy_body("tools/call", R"({"name":"echo","_meta":{"traceparent":")" + good + R"("}})"));
  CHECK(endpoint.server().last_traceparent == good);
}

TEST_CASE("the token opens by path, with and without a slash, or by header") {
  TestEndpoint endpoint;
  const std::string ping = legacy_body("ping");
  const auto post = [&](const std::string& target, HeaderList headers) {
    headers.emplace_back("Content-Type", kJson);
    return endpoint.send(http::Method::post, target, std::move(headers), ping).status;
  };
  CHECK(post("/mcp/pbm_open", {}) == 200);
  CHECK(post("/mcp/pbm_open/", {}) == 200);
  CHECK(post("/mcp", {{"Authorization", "Bearer pbm_open"}}) == 200);
  CHECK(post("/mcp/", {{"Authorization", "bearer pbm_open"}}) == 200);
  CHECK(post("/mcp", {{"Authorization", "Basic pbm_open"}}) == 404);
  CHECK(post("/mcp", {}) == 404);
}

TEST_CASE("unknown tokens get the same 404 whatever is wrong with them, and are not echoed") {
  TestEndpoint endpoint;
  std::string first;
  for (const char* token : {"pbm_unknown", "Q9", "pba_mine", "pbm_open2", "%41"}) {
    const Reaction reaction = endpoint.send(http::Method::post, url(token),
                                            {{"Content-Type", kJson}}, legacy_body("initialize"));
    CHECK(reaction.status == 404);
    CHECK(reaction.json.string_or("error", "") == "not_found");
    CHECK_FALSE(reaction.headers.find("WWW-Authenticate").has_value());
    CHECK(reaction.body.find(token) == std::string::npos);
    if (first.empty()) first = reaction.body;
    CHECK(reaction.body == first);
  }
}

TEST_CASE("a server with a second factor is opened by an API token of its environment only") {
  TestEndpoint endpoint;
  const std::string ping = legacy_body("ping");
  const auto post = [&](const std::string& target, HeaderList headers) {
    headers.emplace_back("Content-Type", kJson);
    return endpoint.send(http::Method::post, target, std::move(headers), ping);
  };
  CHECK(post("/mcp/pbm_guarded", {{"Authorization", "Bearer pba_mine"}}).status == 200);
  CHECK(post("/mcp/pbm_guarded", {{"X-Api-Token", "pba_mine"}}).status == 200);
  CHECK(
      post("/mcp", {{"Authorization", "Bearer pbm_guarded"}, {"X-Api-Token", "pba_mine"}}).status ==
      200);
  const HeaderList refused[] = {{},
                                {{"Authorization", "Bearer pba_other"}},
                                {{"Authorization", "Bearer pbm_guarded"}},
                                {{"Authorization", "Basic cGJhX21pbmU="}},
                                {{"X-Api-Token", ""}}};
  for (const HeaderList& headers : refused) {
    const Reaction reaction = post("/mcp/pbm_guarded", headers);
    CHECK(reaction.status == 401);
    CHECK(reaction.json.string_or("error", "") == "unauthorized");
    CHECK(reaction.body.find("pb") == std::string::npos);  // no token comes back
    const auto challenge = reaction.headers.find("WWW-Authenticate");
    REQUIRE(challenge.has_value());
    CHECK(challenge->find("resource_metadata") == std::string_view::npos);
  }
  CHECK(post("/mcp", {{"Authorization", "Bearer pbm_guarded"}}).status == 401);
}

TEST_CASE("other methods than POST are refused where there is a server, and tell what is allowed") {
  TestEndpoint endpoint;
  for (const http::Method method : {http::Method::get, http::Method::delete_, http::Method::put}) {
    const Reaction reaction = endpoint.send(method, url(kOpenToken), {}, "");
    CHECK(reaction.status == 405);
    CHECK(reaction.headers.find("Allow") == "POST");
    CHECK(endpoint.send(method, url("pbm_unknown"), {}, "").status == 404);
  }
}

TEST_CASE("whoever looks for OAuth finds a 404 in JSON") {
  TestEndpoint endpoint;
  for (const char* path :
       {"/.well-known/oauth-protected-resource/mcp/pbm_open",
        "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration/mcp/pbm_open",
        "/mcp/pbm_open/.well-known/openid-configuration", "/register"}) {
    for (const http::Method method : {http::Method::get, http::Method::post}) {
      const Reaction reaction = endpoint.send(method, path, {}, "");
      CHECK_MESSAGE(reaction.status == 404, path);
      CHECK_MESSAGE(reaction.json.string_or("error", "") == "not_found", path);
      CHECK_MESSAGE(reaction.body.find("pbm_") == std::string::npos, path);
      CHECK_MESSAGE(reaction.headers.find("Cache-Control") == "no-store", path);
    }
  }
}

TEST_CASE("only JSON is read, and only clients that can read an answer get one") {
  TestEndpoint endpoint;
  const auto status = [&](HeaderList headers) {
    return endpoint
        .send(http::Method::post, url(kOpenToken), std::move(headers), legacy_body("ping"))
        .status;
  };
  CHECK(status({{"Content-Type", "application/json; charset=utf-8"}}) == 200);
  CHECK(status({{"Content-Type", "Application/JSON"}}) == 200);
  CHECK(status({{"Content-Type", "text/plain"}}) == 415);
  CHECK(status({{"Content-Type", "application/jsonp"}}) == 415);
  CHECK(status({}) == 415);
  for (const char* coding : {"gzip", "br", "Deflate", "identity, gzip", "x-own"}) {
    CHECK(status({{"Content-Type", kJson}, {"Content-Encoding", coding}}) == 415);
  }
  for (const char* coding : {"identity", "Identity", ""}) {
    CHECK(status({{"Content-Type", kJson}, {"Content-Encoding", coding}}) == 200);
  }
  CHECK(status({{"Content-Type", kJson}, {"Accept", "*/*"}}) == 200);
  CHECK(status({{"Content-Type", kJson}, {"Accept", "application/json"}}) == 200);
  CHECK(status({{"Content-Type", kJson}, {"Accept", "text/html"}}) == 406);
}

TEST_CASE("no answer may be cached or leave a Referer") {
  TestEndpoint endpoint;
  for (const Reaction& reaction : {endpoint.post(legacy_body("ping")), endpoint.post("{"),
                                   endpoint.send(http::Method::get, url("pbm_unknown"), {}, "")}) {
    CHECK(reaction.headers.find("Cache-Control") == "no-store");
    CHECK(reaction.headers.find("Referrer-Policy") == "no-referrer");
  }
}
