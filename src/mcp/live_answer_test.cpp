// Calls that take long: what their clients hear meanwhile, and what becomes of a call that nobody
// waits for any more.
#include <atomic>
#include <chrono>
#include <vector>

#include <doctest/doctest.h>

#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// One tool, "wait": as long as it is told, unless it is given up. It knows what it waits for.
class WaitingServer final : public Server {
 public:
  std::string_view id() const override { return "mcp_1"; }
  std::string_view title() const override { return "Patience"; }
  std::string instructions() const override { return ""; }
  SharedText tool_listing() const override { return listing_; }
  std::optional<Listings> current_listings() const override { return Listings{listing_, nullptr}; }
  io::Task<ServerOutcome> call_tool(std::string, json::Value arguments,
                                    Conversation& conversation) const override {
    const milliseconds wanted(arguments.int64_or("ms", 0));
    const auto begin = std::chrono::steady_clock::now();
    conversation.waits_for = [] { return std::string("Waiting for the kettle."); };
    while (std::chrono::steady_clock::now() - begin < wanted) {
      if (conversation.cancel.cancelled()) {
        ++given_up;
        co_return TextOutcome{.text = "given up", .is_error = true};
      }
      co_await io::sleep(milliseconds(10));
    }
    conversation.waits_for = nullptr;
    co_return TextOutcome{.text = "tea"};
  }

  mutable std::atomic<int> given_up = 0;

 private:
  SharedText listing_ = std::make_shared<const std::string>("[]");
};

struct Kitchen {
  std::shared_ptr<WaitingServer> server = std::make_shared<WaitingServer>();
  TestEndpoint endpoint{{.server_version = "1"}, server};

  bool gave_up(int count) const {
    for (int i = 0; i < 300 && server->given_up < count; ++i) {
      std::this_thread::sleep_for(milliseconds(10));
    }
    return server->given_up == count;
  }
};

std::string wait_call(int ms, std::string_view meta = "") {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait","arguments":{"ms":)" +
         std::to_string(ms) + "}" + std::string(meta) + "}}";
}

constexpr std::string_view kToken = R"(,"_meta":{"progressToken":"p-1"})";

// The values of all progress in a stream, and the messages.
struct Progress {
  std::vector<double> values;
  std::vector<std::string> messages;
};
Progress progress_in(const std::string& stream) {
  Progress out;
  for (std::size_t at = 0; (at = stream.find("data: ", at)) != std::string::npos; ++at) {
    const std::string line = stream.substr(at + 6, stream.find('\n', at) - at - 6);
    const auto message = json::parse(line);
    REQUIRE(message.has_value());
    if (message->string_or("method", "") != "notifications/progress") continue;
    const json::Value* params = message->find("params");
    CHECK(params->string_or("progressToken", "") == "p-1");
    out.values.push_back(params->find("progress")->as_double().value());
    out.messages.emplace_back(params->string_or("message", ""));
  }
  return out;
}

bool grows(const std::vector<double>& values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (!(values[i] > values[i - 1])) return false;
  }
  return true;
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++count;
  return count;
}

}  // namespace

