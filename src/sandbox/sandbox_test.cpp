// The sandbox over sockets: what the engine's tests cannot see.
#include "sandbox/sandbox.h"

#include <atomic>
#include <future>
#include <thread>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "http/client.h"
#include "json/parse.h"

using namespace patchbay;
using namespace patchbay::sandbox;

namespace {

constexpr std::string_view kRoot = "/v4_6_release/apis/3.0";

// A sandbox on a free port and a client beside it.
class Fixture {
 public:
  explicit Fixture(SandboxOptions options = {})
      : runtime_({.loops = 2, .blocking_threads = 1}),
        sandbox_(runtime_, clock_, std::move(options)),
        client_(runtime_, {}) {
    runtime_.start();
    REQUIRE(sandbox_.start());
  }
  ~Fixture() {
    sandbox_.stop(std::chrono::milliseconds(200));
    runtime_.stop();
  }

  http::ClientRequest request(http::Method method, std::string target, std::string body = {}) {
    http::ClientRequest made;
    made.method = method;
    made.origin = {.secure = false, .host = "127.0.0.1", .port = sandbox_.port()};
    made.target = std::move(target);
    made.headers.add("Authorization",
                     "Basic " + to_base64("patchbay+demo-public-key:demo-private-key"));
    made.headers.add("clientId", "test");
    made.body = std::move(body);
    made.allow_loopback = true;
    return made;
  }

  std::expected<http::ClientResponse, http::ClientError> send(http::ClientRequest made,
                                                              std::size_t loop = 0) {
    std::optional<std::expected<http::ClientResponse, http::ClientError>> result;
    runtime_.run(runtime_.loop(loop),
                 [&]() -> io::Task<> { result.emplace(co_await client_.send(std::move(made))); });
    return std::move(*result);
  }
  http::ClientResponse get(std::string target) {
    auto response = send(request(http::Method::get, std::move(target)));
    REQUIRE(response);
    return std::move(*response);
  }
  json::Value log() { return *json::parse(get("/_sandbox/requests").body); }

 private:
  SystemClock clock_;
  io::Runtime runtime_;
  Sandbox sandbox_;
  http::Client client_;
};

}  // namespace

TEST_CASE("the sandbox answers over HTTP, links by the host and port that were called") {
  Fixture fixture;
  const http::ClientResponse ticket = fixture.get(std::string(kRoot) + "/service/tickets/5012");
  CHECK(ticket.status == 200);
  const auto body = json::parse(ticket.body);
  REQUIRE(body);
  const std::string_view href = body->find("board")->find("_info")->string_or("board_href", "");
  CHECK(href.starts_with("http://127.0.0.1:"));
  CHECK(href.ends_with("/v4_6_release/apis/3.0/service/boards/2"));
  CHECK(ticket.headers.find("x-cw-request-id").has_value());
}

TEST_CASE("an empty Link header and a deletion's empty body survive the wire") {
  Fixture fixture;
  auto forward = fixture.request(http::Method::get, std::string(kRoot) + "/service/boards");
  forward.headers.add("pagination-type", "forward-only");
  const auto boards = fixture.send(std::move(forward));
  REQUIRE(boards);
  CHECK(boards->headers.find("Link") == std::string_view(""));
  const auto removed = fixture.send(
      fixture.request(http::Method::delete_, std::string(kRoot) + "/service/tickets/5012"));
  REQUIRE(removed);
  CHECK(removed->status == 204);
  CHECK(removed->body.empty());
}

TEST_CASE("a client that goes away is seen as cancelled, and latency is waited for") {
  SandboxOptions options;
  options.latency = std::chrono::milliseconds(150);
  Fixture fixture(options);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(fixture.get(std::string(kRoot) + "/system/info").status == 200);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(140));

  const auto injected = fixture.send(fixture.request(
      http::Method::post, "/_sandbox/faults", R"({"hang": true, "path_prefix": "/system"})"));
  REQUIRE(injected);
  CHECK(injected->status == 201);
  auto hanging = fixture.request(http::Method::get, std::string(kRoot) + "/system/info");
  hanging.timeout = std::chrono::milliseconds(400);
  CHECK_FALSE(fixture.send(std::move(hanging)));
  for (int i = 0; i < 100 && fixture.log().int64_or("in_flight", 0) > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const json::Value log = fixture.log();
  CHECK(log.int64_or("in_flight", -1) == 0);
  CHECK(log.find("requests")->if_array()->front().string_or("state", "") == "cancelled");
}

TEST_CASE("two loops may write at once: every record gets an id of its own") {
  Fixture fixture;
  constexpr int kEach = 40;
  std::atomic<int> made = 0;
  const auto write = [&](std::size_t loop) {
    for (int i = 0; i < kEach; ++i) {
      const auto response =
          fixture.send(fixture.request(http::Method::post, std::string(kRoot) + "/service/tickets",
                                       R"({"summary":"Parallel","company":{"id":250}})"),
                       loop);
      if (response && response->status == 201) ++made;
    }
  };
  auto other = std::async(std::launch::async, write, 1);
  write(0);
  other.wait();
  CHECK(made == 2 * kEach);
  const http::ClientResponse count = fixture.get(
      std::string(kRoot) + "/service/tickets/count?conditions=summary%3D%22Parallel%22");
  CHECK(count.body == "{\"count\":80}");
}
