// The client over TLS: whom it trusts, and what it says when it does not.
#include <doctest/doctest.h>

#include "http/server.h"
#include "http/test_certificate.h"
#include "http/test_client.h"
#include "http/test_socket.h"

namespace patchbay::http {

TEST_CASE("TLS is spoken with those whose certificate holds, and nobody else") {
  TestAuthority authority;
  TestAuthority stranger;
  struct Case {
    std::string what;
    TestAuthority::Files files;
    std::string host;
    std::string reason;  // empty: it works
  };
  const Case kCases[] = {
      {"by name", authority.issue("DNS:localhost"), "localhost", ""},
      {"by address", authority.issue("IP:127.0.0.1"), "127.0.0.1", ""},
      {"expired", authority.issue("DNS:localhost", -5, -1), "localhost", "expired"},
      {"not yet valid", authority.issue("DNS:localhost", 1, 5), "localhost", "not yet valid"},
      {"of another host", authority.issue("DNS:example.com"), "localhost", "hostname mismatch"},
      {"of that host by its common name alone", authority.issue("", -1, 1, "localhost"),
       "localhost", "hostname mismatch"},
      {"of that host by its common name, beside an e-mail address",
       authority.issue("email:a@b.example", -1, 1, "localhost"), "localhost", "hostname mismatch"},
      {"of another address", authority.issue("IP:127.0.0.2"), "127.0.0.1", "IP address mismatch"},
      {"of an unknown authority", stranger.issue("DNS:localhost"), "localhost",
       "signature failure"},
  };
  for (const Case& test : kCases) {
    CAPTURE(test.what);
    Setup setup({.ca_file = authority.ca_file()});
    std::atomic<int> requests = 0;
    Server server(setup.runtime,
                  {.tls_certificate_file = test.files.certificate, .tls_key_file = test.files.key},
                  [&](Request& request) -> io::Task<Response> {
                    ++requests;
                    Response response = Response::text(200, request.secure ? "secure:" : "plain:");
                    response.tail = request.body;
                    co_return response;
                  });
    REQUIRE(server.start());
    for (std::size_t size : {0, 10, 700'000}) {
      ClientRequest request = request_to(server.port(), Method::post, std::string(size, 'x'));
      request.origin.secure = true;
      request.origin.host = test.host;
      Answer answer = setup.send(request);
      if (test.reason.empty()) {
        REQUIRE(answer);
        CHECK(answer->body == "secure:" + std::string(size, 'x'));
      } else {
        CHECK(code_of(answer) == ErrorCode::unavailable);
        CHECK_FALSE(answer.error().maybe_sent);
        CHECK(answer.error().error.message.find(test.reason) != std::string::npos);
        CHECK(requests == 0);
      }
    }
  }
}

TEST_CASE("a TLS server sees its clients go, and plain text is not taken for TLS") {
  TestAuthority authority;
  auto files = authority.issue("DNS:localhost");
  Setup setup({.ca_file = authority.ca_file()});
  std::atomic<bool> gone = false;
  Server server(setup.runtime,
                {.tls_certificate_file = files.certificate, .tls_key_file = files.key},
                [&](Request& request) -> io::Task<Response> {
                  io::CancelToken token = request.watch_disconnect();
                  while (!token.cancelled()) co_await io::sleep(milliseconds(5));
                  gone = true;
                  co_return Response::text(200, "");
                });
  REQUIRE(server.start());
  ClientRequest request = request_to(server.port());
  request.origin.secure = true;
  request.origin.host = "localhost";
  request.timeout = milliseconds(200);
  CHECK(code_of(setup.send(request)) == ErrorCode::timeout);
  for (int i = 0; i < 200 && !gone; ++i) std::this_thread::sleep_for(milliseconds(5));
  CHECK(gone);

  RawClient plain(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(plain.closed_by_peer());
}

TEST_CASE("a CA file that cannot be read is told at the first request") {
  Setup setup({.ca_file = "/nonexistent/ca.pem"});
  ClientRequest request = request_to(1);
  request.origin.secure = true;
  Answer answer = setup.send(request);
  CHECK(code_of(answer) == ErrorCode::invalid_argument);
  CHECK(answer.error().error.message.find("/nonexistent/ca.pem") != std::string::npos);
}

}  // namespace patchbay::http
