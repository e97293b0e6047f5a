// confirm_writes: what is asked for, how, and what the question shows.
#include "servers/test_instance.h"

using namespace patchbay;
using namespace patchbay::mcp;
using namespace patchbay::servers::testing;

namespace {

constexpr std::string_view kDelete = "delete_a_desk_ticket_by_id";

std::string delete_call(std::string_view more = "") {
  return R"("name":"delete_a_desk_ticket_by_id","arguments":{)" + std::string(more) + "}";
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
    CHECK(asked.body.find("cannot be undone") == std::string::npos);
    CHECK(error_code(instance.post(free, call)) != "confirmation_required");
  }
  const std::string other = R"({"name":"create_a_desk_invoice","arguments":{}})";
  CHECK(error_code(instance.post(asking, legacy_body("tools/call", other))) !=
        "confirmation_required");
}

namespace {

// The create of tickets takes a text, and two arguments that have something sent out.
void with_outbound_arguments(Instance& instance) {
  using integration::FieldType;
  const auto integration = control::testing::fake_integration();
  for (integration::Method& method : integration->resources[1].methods) {
    if (method.kind != integration::MethodKind::create) continue;
    const auto add = [&](const char* name, FieldType type, bool outbound) {
      integration::Argument argument;
      argument.name = argument.target = name;
      argument.type = type;
      argument.outbound = outbound;
      argument.schema["type"] = type == FieldType::boolean ? "boolean" : "string";
      if (outbound) argument.aliases = {std::string(name) + "Too"};
      method.arguments.push_back(std::move(argument));
    };
    add("summary", FieldType::string, false);
    add("board", FieldType::string, false);
    add("copyTo", FieldType::string, true);
    add("notify", FieldType::boolean, true);
  }
  instance.world.control->set_catalog(catalog::ToolCatalog::generate(integration).value());
}

Reaction create_with(Instance& instance, const std::string& token, std::string_view arguments) {
  return instance.post(token, legacy_body("tools/call", R"({"name":"create_a_desk_ticket",)"
                                                        R"("arguments":)" +
                                                            std::string(arguments) + "}"));
}

}  // namespace

TEST_CASE("confirm_writes: an argument that has something sent out is asked for where it says so") {
  Instance instance;
  with_outbound_arguments(instance);
  const std::string asking = instance.mint(R"({"confirm_writes":true})");
  const std::string free = instance.mint("{}");
  for (const char* arguments :
       {R"({"copyTo":"a@evil.example"})", R"({"copyToToo":"a@evil.example"})", R"({"notify":true})",
        R"({"notify":"true"})", R"({"notify":"yes"})", R"({"notify":1})", R"({"notifyToo":true})",
        R"({"copyTo":["a@evil.example"]})", R"("{\"copyTo\":\"a@evil.example\"}")"}) {
    CAPTURE(arguments);
    const Reaction asked = create_with(instance, asking, arguments);
    CHECK(error_code(asked) == "confirmation_required");
    CHECK(asked.body.contains("has something sent out"));
    CHECK(error_code(create_with(instance, free, arguments)) != "confirmation_required");
  }
  for (const char* arguments :
       {"{}", R"({"summary":"x"})", R"({"notify":false})", R"({"notify":"false"})",
        R"({"notify":null,"copyTo":""})", R"({"copyTo":"  "})", R"({"copyTo":[]})"}) {
    CAPTURE(arguments);
    CHECK(error_code(create_with(instance, asking, arguments)) != "confirmation_required");
  }
  // The listing tells of the code, and a code where none is needed is not the gateway's to refuse.
  CHECK(instance.post(asking, legacy_body("tools/list")).body.contains("\"confirmation\""));
  CHECK_FALSE(create_with(instance, asking, R"({"summary":"x","confirmation":"22222222"})")
                  .body.contains("confirmation"));
}

TEST_CASE(
    "confirm_writes: the question shows what is sent out first and whole, and each text by "
    "itself") {
  Instance instance;
  with_outbound_arguments(instance);
  const std::string token = instance.mint(R"({"confirm_writes":true})");
  const std::string address = std::string(900, 'a') + "@evil.example";
  const Reaction asked =
      create_with(instance, token,
                  R"({"zzz":")" + std::string(5'000, 'z') + R"(","board":"Triage","summary":")" +
                      std::string(5'000, 's') + R"(","copyTo":")" + address + R"("})");
  CHECK(error_code(asked) == "confirmation_required");
  const std::size_t to = asked.body.find(address);
  const std::size_t summary = asked.body.find("summary: ");
  const std::size_t board = asked.body.find("Triage");
  CHECK(to < summary);
  CHECK(summary < board);
  CHECK(board < asked.body.find("zzz: "));
  CHECK(asked.body.contains("…"));
  CHECK(asked.body.size() < 3'000);
  // What is too long to be read is not agreed to.
  const Reaction refused = create_with(
      instance, token, R"({"copyTo":")" + std::string(5'000, 'a') + R"(@evil.example"})");
  CHECK(error_code(refused) == "too_long_to_confirm");
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
