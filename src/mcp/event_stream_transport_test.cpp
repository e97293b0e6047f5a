// The transport of 2024-11-05, as its clients use it.
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::shared_ptr<OpenStream> open_stream(TestEndpoint& endpoint, std::string_view token = kOpenToken,
                                        HeaderList headers = {}) {
  headers.emplace_back("Accept", "text/event-stream");
  return endpoint.open(http::Method::get, "/mcp/" + std::string(token) + "/sse", std::move(headers),
                       "");
}

// The URL of the first event.
std::string messages_url(const std::shared_ptr<OpenStream>& stream) {
  REQUIRE(stream->wait_for("\n\n"));
  const std::string text = stream->text();
  const std::string_view before = "event: endpoint\ndata: ";
  REQUIRE(text.starts_with(before));
  return text.substr(before.size(), text.find('\n', before.size()) - before.size());
}

Reaction post_to(TestEndpoint& endpoint, const std::string& url, std::string body,
                 HeaderList headers = {}) {
  headers.emplace_back("Content-Type", "application/json");
  return endpoint.send(http::Method::post, url, std::move(headers), std::move(body));
}

// Whose calls go on until the test is over.
class BusyServer final : public Server {
 public:
  std::string_view id() const override { return "mcp_busy"; }
  std::string_view title() const override { return "Busy"; }
  std::string instructions() const override { return ""; }
  SharedText tool_listing() const override { return listing_; }
  io::Task<ServerOutcome> call_tool(std::string, json::Value, Conversation& call) const override {
    while (!call.cancel.cancelled()) co_await io::sleep(std::chrono::milliseconds(5));
    co_return TextOutcome{.text = "{}"};
  }
  std::optional<Listings> current_listings() const override { return Listings{listing_, nullptr}; }

 private:
  SharedText listing_ = std::make_shared<const std::string>(
      R"([{"name":"wait","description":"Waits.","inputSchema":{"type":"object"}}])");
};

std::string waiting_call(std::size_t bytes = 0) {
  return legacy_body("tools/call",
                     R"({"name":"wait","arguments":{"a":")" + std::string(bytes, 'x') + R"("}})");
}

// Whether the calls that hold them end soon.
bool gives_back_all(const Shares& bytes) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (bytes.held() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return bytes.held() == 0;
}

}  // namespace

TEST_CASE("an old client opens a stream, posts, and reads its answers there") {
  TestEndpoint endpoint;
  const auto stream = open_stream(endpoint);
  const std::string url = messages_url(stream);
  CHECK(url.starts_with("/mcp/pbm_open/messages?sessionId=sse_"));
  const Reaction accepted =
      post_to(endpoint, url,
              legacy_body("initialize", R"({"protocolVersion":"2024-11-05","capabilities":{}})"));
  CHECK(accepted.status == 202);
  CHECK(accepted.body == "Accepted");
  REQUIRE(stream->wait_for(R"("protocolVersion":"2024-11-05")"));
  CHECK(
      post_to(endpoint, url, R"({"jsonrpc":"2.0","method":"notifications/initialized"})").status ==
      202);
  CHECK(post_to(endpoint, url, R"({"jsonrpc":"2.0","id":"t","method":"tools/list"})").status ==
        202);
  REQUIRE(stream->wait_for("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"t\""));
  CHECK(post_to(endpoint, url, R"({"jsonrpc":"2.0","id":"x","method":"nope"})").status == 202);
  CHECK(stream->wait_for("-32601"));
  CHECK(post_to(endpoint, url, "{").status == 202);
  CHECK(stream->wait_for("-32700"));
}

TEST_CASE("an event stream is opened and spoken to only with its token and second factor") {
  TestEndpoint endpoint;
  CHECK(open_stream(endpoint, "pbm_unknown")->wait_for_end());
  const Reaction refused = endpoint.send(http::Method::get, "/mcp/pbm_guarded/sse", {}, "");
  CHECK(refused.status == 401);
  const auto guarded = open_stream(endpoint, kGuardedToken, {{"Authorization", "Bearer pba_mine"}});
  const std::string url = messages_url(guarded);
  CHECK(post_to(endpoint, url, legacy_body("ping")).status == 401);
  CHECK(post_to(endpoint, url, legacy_body("ping"), {{"X-Api-Token", "pba_mine"}}).status == 202);
  CHECK(guarded->wait_for(R"("result":{})"));
  CHECK(
      endpoint.send(http::Method::get, "/mcp/pbm_open/sse", {{"Origin", "http://evil.example"}}, "")
          .status == 403);
}

TEST_CASE("a POST to the stream's URL is refused, so that clients that try both fall back") {
  TestEndpoint endpoint;
  const Reaction reaction = post_to(endpoint, "/mcp/pbm_open/sse", legacy_body("initialize"));
  CHECK(reaction.status == 405);
  CHECK(reaction.headers.find("Allow") == "GET");
}

TEST_CASE("a session that is not open, or not any more, is not found") {
  TestEndpoint endpoint;
  CHECK(post_to(endpoint, "/mcp/pbm_open/messages", legacy_body("ping")).status == 404);
  CHECK(post_to(endpoint, "/mcp/pbm_open/messages?sessionId=sse_x", legacy_body("ping")).status ==
        404);
  const auto stream = open_stream(endpoint);
  const std::string url = messages_url(stream);
  endpoint.under_test().end_streams();
  REQUIRE(stream->wait_for_end());
  CHECK(post_to(endpoint, url, legacy_body("ping")).status == 404);
}

TEST_CASE("bounds: what a call of an event stream holds is counted until it is answered") {
  const auto bytes = Shares::make(1'000'000);
  TestEndpoint endpoint({.server_version = "1", .bytes = bytes}, std::make_shared<BusyServer>());
  const auto stream = open_stream(endpoint);
  const std::string url = messages_url(stream);
  int taken = 0;
  Reaction last = post_to(endpoint, url, waiting_call(60'000));
  while (last.status == 202 && ++taken < 20) last = post_to(endpoint, url, waiting_call(60'000));
  CHECK(last.status == 503);
  CHECK(last.headers.find("Retry-After") == "1");
  CHECK(taken > 0);
  // At least three times the bodies, and others have room.
  CHECK(bytes->held() >= static_cast<std::size_t>(taken) * 180'000);
  CHECK(bytes->take("mcp_other", 200'000));
  endpoint.under_test().end_streams();
  REQUIRE(stream->wait_for_end());
  CHECK(gives_back_all(*bytes));
}

TEST_CASE("bounds: the calls of one URL are few, however many sessions it opens") {
  const auto bytes = Shares::make(1'000'000'000);
  TestEndpoint endpoint({.server_version = "1", .bytes = bytes}, std::make_shared<BusyServer>());
  std::vector<std::shared_ptr<OpenStream>> streams;
  int taken = 0;
  for (int session = 0; session < 6; ++session) {
    streams.push_back(open_stream(endpoint));
    const std::string url = messages_url(streams.back());
    for (int i = 0; i < 64; ++i) {
      const Reaction answer = post_to(endpoint, url, waiting_call());
      if (answer.status != 202) {
        CHECK(answer.status == 503);
        CHECK(answer.headers.find("Retry-After"));
        break;
      }
      ++taken;
    }
  }
  CHECK(taken == 256);
  endpoint.under_test().end_streams();
  for (const auto& stream : streams) CHECK(stream->wait_for_end());
  CHECK(gives_back_all(*bytes));
}
