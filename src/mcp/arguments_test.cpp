// The forms in which clients send a tool's arguments.
#include <doctest/doctest.h>

#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string call_with(std::string_view arguments) {
  return legacy_body("tools/call", R"({"name":"echo","arguments":)" + std::string(arguments) + "}");
}

std::string text_of(const Reaction& reaction) {
  const json::Value* content = reaction.result().find("content");
  return content != nullptr ? std::string(content->if_array()->at(0).string_or("text", "")) : "";
}

}  // namespace

TEST_CASE("arguments as the JSON text of an object are that object, in either era") {
  TestEndpoint endpoint;
  CHECK(text_of(endpoint.post(call_with(R"("{\"id\":9007199254740993,\"a\":[\"é\"]}")"))) ==
        R"({"id":9007199254740993,"a":["é"]})");
  CHECK(text_of(endpoint.post(call_with(R"("{}")"))) == "{}");
  const Reaction modern =
      endpoint.post(modern_body("tools/call", R"("name":"echo","arguments":"{\"a\":1}")"),
                    modern_headers("tools/call", "echo"));
  CHECK(text_of(modern) == R"({"a":1})");
  // As before.
  CHECK(text_of(endpoint.post(call_with(R"({"a":"{}"})"))) == R"({"a":"{}"})");
  CHECK(text_of(endpoint.post(call_with("null"))) == "{}");
}

TEST_CASE("arguments as any other text are refused, with what is expected") {
  TestEndpoint endpoint;
  for (const char* text : {R"("")", R"("{")", R"("[1]")", R"("5")", R"("board: Triage")",
                           R"("{\"a\":1} {}")", R"("{\"a\":1,\"a\":2}")"}) {
    CAPTURE(text);
    const Reaction reaction = endpoint.post(call_with(text));
    CHECK(reaction.error_code() == -32602);
    CHECK(reaction.body.find("JSON text of one") != std::string::npos);
  }
  CHECK(endpoint.post(call_with("[1]")).error_code() == -32602);
  CHECK(endpoint.post(call_with("5")).error_code() == -32602);
}
