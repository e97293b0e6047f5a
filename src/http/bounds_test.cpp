// What a server holds for clients that take their time, and what it refuses instead.
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <poll.h>

#include "http/server.h"
#include "http/test_socket.h"
#include "telemetry/watch.h"

namespace patchbay::http {

namespace {

using std::chrono::milliseconds;

io::Task<Response> answer(Request& request) {
  if (request.path == "/hungry") throw std::bad_alloc();
  co_return Response::text(200, std::to_string(request.body.size()));
}

// "/known/a" is whose who comes as "a"; "/shut" takes nobody's body.
BodyVerdict judge(const Request& request) {
  if (request.path == "/shut") return {.refused = Response::json(404, "{}")};
  if (request.path == "/judge-throws") throw std::bad_alloc();
  if (!request.path.starts_with("/known/")) return {};
  return {.refused = std::nullopt, .holder = std::string(request.path.substr(7))};
}

struct Setup {
  explicit Setup(ServerOptions options = {})
      : runtime({.loops = 1}), server(runtime, with_judge(std::move(options)), answer) {
    runtime.start();
    REQUIRE(server.start());
  }
  static ServerOptions with_judge(ServerOptions options) {
    options.judge_body = judge;
    return options;
  }
  io::Runtime runtime;
  Server server;
};

std::string post(std::string_view path, std::size_t length) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

bool has_something(const RawClient& client) {
  pollfd waiting{.fd = client.fd(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, 0) > 0;
}

// Connections whose bodies do not come: how many of them are refused.
std::size_t refused_of(std::vector<std::unique_ptr<RawClient>>& clients, std::uint16_t port,
                       std::size_t count, std::string_view path, std::size_t length) {
  std::size_t refused = 0;
  for (std::size_t i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<RawClient>(port));
    clients.back()->send(post(path, length));
  }
  // The next whole request says that those before it have been seen: there is one loop.
  RawClient after(port);
  after.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(after.read_response().starts_with("HTTP/1.1 200 "));
  std::this_thread::sleep_for(milliseconds(100));
  for (std::size_t i = clients.size() - count; i < clients.size(); ++i) {
    if (!has_something(*clients[i])) continue;
    const std::string response = clients[i]->read_response();
    CHECK(response.starts_with("HTTP/1.1 503 "));
    CHECK(response.find("\r\nRetry-After: ") != std::string::npos);
    ++refused;
  }
  return refused;
}

}  // namespace

TEST_CASE("bounds: a body that nobody wants is refused before it comes") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(post("/shut", 1'000'000));
  CHECK(client.read_response().starts_with("HTTP/1.1 404 "));
}

TEST_CASE("bounds: unfinished bodies are few of a stranger, and some of everybody else") {
  Setup setup({.max_unfinished = 6, .max_unfinished_of_stranger = 2});
  std::vector<std::unique_ptr<RawClient>> clients;
  CHECK(refused_of(clients, setup.server.port(), 5, "/stranger", 100) == 3);
  CHECK(refused_of(clients, setup.server.port(), 10, "/known/one", 100) == 4);
  CHECK(refused_of(clients, setup.server.port(), 6, "/known/other", 100) == 0);
  // One that is over makes room for another.
  clients.clear();
  std::this_thread::sleep_for(milliseconds(100));
  CHECK(refused_of(clients, setup.server.port(), 2, "/stranger", 100) == 0);
}

