// The API over a real socket: what only a server and a client together show.
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "admin/api.h"
#include "control/test_world.h"
#include "http/client.h"
#include "http/server.h"
#include "json/parse.h"

namespace patchbay::admin {
namespace {

class Service {
 public:
  Service() {
    api_.add_routes(router_);
    runtime_.start();
    REQUIRE(server_.start());
  }
  ~Service() {
    server_.stop(std::chrono::milliseconds(500));
    runtime_.stop();
  }

  http::ClientResponse operator()(http::Method method, std::string target, std::string body = {}) {
    http::ClientRequest request;
    request.method = method;
    request.origin = {.secure = false, .host = "127.0.0.1", .port = server_.port()};
    request.target = std::move(target);
    request.allow_loopback = true;
    request.headers.add("Authorization", "Bearer " + world.root_token);
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    http::ClientResponse response;
    const auto exchange = [&]() -> io::Task<> {
      auto answer = co_await client_.send(std::move(request));
      if (answer) response = std::move(*answer);
    };
    runtime_.run(runtime_.loop(0), exchange);
    return response;
  }

  control::testing::World world;

 private:
  io::Runtime runtime_{{.loops = 2, .blocking_threads = 2}};
  http::Router router_;
  Api api_{runtime_, *world.control, {.public_url = "http://127.0.0.1"}};
  http::Client client_{runtime_, {}};
  http::Server server_{runtime_, {}, [this](http::Request& request) { return router_(request); }};
};

TEST_CASE("An account is connected and a server minted over a socket") {
  Service service;
  const auto account = service(
      http::Method::post, "/integrated-account",
      R"({"integration":"desk","credentials":{"site":"desk.example.com","key":"hunter2"}})");
  REQUIRE(account.status == 201);
  const std::string id(json::parse(account.body)->string_or("id", ""));
  const auto server = service(http::Method::post, "/integrated-account/" + id + "/mcp",
                              R"({"name":"x","config":{"methods":["read"]}})");
  CHECK(server.status == 201);
  CHECK(server.headers.find("Cache-Control") == "no-store");
  CHECK(json::parse(server.body)->string_or("url", "").starts_with("http://127.0.0.1/mcp/pbm_"));
}

TEST_CASE("Other methods, unknown paths, HEAD and oversized bodies are answered properly") {
  Service service;
  CHECK(service(http::Method::put, "/integrated-account").status == 405);
  CHECK(service(http::Method::get, "/nowhere").status == 404);
  const auto head = service(http::Method::head, "/openapi.json");
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(service(http::Method::get, "/integrated-account/").status == 200);
  const auto big = service(http::Method::post, "/environment",
                           R"({"name":")" + std::string(2 << 20, 'x') + R"("})");
  CHECK(big.status == 413);
}

TEST_CASE("Many requests at once are all answered, while one of them waits for its upstream") {
  Service service;
  service.world.probe = [](const upstream::Account&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return Result<>();
  };
  std::atomic<int> created = 0;
  std::atomic<int> listed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      if (i == 0) {
        const auto account = service(
            http::Method::post, "/integrated-account",
            R"({"integration":"desk","credentials":{"site":"desk.example.com","key":"k"}})");
        created += account.status == 201 ? 1 : 0;
        return;
      }
      for (int n = 0; n < 20; ++n) {
        listed += service(http::Method::get, "/integrated-account").status == 200 ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(created == 1);
  CHECK(listed == 60);
}

}  // namespace
}  // namespace patchbay::admin
