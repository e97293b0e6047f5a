// Whether an answer arrived: what a connection that breaks tells of it.
#include "io/receipt.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "http/server.h"
#include "http/sse.h"
#include "http/test_socket.h"

namespace patchbay::http {

namespace {

using std::chrono::milliseconds;

io::Task<> write_event(StreamWriter& out) {
  co_await out.write("data: 1\n\n");
}

// Answers after a while, and keeps the receipt.
struct Setup {
  Setup() {
    runtime.start();
    REQUIRE(server.start());
  }
  std::shared_ptr<io::Receipt> receipt() const { return *kept.load(); }
  static io::Task<Response> answer(Setup& setup, Request& request) {
    auto receipt = std::make_shared<io::Receipt>();
    setup.kept = std::make_shared<std::shared_ptr<io::Receipt>>(receipt);
    request.receipt = receipt;
    CHECK_FALSE(receipt->is_lost());
    co_await io::sleep(milliseconds(100));
    if (request.path == "/stream") co_return sse_response(write_event);
    if (request.path == "/large") co_return Response::text(200, std::string(64 << 20, 'x'));
    co_return Response::text(200, "yes");
  }
  std::atomic<std::shared_ptr<std::shared_ptr<io::Receipt>>> kept;
  io::Runtime runtime{{.loops = 1}};
  Server server{runtime, {}, [this](Request& request) { return answer(*this, request); }};
};

std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

bool becomes_lost(const Setup& setup) {
  for (int i = 0; i < 300; ++i) {
    if (setup.kept.load() && setup.receipt()->is_lost()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

bool stays(const Setup& setup) {
  std::this_thread::sleep_for(milliseconds(100));
  return !setup.receipt()->is_lost();
}

}  // namespace

TEST_CASE("receipt: an answer that was read has arrived, whatever the client does next") {
  for (const std::string path : {"/", "/stream"}) {
    CAPTURE(path);
    Setup setup;
    {
      RawClient client(setup.server.port());
      client.send(get(path));
      client.read_until(path == "/" ? "yes" : "0\r\n\r\n");
      CHECK(stays(setup));
      const auto first = setup.receipt();
      client.send(get("/"));
      client.read_until("yes");
      CHECK_FALSE(first->is_lost());
    }  // goes
    CHECK(stays(setup));
  }
}

TEST_CASE("receipt: an answer behind which the connection closes has arrived") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(get("/", "Connection: close\r\n"));
  CHECK(client.read_to_end().ends_with("yes"));
  CHECK(stays(setup));
}

TEST_CASE("receipt: who goes before the answer is there does not get it") {
  for (const std::string path : {"/", "/stream"}) {
    for (const bool reset : {false, true}) {
      CAPTURE(path);
      CAPTURE(reset);
      Setup setup;
      auto client = std::make_unique<RawClient>(setup.server.port());
      client->send(get(path));
      std::this_thread::sleep_for(milliseconds(30));
      if (reset) client->reset();
      client.reset();
      CHECK(becomes_lost(setup));
    }
  }
}

TEST_CASE("receipt: what lies unread when the client goes was not taken") {
  Setup setup;
  auto client = std::make_unique<RawClient>(setup.server.port());
  client->send(get("/"));
  std::this_thread::sleep_for(milliseconds(200));
  client.reset();  // the kernel has the answer, and the program never read it
  CHECK(becomes_lost(setup));
}

// The call comes again on another connection, and may be there before the first one's loop ran.
TEST_CASE("receipt: a reset is known before anybody read of it") {
  namespace asio = boost::asio;
  asio::io_context loop;
  asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
  for (const bool is_read : {false, true}) {
    CAPTURE(is_read);
    RawClient client(acceptor.local_endpoint().port());
    auto served = acceptor.accept();
    REQUIRE(asio::write(served, asio::buffer("yes", 3)) == 3);
    io::Receipt receipt;
    receipt.written(served.native_handle());
    CHECK_FALSE(receipt.is_lost());
    if (is_read) {
      client.read_until("yes");
      client.shut_down_sending();
      CHECK_FALSE(receipt.is_lost());
    } else {
      client.reset();
      CHECK(receipt.is_lost());
    }
  }
}

TEST_CASE("receipt: what the network does not take is lost while it is not taken") {
  Setup setup;
  RawClient client(setup.server.port());
  client.send(get("/large"));
  client.read_until("\r\n\r\n");
  CHECK_FALSE(setup.receipt()->is_lost());  // not written yet: it still may arrive
  client.reset();
  CHECK(becomes_lost(setup));
}

}  // namespace patchbay::http
