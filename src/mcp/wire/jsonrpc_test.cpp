#include "mcp/wire/jsonrpc.h"

#include <string>

#include <doctest/doctest.h>

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string outcome(std::string_view body) {
  const auto incoming = read_messages(body);
  if (!incoming) {
    return std::to_string(incoming.error().code) +
           (incoming.error().id.empty() ? "" : " id " + incoming.error().id);
  }
  if (const auto* batch = std::get_if<Batch>(&*incoming)) {
    return "batch of " + std::to_string(batch->size());
  }
  const Message& message = std::get<Message>(*incoming);
  if (const auto* call = std::get_if<MethodCall>(&message)) return "call " + call->id;
  if (std::holds_alternative<Notification>(message)) return "notification";
  return "reply " + std::get<ClientReply>(message).id;
}

}  // namespace

TEST_CASE("a message is read by its shape, and a faulty one tells its id where it has one") {
  struct Row {
    std::string body;
    const char* expected;
  };
  const Row rows[] = {
      {R"({"jsonrpc":"2.0","id":1,"method":"m"})", "call 1"},
      {R"({"jsonrpc":"2.0","id":"1","method":"m"})", "call \"1\""},
      {"\xef\xbb\xbf"
       R"({"jsonrpc":"2.0","id":7,"method":"m"})",
       "call 7"},
      {"\xef\xbb\xbf\xef\xbb\xbf"
       R"({"jsonrpc":"2.0","id":7,"method":"m"})",
       "-32700"},
      {R"({"jsonrpc":"2.0","id":0,"method":"m","params":{}})", "call 0"},
      {R"({"jsonrpc":"2.0","id":-5,"method":"m","params":null})", "call -5"},
      {R"({"jsonrpc":"2.0","id":9007199254740993,"method":"m"})", "call 9007199254740993"},
      {R"({"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"m"})",
       "call 123456789012345678901234567890"},
      {R"({"jsonrpc":"2.0","id":1.0,"method":"m"})", "call 1.0"},
      {R"({"jsonrpc":"2.0","id":"a\"b\\\nä","method":"m"})", "call \"a\\\"b\\\\\\nä\""},
      {R"({"jsonrpc":"2.0","id":"","method":"m"})", "call \"\""},
      {R"({"jsonrpc":"2.0","method":"m"})", "notification"},
      {R"({"jsonrpc":"2.0","id":3,"result":{}})", "reply 3"},
      {R"({"jsonrpc":"2.0","id":3,"error":{"code":1,"message":"x"}})", "reply 3"},
      {R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}})", "reply "},
      {R"([{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","method":"n"}])", "batch of 2"},
      // Half of a surrogate pair in a text.
      {R"({"jsonrpc":"2.0","id":8,"method":"m","params":{"a":"x\ud83d"}})", "call 8"},
      {R"({"jsonrpc":"2.0","id":9,"method":"m","params":{"a":"\ude00 y"}})", "call 9"},
      {R"({"jsonrpc":"2.0","id":1,"method":"\ud800"})", "call 1"},  // of no method that there is
      // No ids.
      {R"({"jsonrpc":"2.0","id":null,"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":1e300,"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":1E400,"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":true,"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":{},"method":"m"})", "-32600"},
      {R"({"jsonrpc":"2.0","id":[1],"method":"m"})", "-32600"},
      // Not messages.
      {R"({"id":1,"method":"m"})", "-32600 id 1"},
      {R"({"jsonrpc":"1.0","id":1,"method":"m"})", "-32600 id 1"},
      {R"({"jsonrpc":2.0,"id":1,"method":"m"})", "-32600 id 1"},
      {R"({"jsonrpc":"2.0","id":1})", "-32600 id 1"},
      {R"({"jsonrpc":"2.0","id":"x","method":5})", "-32600 id \"x\""},
      {R"({"jsonrpc":"2.0","id":7,"method":"m","params":[]})", "call 7"},
      {R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1]})", "-32600 id 1"},
      {R"({"jsonrpc":"2.0","id":1,"method":"m","params":"x"})", "-32600 id 1"},
      {R"({"jsonrpc":"2.0"})", "-32600"},
      {R"({})", "-32600"},
      {"[]", "-32600"},
      {"[1]", "-32600"},
      {R"([[{"jsonrpc":"2.0","id":1,"method":"m"}]])", "-32600"},
      {R"([{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":null,"method":"m"}])",
       "-32600"},
      {"5", "-32600"},
      {"null", "-32600"},
      {R"("text")", "-32600"},
      // Not JSON.
      {"", "-32700"},
      {"{", "-32700"},
      {"nope", "-32700"},
      {R"({"jsonrpc":"2.0","id":1,"method":"m"} x)", "-32700"},
      {R"({"jsonrpc":"2.0","id":01,"method":"m"})", "-32700"},
      {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"m"})", "-32700"},
      {std::string("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"), "-32700"},
      {std::string("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\nb\"}"), "-32700"},
  };
  for (const Row& row : rows) CHECK_MESSAGE(outcome(row.body) == row.expected, row.body);
}

TEST_CASE("what is nested too deep or batched too wide is refused") {
  std::string deep = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":)";
  deep += std::string(200, '[') + std::string(200, ']') + "}}";
  CHECK(outcome(deep) == "-32600");
  std::string wide = "[";
  for (int i = 0; i < 101; ++i) {
    wide += (i == 0 ? "" : ",") + std::string(R"({"jsonrpc":"2.0","method":"n"})");
  }
  CHECK(outcome(wide + "]") == "-32600");
}

TEST_CASE(
    "more values than a call can mean are refused before they are read, commas in texts are none") {
  const auto body = [](const std::string& list) {
    return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":)" + list + "}}";
  };
  std::string many = "[1";
  for (int i = 0; i < 60'000; ++i) many += ",1";
  CHECK(outcome(body(many + "]")) == "-32600");
  // Without a comma, or few: what is nested counts as well.
  for (const std::string_view part : {"{},", "[[[[[[[]]]]]]],", R"({"a":{"a":{"a":1}}},)"}) {
    std::string nested = "[";
    for (int i = 0; i < 26'000; ++i) nested += part;
    CHECK_MESSAGE(outcome(body(nested + "1]")) == "-32600", part);
  }
  CHECK(outcome(body('"' + std::string(200'000, ',') + '"')) == outcome(body("1")));
  CHECK(outcome(body("\"\\\"" + std::string(200'000, ',') + '"')) == outcome(body("1")));
}
