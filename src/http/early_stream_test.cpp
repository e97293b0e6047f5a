// Responses that begin while their handler still runs.
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "http/server.h"
#include "http/sse.h"
#include "http/test_socket.h"

namespace patchbay::http {

namespace {

using std::chrono::milliseconds;

io::Task<> write_end(StreamWriter& out) {
  co_await out.write("end\n");
}

io::Task<> write_nothing(StreamWriter&) {
  co_return;
}

// Says something at once, and what came of it some time later.
io::Task<Response> begin_early(Request& request, std::atomic<bool>& gone) {
  Response head = sse_response(nullptr);
  head.headers.add("X-Begun", "early");
  const std::shared_ptr<StreamWriter> writer = request.begin_stream(head);
  if (request.path != "/silent") co_await writer->write("begun\n");
  co_await io::sleep(milliseconds(100));
  if (request.path == "/throw") throw std::runtime_error("a secret reason");
  if (request.path == "/forget") co_return Response::text(200, "in vain");
  if (request.path == "/gone") {
    for (int i = 0; i < 100 && !writer->disconnected().cancelled(); ++i) {
      co_await io::sleep(milliseconds(10));
    }
    gone = writer->disconnected().cancelled() && !co_await writer->write("more\n");
  }
  const bool silent = request.path == "/silent";
  co_return sse_response(
      [silent](StreamWriter& out) { return silent ? write_nothing(out) : write_end(out); });
}

struct Setup {
  Setup() {
    runtime.start();
    REQUIRE(server.start());
  }
  std::atomic<bool> gone = false;
  io::Runtime runtime{{.loops = 1}};
  Server server{runtime, {}, [this](Request& request) { return begin_early(request, gone); }};
};

std::string get(std::string_view path, std::string_view version = "1.1") {
  return "GET " + std::string(path) + " HTTP/" + std::string(version) +
         "\r\nHost: a\r\nX-Request-Id: r\r\n\r\n";
}

}  // namespace

TEST_CASE("a handler begins its response before it has the end of it; the connection goes on") {
  Setup setup;
  RawClient client(setup.server.port());
  for (int i = 0; i < 2; ++i) {
    client.send(get("/"));
    const std::string head = client.read_until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 200 "));
    CHECK(head.find("X-Begun: early\r\n") != std::string::npos);
    CHECK(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(client.read_until("begun\n\r\n") == "6\r\nbegun\n\r\n");
    CHECK(client.read_until("0\r\n\r\n") == "4\r\nend\n\r\n0\r\n\r\n");
  }
}

TEST_CASE("to HTTP/1.0, as nginx speaks it by default, it goes until the close") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(get("/", "1.0"));
  const std::string all = client.read_to_end();
  CHECK(all.find("chunked") == std::string::npos);
  CHECK(all.ends_with("\r\n\r\nbegun\nend\n"));
}

TEST_CASE("what was begun and has nothing to say still has a head and an end") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(get("/silent"));
  const std::string all = client.read_until("0\r\n\r\n");
  CHECK(all.find("X-Begun: early\r\n") != std::string::npos);
  CHECK(all.ends_with("\r\n\r\n0\r\n\r\n"));
}

TEST_CASE("a handler that fails after it began leaves a stream that does not look complete") {
  Setup setup;
  for (const std::string path : {"/throw", "/forget"}) {
    RawClient client(setup.server.port());
    client.send(get(path));
    const std::string all = client.read_to_end();
    CHECK(all.ends_with("6\r\nbegun\n\r\n"));
  }
}

TEST_CASE("who writes early learns that the client has gone") {
  Setup setup;
  {
    RawClient client(setup.server.port());
    client.send(get("/gone"));
    client.read_until("begun\n");
  }
  for (int i = 0; i < 600 && !setup.gone; ++i) std::this_thread::sleep_for(milliseconds(5));
  CHECK(setup.gone);
}

}  // namespace patchbay::http