TEST_CASE(
    "what takes long is not silent, in any revision: progress with a token, comments without") {
  Kitchen kitchen;
  // Beyond two seconds, and five more.
  constexpr int kMs = 7'500;
  struct Open {
    bool token;
    std::shared_ptr<OpenStream> stream;
  };
  std::vector<Open> all;
  for (const bool token : {true, false}) {
    const std::string_view meta = token ? kToken : std::string_view();
    for (const char* revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
      all.push_back({token, kitchen.endpoint.open_post(wait_call(kMs, meta),
                                                       {{"MCP-Protocol-Version", revision}})});
    }
    std::string body = modern_body("tools/call", R"("name":"wait","arguments":{"ms":7500})");
    if (token) {
      body.insert(body.find("\"io.modelcontextprotocol/protocolVersion\""),
                  R"("progressToken":"p-1",)");
    }
    all.push_back({token, kitchen.endpoint.open_post(body, modern_headers("tools/call", "wait"))});
  }
  // Nothing but JSON may come here, and nothing but an event stream there.
  const auto plain = kitchen.endpoint.open(
      http::Method::post, "/mcp/pbm_open",
      {{"Content-Type", "application/json"}, {"Accept", "application/json"}}, wait_call(2'500));
  const auto streams_only = kitchen.endpoint.open(
      http::Method::post, "/mcp/pbm_open",
      {{"Content-Type", "application/json"}, {"Accept", "text/event-stream"}}, wait_call(2'500));
  const auto batch = kitchen.endpoint.open_post("[" + wait_call(2'500) +
                                                R"(,{"jsonrpc":"2.0","id":2,"method":"ping"}])");
  std::this_thread::sleep_for(milliseconds(1'000));
  for (const Open& open : all) CHECK(open.stream->text().empty());

  for (const Open& open : all) {
    CAPTURE(open.token);
    REQUIRE(open.stream->wait_for_end(seconds(20)));
    const std::string text = open.stream->text();
    CAPTURE(text);
    CHECK(open.stream->content_type() == "text/event-stream");
    CHECK(count_of(text, "\"id\":1,\"result\"") == 1);
    CHECK(text.find("tea") > text.rfind("keepalive") + 1);
    const Progress progress = progress_in(text);
    CHECK(progress.values.size() >= (open.token ? 2U : 0U));
    CHECK((open.token || progress.values.empty()));
    CHECK(grows(progress.values));
    for (const std::string& message : progress.messages)
      CHECK(message == "Waiting for the kettle.");
    CHECK(count_of(text, ": keepalive\n\n") >= (open.token ? 0U : 2U));
  }
  REQUIRE(plain->wait_for_end());
  CHECK(plain->content_type() == "application/json");
  CHECK(plain->text().find("tea") != std::string::npos);
  REQUIRE(streams_only->wait_for_end());
  CHECK(streams_only->text().starts_with(": keepalive\n\nevent: message\ndata: {"));
  // Its answers stand in one event.
  REQUIRE(batch->wait_for_end());
  CHECK(batch->text().starts_with(": keepalive\n\nevent: message\ndata: [{"));
  CHECK(batch->text().find(R"("id":2,"result":{}}])") != std::string::npos);
}

TEST_CASE("a call of a second is plain JSON, with and without a token") {
  Kitchen kitchen;
  for (const std::string_view meta : {kToken, std::string_view()}) {
    const Reaction reaction = kitchen.endpoint.post(wait_call(1'000, meta));
    CHECK(reaction.headers.find("Content-Type") == "application/json");
    CHECK(reaction.result().find("content") != nullptr);
  }
}

TEST_CASE("a long call is given up when its legacy client goes away, or says so") {
  Kitchen kitchen;
  const auto cancelled = kitchen.endpoint.open_post(wait_call(20'000, kToken));
  std::string other = wait_call(20'000);
  other.replace(other.find("\"id\":1"), 6, "\"id\":2");
  const auto left = kitchen.endpoint.open_post(other);
  REQUIRE(left->wait_for("keepalive"));
  kitchen.endpoint.disconnect(left);
  CHECK(kitchen.gave_up(1));
  CHECK(left->wait_for_end());

  REQUIRE(cancelled->wait_for("Waiting for the kettle."));
  (void)kitchen.endpoint.post(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  CHECK(kitchen.gave_up(2));
  REQUIRE(cancelled->wait_for_end());
  CHECK(cancelled->text().find("given up") != std::string::npos);
}

TEST_CASE("on the event stream of 2024-11-05 progress comes too, and its end gives calls up") {
  Kitchen kitchen;
  const auto session = kitchen.endpoint.open(http::Method::get, "/mcp/pbm_open/sse",
                                             {{"Accept", "text/event-stream"}}, "");
  REQUIRE(session->wait_for("\n\n"));
  const std::string opened = session->text();
  const std::size_t begin = opened.find("data: ") + 6;
  const std::string url = opened.substr(begin, opened.find('\n', begin) - begin);
  const auto post = [&](std::string body) {
    return kitchen.endpoint
        .send(http::Method::post, url, {{"Content-Type", "application/json"}}, std::move(body))
        .status;
  };
  CHECK(post(wait_call(2'500, kToken)) == 202);
  CHECK(post(wait_call(20'000, kToken)) == 202);
  CHECK(post(wait_call(20'000)) == 202);
  REQUIRE(session->wait_for("\"id\":1,\"result\""));
  const std::string text = session->text();
  const Progress progress = progress_in(text.substr(text.find("\n\n") + 2));
  REQUIRE(progress.values.size() >= 2);  // of either call with a token
  CHECK(progress.messages.front() == "Waiting for the kettle.");
  // Two calls still run, and are watched by now.
  kitchen.endpoint.under_test().end_streams();
  CHECK(kitchen.gave_up(2));
}
