// What waits for clients that do not read, and what of a body is judged before it comes.
#include <atomic>

#include <doctest/doctest.h>

#include "mcp/server/outbox.h"
#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

// Lists a tool that fills 150 KB.
class LongServer final : public Server {
 public:
  std::string_view id() const override { return "mcp_long"; }
  std::string_view title() const override { return "Long"; }
  std::string instructions() const override { return ""; }
  SharedText tool_listing() const override { return listing_; }
  io::Task<ServerOutcome> call_tool(std::string name, json::Value, Conversation&) const override {
    co_return unknown_name("tool", name, {});
  }
  std::optional<Listings> current_listings() const override { return Listings{listing_, nullptr}; }

 private:
  SharedText listing_ = std::make_shared<const std::string>(
      R"([{"name":"long","description":")" + std::string(150'000, 'x') +
      R"(","inputSchema":{"type":"object"}}])");
};

// Refuses each call at once, and counts what else its loop came to between them.
class RefusingServer final : public Server {
 public:
  std::string_view id() const override { return "mcp_refusing"; }
  std::string_view title() const override { return "Refusing"; }
  std::string instructions() const override { return ""; }
  SharedText tool_listing() const override { return listing_; }
  io::Task<ServerOutcome> call_tool(std::string name, json::Value, Conversation&) const override {
    turns_at_last_call = turns->load();
    io::post(io::Loop::current(), [turns = turns] { ++*turns; });
    co_return unknown_name("tool", name, {});
  }
  std::optional<Listings> current_listings() const override { return Listings{listing_, nullptr}; }

  std::shared_ptr<std::atomic<int>> turns = std::make_shared<std::atomic<int>>(0);
  mutable std::atomic<int> turns_at_last_call = 0;

 private:
  SharedText listing_ = std::make_shared<const std::string>("[]");
};

constexpr std::string_view kListing = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";

std::string batch_of(int count) {
  std::string batch = "[";
  for (int i = 0; i < count; ++i) batch += (i == 0 ? "" : ",") + std::string(kListing);
  return batch + "]";
}

std::size_t events_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find("event: message\n", at)) != std::string::npos; ++at) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("bounds: a long batch is written in parts, and whole all the same") {
  TestEndpoint endpoint({.server_version = "1"}, std::make_shared<LongServer>());
  const Reaction plain = endpoint.send(
      http::Method::post, "/mcp/pbm_open",
      {{"Content-Type", "application/json"}, {"Accept", "application/json"}}, batch_of(7));
  CHECK(plain.status == 200);
  CHECK(plain.headers.find("Content-Type") == "application/json");
  REQUIRE(plain.json.is_array());
  CHECK(plain.json.if_array()->size() == 7);

  const auto stream = endpoint.open_post(batch_of(7));
  REQUIRE(stream->wait_for_end());
  CHECK(stream->content_type() == "text/event-stream");
  // Two answers make a part; the seventh is the last event.
  CHECK(events_in(stream->text()) == 4);
  // What ends with a whole part has nothing left to say.
  const auto even = endpoint.open_post(batch_of(6));
  REQUIRE(even->wait_for_end());
  CHECK(events_in(even->text()) == 3);
  CHECK(even->text().ends_with("\n\n"));
}

TEST_CASE("bounds: an outbox closes where too much waits, and tells that it did") {
  Outbox outbox;
  outbox.push(std::string(Outbox::kMostBytes + 10, 'x'));  // one is taken, however long
  CHECK_FALSE(outbox.closed());
  outbox.push("more");
  CHECK(outbox.overflowed());
  CHECK(outbox.closed());
  CHECK(outbox.empty());
  CHECK(outbox.bytes() == 0);
}

TEST_CASE("bounds: what waits in an outbox is put down, and taken off") {
  const auto bytes = Shares::make(1'000);
  {
    Outbox outbox;
    outbox.count_in(bytes, "mcp_1");
    outbox.push(std::string(300, 'x'));
    CHECK(bytes->held() > 300);
    CHECK(outbox.pop());
    CHECK(bytes->held() == 0);
    outbox.push(std::string(400, 'x'));
    outbox.push(std::string(400, 'x'));  // more than it leaves free
    CHECK(outbox.overflowed());
    CHECK(bytes->held() == 0);
  }
  CHECK(bytes->take("other", 1'000));
}

TEST_CASE("bounds: a body is judged by its path, its token and its kind") {
  TestEndpoint endpoint;
  const auto judged = [&](http::Method method, std::string_view path, HeaderList headers) {
    http::Request request;
    request.method = method;
    request.target = request.path = path;
    request.headers.add("Host", "localhost");
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return endpoint.under_test().judge_body(request);
  };
  const auto status = [&](http::Method method, std::string_view path, HeaderList headers) {
    const auto verdict = judged(method, path, std::move(headers));
    return verdict.refused ? verdict.refused->status : 0;
  };
  using enum http::Method;
  const HeaderList json = {{"Content-Type", "application/json"}};
  CHECK(judged(post, "/mcp/pbm_open", json).holder == "mcp_1");
  CHECK(status(post, "/mcp/pbm_open/", json) == 0);
  CHECK(status(post, "/mcp/pbm_open/messages", json) == 0);
  CHECK(status(post, "/mcp",
               {{"Content-Type", "application/json"}, {"Authorization", "Bearer pbm_open"}}) == 0);
  CHECK(status(post, "/mcp/pbm_unknown", json) == 404);
  CHECK(status(post, "/mcp", json) == 404);
  CHECK(status(post, "/mcp/pbm_open/other", json) == 404);
  CHECK(status(post, "/mcp/%zz", json) == 404);
  CHECK(status(post, "/register", json) == 404);
  CHECK(status(post, "/.well-known/oauth", json) == 404);
  CHECK(status(post, "/mcp/pbm_guarded", json) == 401);
  CHECK(status(put, "/mcp/pbm_open", json) == 405);
  CHECK(status(post, "/mcp/pbm_open/sse", json) == 405);
  CHECK(status(post, "/mcp/pbm_open", {{"Content-Type", "text/plain"}}) == 415);
}

TEST_CASE("bounds: a batch lets its loop go on between its messages, whatever becomes of them") {
  const auto server = std::make_shared<RefusingServer>();
  TestEndpoint endpoint({.server_version = "1"}, server);
  std::string batch = "[";
  for (int i = 0; i < 100; ++i) {
    batch += (i == 0 ? "" : ",") + legacy_body("tools/call", R"({"name":"x","arguments":{}})");
  }
  CHECK(endpoint.post(batch + "]").status == 200);
  CHECK(server->turns_at_last_call == 99);
}

TEST_CASE("bounds: arguments as a text are counted like arguments") {
  TestEndpoint endpoint;
  const auto call = [&](std::size_t values) {
    std::string list = "1";
    for (std::size_t i = 1; i < values; ++i) list += ",1";
    return endpoint.post(
        legacy_body("tools/call", R"({"name":"echo","arguments":"{\"a\":[)" + list + R"(]}"})"));
  };
  CHECK(call(1'000).error_code() == 0);
  const Reaction refused = call(400'000);
  CHECK(refused.error_code() == -32602);
  CHECK(refused.body.contains("at most 50,000 values"));
}
