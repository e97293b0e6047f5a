#include "http/client.h"

#include <array>
#include <atomic>

#include <doctest/doctest.h>
#include <zlib.h>

#include "http/server.h"
#include "http/test_client.h"
#include "http/test_socket.h"
#include "json/shape.h"

namespace patchbay::http {

namespace {

std::string gzip(std::string_view plain, int window_bits = 15 + 16) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

std::string with_length(std::string_view body, std::string_view headers = {}) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append(headers).append("\r\n").append(body);
}

// One answer to each connection's first request.
std::function<void(RawServer::Peer&, int)> always(std::string answer) {
  return [answer = std::move(answer)](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send(answer);
  };
}

}  // namespace

TEST_CASE("a request is written as it must be, and the client's own headers are its own") {
  std::string head;
  std::string body;
  RawServer server([&](RawServer::Peer& peer, int) {
    head = peer.read_head();
    body = peer.read_bytes(5);
    peer.send(with_length("ok", "X-A: 1\r\nx-a:  2 \r\n"));
  });
  Setup setup;
  ClientRequest request = request_to(server.port(), Method::post, "hello");
  request.headers.add("Authorization", "Basic x");
  request.headers.add("host", "evil");
  request.headers.add("Content-Length", "9");
  request.headers.add("transfer-encoding", "chunked");
  Answer answer = setup.send(request);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->headers.find_all("X-A") == std::vector<std::string_view>{"1", "2"});
  CHECK(answer->body == "ok");
  CHECK(answer->body.capacity() >= answer->body.size() + json::kPadding);
  CHECK(head == "POST /target?x=y HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                    "\r\nAuthorization: Basic x\r\nAccept-Encoding: gzip, deflate\r\n"
                    "Content-Length: 5\r\n\r\n");
  CHECK(body == "hello");
}

TEST_CASE("a request that could be read as two is not sent") {
  Setup setup;
  ClientRequest request = request_to(1);
  SUBCASE("line break in a value") {
    request.headers.add("X", "a\r\nY: b");
  }
  SUBCASE("line break in a name") {
    request.headers.add("X\r\nY", "a");
  }
  SUBCASE("space in the target") {
    request.target = "/a HTTP/1.1\r\nX: y";
  }
  SUBCASE("absolute target") {
    request.target = "http://b/";
  }
  SUBCASE("line break in the host") {
    request.origin.host = "a\r\nX: y";
  }
  Answer answer = setup.send(request);
  CHECK(code_of(answer) == ErrorCode::invalid_argument);
  CHECK_FALSE(answer.error().maybe_sent);
}

TEST_CASE("bodies are read however they are delimited, and interim answers are skipped") {
  std::string large(300'000, 'x');
  struct Case {
    std::string text;
    std::string body;
  };
  const Case kCases[] = {
      {with_length(""), ""},
      {with_length(large), large},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: "
       "u\r\n\r\n",
       "abcde"},
      {"HTTP/1.1 200 OK\r\n\r\nuntil the close", "until the close"},
      {"HTTP/1.0 200 OK\r\n\r\n" + large, large},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
           with_length("final"),
       "final"},
      {"HTTP/1.1 204 No Content\r\n\r\n", ""},
      {"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nterse", "terse"},
      {"HTTP/1.0 200\r\n\r\nterse", "terse"},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n", ""},
      {with_length(gzip("packed"), "Content-Encoding: gzip\r\n"), "packed"},
      {with_length(gzip(large), "Content-Encoding: GZip\r\n"), large},
      {with_length(gzip("zlib", 15), "Content-Encoding: deflate\r\n"), "zlib"},
      {with_length(gzip("bare", -15), "Content-Encoding: deflate\r\n"), "bare"},
      {with_length(gzip("one,") + gzip("two"), "Content-Encoding: gzip\r\n"), "one,two"},
      {with_length("plain", "Content-Encoding: identity\r\n"), "plain"},
  };
  for (const Case& test : kCases) {
    CAPTURE(test.text.substr(0, 100));
    RawServer server(always(test.text));
    Setup setup;
    Answer answer = setup.send(request_to(server.port()));
    REQUIRE(answer);
    CHECK(answer->body == test.body);
    CHECK(answer->body.capacity() >= answer->body.size() + json::kPadding);
    CHECK_FALSE(answer->headers.find("Link"));
  }
}

