#include "http/server.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "http/sse.h"
#include "http/test_socket.h"

namespace patchbay::http {

namespace {

using std::chrono::milliseconds;

// What the handler saw and what became of it.
struct Seen {
  std::atomic<int> requests = 0;
  std::atomic<int> disconnects = 0;
  std::atomic<int> streams_ended = 0;
  std::atomic<bool> write_failed = false;
};

io::Task<> count_for_ever(StreamWriter& out, Seen& seen) {
  while (!out.disconnected().cancelled()) {
    if (!co_await out.write(sse_event("message", "{}"))) break;
    co_await io::sleep(milliseconds(10));
  }
  ++seen.streams_ended;
}

io::Task<> flood(StreamWriter& out, Seen& seen) {
  std::string block(1 << 20, 'x');
  while (co_await out.write(block)) {
  }
  seen.write_failed = true;
  ++seen.streams_ended;
}

io::Task<> wait_for_the_end(StreamWriter& out, Seen& seen) {
  co_await out.write(kSseKeepAlive);
  while (!out.disconnected().cancelled()) co_await io::sleep(milliseconds(5));
  ++seen.streams_ended;
}

io::Task<Response> wait_for_disconnect(Request& request, Seen& seen) {
  io::CancelToken gone = request.watch_disconnect();
  for (int i = 0; i < 100 && !gone.cancelled(); ++i) co_await io::sleep(milliseconds(5));
  if (gone.cancelled()) ++seen.disconnects;
  co_return Response::text(200, gone.cancelled() ? "gone" : "there");
}

io::Task<Response> answer(Request& request, Seen& seen) {
  ++seen.requests;
  if (request.path == "/watch") co_return co_await wait_for_disconnect(request, seen);
  if (request.path == "/throw") throw std::runtime_error("a secret reason");
  if (request.path == "/close") {
    Response response = Response::text(200, "bye");
    response.close = true;
    co_return response;
  }
  if (request.path == "/slow") {
    co_await io::sleep(milliseconds(150));
    co_return Response::text(200, "slow");
  }
  if (request.path == "/parts") {
    Response response = Response::text(200, "head,");
    response.shared = std::make_shared<const std::string>("shared,");
    response.tail = "tail";
    co_return response;
  }
  if (request.path == "/empty") {
    Response response;
    response.status = 204;
    co_return response;
  }
  if (request.path == "/events") {
    co_return sse_response([&seen](StreamWriter& out) { return count_for_ever(out, seen); });
  }
  if (request.path == "/flood") {
    co_return sse_response([&seen](StreamWriter& out) { return flood(out, seen); });
  }
  if (request.path == "/idle-events") {
    co_return sse_response([&seen](StreamWriter& out) { return wait_for_the_end(out, seen); });
  }
  std::string text(to_string(request.method));
  text.append(" ").append(request.path).append("?").append(request.query);
  text.append(" from ").append(request.peer).append(" ").append(request.body);
  co_return Response::text(200, text);
}

struct Setup {
  explicit Setup(ServerOptions options = {}, std::size_t loops = 1)
      : runtime({.loops = loops}), server(runtime, std::move(options), [this](Request& request) {
          return answer(request, seen);
        }) {
    runtime.start();
    REQUIRE(server.start());
  }
  Seen seen;
  io::Runtime runtime;
  Server server;
};

bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 600; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

std::string body_of(const std::string& response) {
  return response.substr(std::min(response.size(), response.find("\r\n\r\n") + 4));
}

constexpr std::string_view kGet = "GET /x?y HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("a request is answered with the server's headers, and the connection goes on") {
  Setup setup;
  RawClient client(setup.server.port());
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    std::string response = client.read_response();
    CHECK(response.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(response.find("\r\nServer: patchbay\r\n") != std::string::npos);
    CHECK(response.find("\r\nDate: ") != std::string::npos);
    CHECK(response.find("Connection:") == std::string::npos);
    CHECK(body_of(response) == "GET /x?y from 127.0.0.1 ");
  }
}

TEST_CASE("pipelined requests are answered one after the other, in order") {
  Setup setup;
  RawClient client(setup.server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    CHECK(body_of(client.read_response()) == "POST /" + std::to_string(i) + "? from 127.0.0.1 abc");
  }
}

TEST_CASE("a request that comes byte by byte is read") {
  Setup setup;
  RawClient client(setup.server.port());
  for (char c : std::string("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n0\r\n\r\n")) {
    client.send({&c, 1});
    std::this_thread::sleep_for(milliseconds(1));
  }
  CHECK(body_of(client.read_response()) == "POST /? from 127.0.0.1 abc");
}

TEST_CASE("head, shared and tail are one body; HEAD has none; 204 has neither body nor length") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET /parts HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(body_of(client.read_response()) == "head,shared,tail");
  client.send("HEAD /parts HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string head = client.read_until("\r\n\r\n");
  CHECK(head.find("Content-Length: 16\r\n") != std::string::npos);
  client.send("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n");
  head = client.read_until("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(head.find("Content-Length") == std::string::npos);
  client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n").find("text/event-stream") != std::string::npos);
  client.send(kGet);
  CHECK(body_of(client.read_response()) == "GET /x?y from 127.0.0.1 ");
}

TEST_CASE("a sane request id is taken over and echoed, any other is replaced") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: my.id_1-2\r\n\r\n");
  CHECK(client.read_response().find("\r\nX-Request-Id: my.id_1-2\r\n") != std::string::npos);
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: <b>\r\n\r\n");
  std::string made = client.read_response();
  CHECK(made.find("<b>") == std::string::npos);
  CHECK(made.find("\r\nX-Request-Id: ") != std::string::npos);
}

TEST_CASE("a handler's exception is an opaque 500, and the connection goes on") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string response = client.read_response();
  CHECK(response.starts_with("HTTP/1.1 500 "));
  CHECK(response.find("secret") == std::string::npos);
  client.send(kGet);
  CHECK(client.read_response().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("refused requests get JSON and the end of the connection; nothing behind them is read") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"
      "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string all = client.read_to_end();
  CHECK(all.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(all.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(body_of(all).starts_with(R"({"error":{"code":"bad_transfer_encoding","message":")"));
  CHECK(setup.seen.requests == 0);
}

TEST_CASE("a body over the limit is refused without being read, and the client learns of it") {
  Setup setup({.max_body_bytes = 1000});
  RawClient client(setup.server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  client.send(std::string(3'000'000, 'x'));
  CHECK(client.read_response().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("headers over the limit are refused") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n");
  CHECK(client.read_to_end().starts_with("HTTP/1.1 431 "));
  RawClient other(setup.server.port());
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  other.send(many + "\r\n");
  CHECK(other.read_to_end().starts_with("HTTP/1.1 431 "));
}

TEST_CASE("Expect: 100-continue is answered before the body, when the body is wanted") {
  Setup setup({.max_body_bytes = 1000});
  RawClient client(setup.server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  CHECK(body_of(client.read_response()) == "POST /? from 127.0.0.1 abc");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_response().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("connections end when client, version or handler say so") {
  Setup setup;
  RawClient close(setup.server.port());
  close.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(close.read_to_end().find("\r\nConnection: close\r\n") != std::string::npos);
  RawClient old(setup.server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.read_to_end().starts_with("HTTP/1.1 200 OK\r\n"));
  RawClient old_keeps(setup.server.port());
  for (int i = 0; i < 2; ++i) {
    old_keeps.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old_keeps.read_response().find("\r\nConnection: keep-alive\r\n") != std::string::npos);
  }
  RawClient handler(setup.server.port());
  handler.send("GET /close HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(handler.read_to_end().find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("slow senders are told so and dropped, and silent ones are dropped") {
  Setup setup({.header_timeout = milliseconds(150),
               .body_timeout = milliseconds(150),
               .idle_timeout = milliseconds(300)});
  RawClient loris(setup.server.port());
  loris.send("GET / HTTP/1.1\r\nHost: a\r\n");
  RawClient trickle(setup.server.port());
  trickle.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  RawClient chunks(setup.server.port());
  chunks.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  RawClient silent(setup.server.port());
  RawClient idle(setup.server.port());
  idle.send(kGet);
  CHECK(idle.read_response().starts_with("HTTP/1.1 200 "));
  CHECK(loris.read_to_end().starts_with("HTTP/1.1 408 "));
  CHECK(trickle.read_to_end().starts_with("HTTP/1.1 408 "));
  CHECK(chunks.read_to_end().starts_with("HTTP/1.1 408 "));
  CHECK(silent.read_to_end().empty());
  CHECK(idle.read_to_end().empty());
}

TEST_CASE("a header that comes a byte at a time does not outlast the header timeout") {
  Setup setup({.header_timeout = milliseconds(200)});
  RawClient client(setup.server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100 && client.send("X"); ++i) {
    std::this_thread::sleep_for(milliseconds(20));
    if (std::chrono::steady_clock::now() - begin > milliseconds(700)) break;
  }
  CHECK(client.read_to_end().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("a handler that watches learns of the client's going away") {
  Setup setup;
  SUBCASE("closed") {
    RawClient client(setup.server.port());
    client.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(eventually([&] { return setup.seen.requests == 1; }));
  }
  SUBCASE("reset") {
    RawClient client(setup.server.port());
    client.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(eventually([&] { return setup.seen.requests == 1; }));
    client.reset();
  }
  CHECK(eventually([&] { return setup.seen.disconnects == 1; }));
}

TEST_CASE("the next pipelined request is not taken for a going away") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET /watch HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(eventually([&] { return setup.seen.requests == 1; }));
  client.send(kGet);
  CHECK(body_of(client.read_response()) == "there");
  CHECK(body_of(client.read_response()) == "GET /x?y from 127.0.0.1 ");
}

TEST_CASE("a client that only stopped sending still gets its answer") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  client.shut_down_sending();
  CHECK(body_of(client.read_response()) == "slow");
  CHECK(client.closed_by_peer());
}

TEST_CASE("a stream sends its head at once, chunk by chunk, and ends when the client goes") {
  Setup setup;
  {
    RawClient client(setup.server.port());
    client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    std::string head = client.read_until("\r\n\r\n");
    CHECK(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(client.read_until("\n\n\r\n") == "19\r\nevent: message\ndata: {}\n\n\r\n");
    CHECK(client.read_until("\n\n\r\n") == "19\r\nevent: message\ndata: {}\n\n\r\n");
  }
  CHECK(eventually([&] { return setup.seen.streams_ended == 1; }));
}

TEST_CASE("a stream that writes nothing learns of the client's going away too") {
  Setup setup;
  {
    RawClient client(setup.server.port());
    client.send("GET /idle-events HTTP/1.0\r\n\r\n");
    CHECK(client.read_until("keepalive\n\n").find("chunked") == std::string::npos);
  }
  CHECK(eventually([&] { return setup.seen.streams_ended == 1; }));
}

TEST_CASE("a stream whose client does not read waits, then gives up") {
  Setup setup({.write_timeout = milliseconds(200)});
  RawClient client(setup.server.port());
  client.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(eventually([&] { return setup.seen.streams_ended == 1; }));
  CHECK(setup.seen.write_failed);
}

TEST_CASE("connections over the limit are turned away with 503") {
  Setup setup({.max_connections = 4});  // of which one address leaves half
  RawClient one(setup.server.port());
  RawClient two(setup.server.port());
  one.send(kGet);
  CHECK(one.read_response().starts_with("HTTP/1.1 200 "));
  two.send(kGet);
  CHECK(two.read_response().starts_with("HTTP/1.1 200 "));
  RawClient three(setup.server.port());
  CHECK(three.read_to_end().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("a graceful stop lets running requests finish and closes idle connections") {
  Setup setup;
  RawClient idle(setup.server.port());
  idle.send(kGet);
  idle.read_response();
  RawClient busy(setup.server.port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(eventually([&] { return setup.seen.requests == 2; }));
  auto begin = std::chrono::steady_clock::now();
  setup.server.stop(milliseconds(3000));
  CHECK(std::chrono::steady_clock::now() - begin < milliseconds(2000));
  std::string response = busy.read_to_end();
  CHECK(body_of(response) == "slow");
  CHECK(response.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(idle.read_to_end().empty());
}

TEST_CASE("a stop's deadline ends what still runs") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  client.read_until("\n\n");
  setup.server.stop(milliseconds(100));
  CHECK(setup.seen.streams_ended == 1);
  CHECK(client.closed_by_peer());
}

TEST_CASE("all loops serve one port") {
  Setup setup({}, 3);
  for (int i = 0; i < 30; ++i) {
    RawClient client(setup.server.port());
    client.send(kGet);
    CHECK(client.read_response().starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("what cannot be listened on is an error that says so") {
  Setup setup;
  Handler handler = [&](Request& request) { return answer(request, setup.seen); };
  Server taken(setup.runtime, {.port = setup.server.port()}, handler);
  auto started = taken.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == ErrorCode::conflict);
  CHECK(started.error().message.find(std::to_string(setup.server.port())) != std::string::npos);

  // Of another machine: no program here has it.
  Server elsewhere(setup.runtime, {.address = "192.0.2.1", .port = setup.server.port()}, handler);
  CHECK(elsewhere.start().error().code == ErrorCode::unavailable);
  Server nowhere(setup.runtime, {.address = "localhost"}, handler);
  CHECK(nowhere.start().error().code == ErrorCode::invalid_argument);
  Server half(setup.runtime, {.tls_certificate_file = "/nonexistent.pem"}, handler);
  CHECK(half.start().error().code == ErrorCode::invalid_argument);
  Server missing(setup.runtime,
                 {.tls_certificate_file = "/nonexistent.pem", .tls_key_file = "/nonexistent.key"},
                 handler);
  auto failed = missing.start();
  CHECK(failed.error().code == ErrorCode::invalid_argument);
  CHECK(failed.error().message.find("/nonexistent.pem") != std::string::npos);
}

}  // namespace patchbay::http
