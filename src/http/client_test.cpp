#include "http/client.h"

#include <doctest/doctest.h>

#include "http/server.h"
#include "http/sse.h"
#include "json/shape.h"

namespace patchbay::http {

namespace {

io::Task<Response> echo(Request& request) {
  if (request.path == "/throw") throw std::runtime_error("a secret reason");
  if (request.path == "/events") {
    co_return sse_response([](StreamWriter& out) -> io::Task<> {
      co_await out.write(sse_event("message", "{\"n\":1}"));
      co_await out.write(sse_event("message", "{\"n\":2}"));
    });
  }
  Response response = Response::json(200, request.body);
  response.headers.add("X-Path", request.path);
  co_return response;
}

struct EchoServer {
  io::Runtime runtime{{.loops = 1}};
  Server server{runtime, {}, echo};
  Client client{runtime, {}};
  EchoServer() {
    runtime.start();
    REQUIRE(server.start());
  }

  ClientRequest request(Method method, std::string target, std::string body = {}) const {
    ClientRequest made;
    made.method = method;
    made.origin = {false, "127.0.0.1", server.port()};
    made.target = std::move(target);
    made.body = std::move(body);
    made.allow_loopback = true;
    made.timeout = std::chrono::milliseconds(3000);
    return made;
  }
  std::expected<ClientResponse, ClientError> send(ClientRequest wanted) {
    std::expected<ClientResponse, ClientError> answer;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> { answer = co_await client.send(wanted); });
    return answer;
  }
};

}  // namespace

TEST_CASE("a client talks to a server and uses its connection again") {
  EchoServer setup;
  for (int i = 0; i < 3; ++i) {
    auto answer = setup.send(setup.request(Method::post, "/a?b=c", "{\"x\":1}"));
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "{\"x\":1}");
    CHECK(answer->body.capacity() >= answer->body.size() + json::kPadding);
    CHECK(answer->headers.find("content-type") == "application/json");
    CHECK(answer->headers.find("X-Path") == "/a");
  }
}

TEST_CASE("a large body travels both ways") {
  EchoServer setup;
  std::string body(900'000, 'x');
  auto answer = setup.send(setup.request(Method::put, "/large", body));
  REQUIRE(answer);
  CHECK(answer->body == body);
}

TEST_CASE("a handler's exception is an opaque 500") {
  EchoServer setup;
  auto answer = setup.send(setup.request(Method::get, "/throw"));
  REQUIRE(answer);
  CHECK(answer->status == 500);
  CHECK(answer->body.find("secret") == std::string::npos);
}

TEST_CASE("a stream arrives as a chunked body") {
  EchoServer setup;
  auto answer = setup.send(setup.request(Method::get, "/events"));
  REQUIRE(answer);
  CHECK(answer->headers.find("content-type") == "text/event-stream");
  CHECK(answer->body == "event: message\ndata: {\"n\":1}\n\nevent: message\ndata: {\"n\":2}\n\n");
}

}  // namespace patchbay::http