TEST_CASE("bounds: bytes in flight are shared out, and given back") {
  const auto bytes = Shares::make(1'000'000);
  Setup setup({.bytes = bytes});
  std::vector<std::unique_ptr<RawClient>> clients;
  CHECK(refused_of(clients, setup.server.port(), 8, "/known/one", 100'000) == 3);
  CHECK(bytes->held() == 500'000);
  CHECK(refused_of(clients, setup.server.port(), 1, "/known/other", 400'000) == 0);
  clients.clear();
  for (int i = 0; i < 200 && bytes->held() > 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  CHECK(bytes->held() == 0);

  RawClient whole(setup.server.port());
  whole.send(post("/known/one", 100'000));
  std::this_thread::sleep_for(milliseconds(50));
  whole.send(std::string(100'000, 'x'));
  const std::string response = whole.read_response();
  CHECK(response.ends_with("100000"));
  for (int i = 0; i < 200 && bytes->held() > 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  CHECK(bytes->held() == 0);
}

TEST_CASE("bounds: a chunked body is counted as it grows") {
  const auto bytes = Shares::make(300'000);
  Setup setup({.bytes = bytes});
  RawClient client(setup.server.port());
  client.send("POST /known/one HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  for (int i = 0; i < 12; ++i) client.send(chunk);
  CHECK(client.read_response().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("bounds: want of memory ends a request or its connection, and nothing else") {
  Setup setup;
  RawClient hungry(setup.server.port());
  hungry.send("GET /hungry HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(hungry.read_response().starts_with("HTTP/1.1 500 "));
  RawClient cut(setup.server.port());
  cut.send(post("/judge-throws", 1'000));
  CHECK(cut.closed_by_peer());
  RawClient other(setup.server.port());
  other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(other.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("bounds: who says half a head leaves as many places for others") {
  // Of eight connections four may have an unfinished head, and one client two of these.
  const ManualClock clock{WallTime()};
  const telemetry::Log nowhere(-1, telemetry::Level::error);
  telemetry::Metrics metrics;
  telemetry::Watch watch(nowhere, metrics, clock);
  Setup setup({.max_connections = 8, .watch = &watch});
  std::vector<std::unique_ptr<RawClient>> clients;
  const auto half_heads_refused = [&](std::size_t count) {
    std::size_t refused = 0;
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<RawClient>(setup.server.port()));
      clients.back()->send("GET / HTTP/1.1\r\nHo");
      std::this_thread::sleep_for(milliseconds(50));
      if (!has_something(*clients.back())) continue;
      CHECK(clients.back()->read_response().starts_with("HTTP/1.1 503 "));
      ++refused;
    }
    return refused;
  };
  CHECK(half_heads_refused(3) == 1);
  CHECK(metrics.expose().contains(R"(patchbay_security_events_total{event="limit_hit"} 1)"));
  // One whose head comes gives its place to the next.
  clients.front()->send("st: a\r\n\r\n");
  CHECK(clients.front()->read_response().starts_with("HTTP/1.1 200 "));
  CHECK(half_heads_refused(1) == 0);
  // And one that begins a further head on the same connection takes one like any other.
  clients.front()->send("GET / HTTP/1.1\r\nHo");
  CHECK(clients.front()->read_response().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("bounds: those who are turned away take no place") {
  Setup setup({.max_connections = 4});
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 2; ++i) {
    idle.push_back(std::make_unique<RawClient>(setup.server.port()));
    idle.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(idle.back()->read_response().starts_with("HTTP/1.1 200 "));
  }
  // They keep their connections open after the refusal.
  std::vector<std::unique_ptr<RawClient>> refused;
  for (int i = 0; i < 10; ++i) {
    refused.push_back(std::make_unique<RawClient>(setup.server.port()));
    CHECK(refused.back()->read_response().starts_with("HTTP/1.1 503 "));
  }
  idle.pop_back();
  std::this_thread::sleep_for(milliseconds(100));
  RawClient next(setup.server.port());
  next.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(next.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("bounds: one address has no more than half of the connections") {
  Setup setup({.max_connections = 8});
  std::vector<std::unique_ptr<RawClient>> clients;
  std::size_t served = 0;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(setup.server.port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    if (clients.back()->read_response().starts_with("HTTP/1.1 200 ")) ++served;
  }
  CHECK(served == 4);
}

}  // namespace patchbay::http
