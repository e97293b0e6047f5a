// Answers that go on, read piece by piece.
#include <vector>

#include <doctest/doctest.h>

#include "http/server.h"
#include "http/sse.h"
#include "http/test_client.h"
#include "http/test_socket.h"

namespace patchbay::http {

namespace {

constexpr std::string_view kEvents = "Content-Type: text/event-stream; charset=utf-8\r\n";

struct Pieces {
  std::string all;
  int count = 0;
};

ClientRequest listening(std::uint16_t port, Pieces& pieces) {
  ClientRequest request = request_to(port, Method::post, "{}");
  request.on_event_stream = [&pieces](std::string_view piece) {
    pieces.all += piece;
    ++pieces.count;
    return true;
  };
  return request;
}

}  // namespace

TEST_CASE("a stream's pieces are handed over however they are delimited") {
  const std::string ok = "HTTP/1.1 200 OK\r\n" + std::string(kEvents);
  for (const std::string& answer :
       {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n3\r\n1\n\n\r\n0\r\n\r\n",
        ok + "Content-Length: 8\r\n\r\ndata:1\n\n", ok + "\r\ndata:1\n\n"}) {
    CAPTURE(answer);
    std::string head;
    RawServer server([&](RawServer::Peer& peer, int) {
      head = peer.read_head();
      peer.send(answer);
    });
    Setup setup;
    Pieces pieces;
    const Answer got = setup.send(listening(server.port(), pieces));
    REQUIRE(got);
    CHECK(pieces.all == "data:1\n\n");
    CHECK(got->body.empty());
    CHECK(got->status == 200);
    CHECK(head.find("Accept-Encoding") == std::string::npos);
  }
}

TEST_CASE("what is no event stream, or no success, is read whole") {
  Pieces pieces;
  for (const std::string& head : {std::string("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"),
                                  "HTTP/1.1 404 Not Found\r\n" + std::string(kEvents)}) {
    RawServer server([&](RawServer::Peer& peer, int) {
      peer.read_head();
      peer.send(head + "Content-Length: 4\r\n\r\nbody");
    });
    Setup setup;
    const Answer got = setup.send(listening(server.port(), pieces));
    REQUIRE(got);
    CHECK(got->body == "body");
  }
  CHECK(pieces.count == 0);
}

TEST_CASE("pieces come as they are sent, and the deadline is for the silence between them") {
  Pieces pieces;
  RawServer server([&](RawServer::Peer& peer, int connection) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\n" + std::string(kEvents) + "Transfer-Encoding: chunked\r\n\r\n");
    // Longer in all than the client waits for one of them.
    for (int i = 0; i < 8; ++i) {
      std::this_thread::sleep_for(milliseconds(100));
      peer.send("3\r\n:\n\n\r\n");
    }
    if (connection == 0) peer.send("0\r\n\r\n");
    peer.wait_for_close();
  });
  Setup setup;
  ClientRequest request = listening(server.port(), pieces);
  request.timeout = milliseconds(500);
  REQUIRE(setup.send(request));
  CHECK(pieces.count == 8);
}

TEST_CASE("a stream that falls silent, breaks off or is malformed is an error; pieces stay") {
  struct Case {
    std::string rest;
    bool closes;
    ErrorCode code;
  };
  for (const Case& test : {Case{"", false, ErrorCode::timeout}, Case{"", true, ErrorCode::upstream},
                           Case{"zz\r\n", true, ErrorCode::upstream}}) {
    Pieces pieces;
    RawServer server([&](RawServer::Peer& peer, int) {
      peer.read_head();
      peer.send("HTTP/1.1 200 OK\r\n" + std::string(kEvents) +
                "Transfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n" + test.rest);
      if (!test.closes) peer.wait_for_close();
    });
    Setup setup;
    ClientRequest request = listening(server.port(), pieces);
    request.timeout = milliseconds(300);
    CHECK(code_of(setup.send(request)) == test.code);
    CHECK(pieces.all == ":\n\n");
  }
}

TEST_CASE("who has enough ends the exchange, and the next request has a connection of its own") {
  RawServer server([&](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\n" + std::string(kEvents) +
              "Transfer-Encoding: chunked\r\n\r\n3\r\n:\n\n\r\n");
    peer.wait_for_close();
  });
  Setup setup;
  for (int i = 0; i < 2; ++i) {
    ClientRequest request = request_to(server.port());
    request.on_event_stream = [](std::string_view) { return false; };
    CHECK(setup.send(request));
  }
}

}  // namespace patchbay::http