TEST_CASE("answers that cannot be trusted are errors, and the request may have been acted on") {
  std::string bomb = gzip(std::string(20'000'000, '\0'));
  std::string packed = gzip("packed");
  struct Case {
    std::string what;
    std::string text;
    ErrorCode code;
  };
  const Case kCases[] = {
      {"nothing", "", ErrorCode::upstream},
      {"half a head", "HTTP/1.1 200 OK\r\nContent-Le", ErrorCode::upstream},
      {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", ErrorCode::upstream},
      {"a body shorter than its length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
       ErrorCode::upstream},
      {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
       ErrorCode::upstream},
      {"length and chunked",
       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       ErrorCode::upstream},
      {"an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\nab",
       ErrorCode::upstream},
      {"a cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
       ErrorCode::upstream},
      {"a chunked body without an end",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", ErrorCode::upstream},
      {"a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n",
       ErrorCode::upstream},
      {"a length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n",
       ErrorCode::too_large},
      {"an enormous length", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
       ErrorCode::too_large},
      {"a chunk over the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1fffff\r\n",
       ErrorCode::too_large},
      {"a body without an end over the limit",
       "HTTP/1.1 200 OK\r\n\r\n" + std::string(1'200'000, 'x'), ErrorCode::too_large},
      {"a bomb", with_length(bomb, "Content-Encoding: gzip\r\n"), ErrorCode::too_large},
      {"cut compression",
       with_length(packed.substr(0, packed.size() - 9), "Content-Encoding: gzip\r\n"),
       ErrorCode::upstream},
      {"false compression", with_length("plain text", "Content-Encoding: gzip\r\n"),
       ErrorCode::upstream},
      {"an unknown encoding", with_length("abc", "Content-Encoding: br\r\n"), ErrorCode::upstream},
      {"endless headers", "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n",
       ErrorCode::upstream},
      {"a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
       ErrorCode::upstream},
  };
  for (const Case& test : kCases) {
    CAPTURE(test.what);
    RawServer server(always(test.text));
    Setup setup;
    ClientRequest request = request_to(server.port());
    request.max_response_bytes = 1'000'000;
    Answer answer = setup.send(request);
    CHECK(code_of(answer) == test.code);
    CHECK(answer.error().maybe_sent);
    CHECK_FALSE(answer.error().error.message.empty());
  }
}

TEST_CASE("a large packed answer is unpacked, off the loop") {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 400'000; ++i) {
    x = x * 1664525 + 1013904223;
    noise.push_back(static_cast<char>(x >> 24));
  }
  RawServer server(always(with_length(gzip(noise), "Content-Encoding: gzip\r\n")));
  Setup setup;
  Answer answer = setup.send(request_to(server.port()));
  REQUIRE(answer);
  CHECK(answer->body == noise);
}

TEST_CASE("requests at the same time share one look-up, and each has its own deadline") {
  Setup setup;
  std::atomic<int> answered = 0;
  RawServer server([](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send(with_length("ok", "Connection: close\r\n"));
  });
  for (int i = 0; i < 8; ++i) {
    setup.runtime.spawn(setup.runtime.loop(0), [&, i]() -> io::Task<> {
      ClientRequest request = request_to(server.port());
      request.origin.host = i % 2 == 0 ? "localhost" : "LOCALHOST";
      auto answer = co_await setup.client.send(std::move(request));
      if (answer) ++answered;
    });
  }
  for (int i = 0; i < 300 && answered < 8; ++i) std::this_thread::sleep_for(milliseconds(10));
  CHECK(answered == 8);
}

TEST_CASE("HEAD is answered without a body, whatever the length says") {
  RawServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"));
  Setup setup;
  Answer answer = setup.send(request_to(server.port(), Method::head));
  REQUIRE(answer);
  CHECK(answer->body.empty());
  CHECK(answer->headers.find("Content-Length") == "500");
}

TEST_CASE("a connection is used again, until either side says otherwise") {
  std::atomic<int> connections = 0;
  std::string extra;
  RawServer server([&](RawServer::Peer& peer, int) {
    ++connections;
    while (!peer.read_head().empty()) {
      if (!peer.send(with_length("ok", extra))) break;
    }
  });
  Setup setup;
  SUBCASE("kept") {
    for (int i = 0; i < 5; ++i) REQUIRE(setup.send(request_to(server.port())));
    CHECK(connections == 1);
  }
  SUBCASE("Connection: close") {
    extra = "Connection: close\r\n";
    for (int i = 0; i < 3; ++i) REQUIRE(setup.send(request_to(server.port())));
    CHECK(connections == 3);
  }
  SUBCASE("bytes behind the answer") {
    extra = "X: y\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n";
    RawServer chatty([&](RawServer::Peer& peer, int) {
      ++connections;
      while (!peer.read_head().empty()) {
        if (!peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n")) break;
      }
    });
    for (int i = 0; i < 3; ++i) REQUIRE(setup.send(request_to(chatty.port())));
    CHECK(connections == 3);
  }
  SUBCASE("not by a request with other address rules") {
    REQUIRE(setup.send(request_to(server.port())));
    ClientRequest other = request_to(server.port());
    other.allow_loopback = false;
    CHECK(code_of(setup.send(other)) == ErrorCode::permission_denied);
  }
}

TEST_CASE("a stale connection is replaced unseen where that is safe") {
  std::atomic<int> connections = 0;
  std::atomic<int> requests = 0;
  // Takes the second request of its first connection, and closes without an answer.
  RawServer server([&](RawServer::Peer& peer, int connection) {
    ++connections;
    for (int i = 0; !peer.read_head().empty(); ++i) {
      ++requests;
      if (connection == 0 && i == 1) break;
      peer.send(with_length("ok"));
    }
  });
  Setup setup;
  REQUIRE(setup.send(request_to(server.port())));
  SUBCASE("GET is sent again") {
    CHECK(setup.send(request_to(server.port())).has_value());
    CHECK(connections == 2);
    CHECK(requests == 3);
  }
  SUBCASE("POST is not, and may have been acted on") {
    Answer answer = setup.send(request_to(server.port(), Method::post, "x"));
    CHECK(code_of(answer) == ErrorCode::upstream);
    CHECK(answer.error().maybe_sent);
    CHECK(requests == 2);
  }
}

TEST_CASE("a connection that was closed while idle is not tried, also not for a POST") {
  std::atomic<int> connections = 0;
  RawServer server([&](RawServer::Peer& peer, int) {
    ++connections;
    peer.read_head();
    peer.send(with_length("ok"));
  });
  Setup setup;
  for (int i = 0; i < 3; ++i) {
    CHECK(setup.send(request_to(server.port(), Method::post, "")).has_value());
    std::this_thread::sleep_for(milliseconds(60));
  }
  CHECK(connections == 3);
}

TEST_CASE("idle connections are closed after their time") {
  std::atomic<bool> closed = false;
  RawServer server([&](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send(with_length("ok"));
    peer.wait_for_close();
    closed = true;
  });
  Setup setup({.idle_timeout = milliseconds(100)});
  REQUIRE(setup.send(request_to(server.port())));
  for (int i = 0; i < 100 && !closed; ++i) std::this_thread::sleep_for(milliseconds(10));
  CHECK(closed);
}

TEST_CASE("an early refusal of a large body is read") {
  RawServer server([](RawServer::Peer& peer, int) {
    peer.read_head();
    peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nmuch");
    peer.read_bytes(30'000'000);
  });
  Setup setup;
  Answer answer = setup.send(request_to(server.port(), Method::post, std::string(30'000'000, 'x')));
  REQUIRE(answer);
  CHECK(answer->status == 413);
}

TEST_CASE("the timeout covers all of the exchange") {
  Setup setup;
  SUBCASE("no answer") {
    RawServer server([](RawServer::Peer& peer, int) { peer.wait_for_close(); });
    ClientRequest request = request_to(server.port());
    request.timeout = milliseconds(150);
    Answer answer = setup.send(request);
    CHECK(code_of(answer) == ErrorCode::timeout);
    CHECK(answer.error().maybe_sent);
  }
  SUBCASE("an answer that trickles") {
    RawServer server([](RawServer::Peer& peer, int) {
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      while (peer.send("x")) std::this_thread::sleep_for(milliseconds(20));
    });
    ClientRequest request = request_to(server.port());
    request.timeout = milliseconds(200);
    CHECK(code_of(setup.send(request)) == ErrorCode::timeout);
  }
  SUBCASE("a peer that does not read") {
    RawServer server([](RawServer::Peer&, int) { std::this_thread::sleep_for(milliseconds(500)); });
    ClientRequest request = request_to(server.port(), Method::post, std::string(30'000'000, 'x'));
    request.timeout = milliseconds(200);
    CHECK(code_of(setup.send(request)) == ErrorCode::timeout);
  }
}

TEST_CASE("cancelling ends a request at once") {
  RawServer server([](RawServer::Peer& peer, int) { peer.wait_for_close(); });
  Setup setup;
  io::CancelSource source;
  ClientRequest request = request_to(server.port());
  request.cancel = source.token();
  auto begin = std::chrono::steady_clock::now();
  SUBCASE("while it runs") {
    setup.runtime.spawn(setup.runtime.loop(0), [&]() -> io::Task<> {
      co_await io::sleep(milliseconds(50));
      source.cancel();
    });
    Answer answer = setup.send(request);
    CHECK(code_of(answer) == ErrorCode::cancelled);
    CHECK(answer.error().maybe_sent);
  }
  SUBCASE("before it began") {
    source.cancel();
    Answer answer = setup.send(request);
    CHECK(code_of(answer) == ErrorCode::cancelled);
    CHECK_FALSE(answer.error().maybe_sent);
  }
  CHECK(std::chrono::steady_clock::now() - begin < milliseconds(1000));
}

TEST_CASE("where nothing listens, nothing was sent") {
  std::uint16_t port = 0;
  {
    RawServer server([](RawServer::Peer&, int) {});
    port = server.port();
  }
  Setup setup;
  Answer answer = setup.send(request_to(port));
  CHECK(code_of(answer) == ErrorCode::unavailable);
  CHECK_FALSE(answer.error().maybe_sent);
  CHECK(answer.error().error.message.find(std::to_string(port)) != std::string::npos);
}

TEST_CASE("names are resolved, and what they resolve to is checked") {
  RawServer server(always(with_length("ok")));
  Setup setup;
  ClientRequest request = request_to(server.port());
  request.origin.host = "localhost";
  CHECK(setup.send(request).has_value());
  request.allow_loopback = false;
  request.allow_private_addresses = true;
  // The resolver takes all these for 127.0.0.1 or ::1; the guard looks at what comes out.
  for (std::string host : {"localhost", "127.1", "0x7f.0.0.1", "2130706433", "127.0.0.1", "::1",
                           "::ffff:127.0.0.1", "0.0.0.0", "169.254.169.254"}) {
    CAPTURE(host);
    request.origin.host = host;
    Answer answer = setup.send(request);
    CHECK(code_of(answer) == ErrorCode::permission_denied);
    CHECK_FALSE(answer.error().maybe_sent);
  }
}

TEST_CASE("many requests at once share a loop and do not mix") {
  io::Runtime runtime({.loops = 2});
  runtime.start();
  Server server(runtime, {}, [](Request& request) -> io::Task<Response> {
    std::string body(request.path);
    co_await io::sleep(milliseconds(1));
    co_return Response::text(200, body);
  });
  REQUIRE(server.start());
  Client client(runtime, {});
  std::atomic<int> right = 0;
  constexpr int kRequests = 200;
  for (int i = 0; i < kRequests; ++i) {
    runtime.spawn(runtime.loop(static_cast<std::size_t>(i) % 2),
                  [&client, &right, i, port = server.port()]() -> io::Task<> {
                    ClientRequest request = request_to(port);
                    request.target = "/" + std::to_string(i);
                    std::string expected = request.target;
                    auto answer = co_await client.send(std::move(request));
                    if (answer && answer->body == expected) ++right;
                  });
  }
  for (int i = 0; i < 500 && right < kRequests; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK(right == kRequests);
}

}  // namespace patchbay::http
