// Which proxy is used, and what goes over it.
#include "http/proxy.h"

#include <map>
#include <optional>
#include <utility>

#include <doctest/doctest.h>

#include "http/client.h"
#include "http/test_client.h"
#include "http/test_socket.h"

namespace patchbay::http {

namespace {

using Environment = std::map<std::string, std::string>;

std::string chosen(const Environment& environment, std::string_view url) {
  const auto proxy =
      choose_proxy(parse_url(url)->origin, [&](const char* name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found != environment.end() ? std::optional(found->second) : std::nullopt;
      });
  if (!proxy) return "refused";
  if (*proxy == nullptr) return "none";
  const auto& [origin, authorization] = **proxy;
  return origin.host + ":" + std::to_string(origin.port) +
         (authorization.empty() ? "" : " " + authorization);
}

}  // namespace

TEST_CASE("the environment names a proxy for each scheme, and hosts without") {
  const Environment both = {{"HTTPS_PROXY", "http://secure.example:3128"},
                            {"http_proxy", "plain.example:8080/"},
                            {"HTTP_PROXY", "http://other.example"},
                            {"NO_PROXY", "a.example, .b.example,*.c.example,d.example:8443"}};
  CHECK(chosen(both, "https://x.example/mcp") == "secure.example:3128");
  CHECK(chosen(both, "http://x.example/mcp") == "plain.example:8080");
  for (const char* direct : {"https://a.example", "https://x.a.example", "https://b.example",
                             "https://y.b.example", "https://y.c.example", "https://d.example:8443",
                             "https://localhost", "http://127.0.0.1:1", "http://[::1]:1"}) {
    CAPTURE(direct);
    CHECK(chosen(both, direct) == "none");
  }
  for (const char* through : {"https://xa.example", "https://d.example"}) {
    CHECK(chosen(both, through) == "secure.example:3128");
  }
  CHECK(chosen({{"no_proxy", "*"}, {"ALL_PROXY", "http://p"}}, "https://x.example") == "none");
  CHECK(chosen({{"ALL_PROXY", "http://p"}}, "https://x.example") == "p:80");
  CHECK(chosen({}, "https://x.example") == "none");
  CHECK(chosen({{"all_proxy", "http://ann:p%40ss@p:81"}}, "https://x.example") ==
        "p:81 Basic YW5uOnBAc3M=");
  for (const char* unfit : {"socks5://p:1080", "https://p", "http://", "http://p:x"}) {
    CHECK(chosen({{"all_proxy", unfit}}, "https://x.example") == "refused");
  }
}

TEST_CASE("what is not encrypted is asked of the proxy by its whole address") {
  std::string head;
  RawServer proxy([&](RawServer::Peer& peer, int) {
    head = peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  Setup setup;
  ClientRequest request = request_to(1);
  request.origin = {false, "psa.example", 8080};
  request.proxy = std::make_shared<Proxy>(Proxy{{false, "127.0.0.1", proxy.port()}, "Basic eA=="});
  const Answer answer = setup.send(request);
  REQUIRE(answer);
  CHECK(answer->body == "ok");
  CHECK(
      head.starts_with("GET http://psa.example:8080/target?x=y HTTP/1.1\r\n"
                       "Host: psa.example:8080\r\nProxy-Authorization: Basic eA==\r\n"));
}

TEST_CASE(
    "what is encrypted goes through a tunnel, of which the proxy is told no more than the host") {
  std::string head;
  std::string hello;
  std::optional<RawServer> proxy(std::in_place, [&](RawServer::Peer& peer, int) {
    head = peer.read_head();
    peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
    hello = peer.read_bytes(3);
  });
  Setup setup;
  ClientRequest request = request_to(1);
  request.origin = {true, "psa.example", 443};
  request.headers.add("X-Api-Token", "secret");
  request.proxy = std::make_shared<Proxy>(Proxy{{false, "127.0.0.1", proxy->port()}, "Basic eA=="});
  CHECK(code_of(setup.send(request)) == ErrorCode::unavailable);  // the stub speaks no TLS
  proxy.reset();                                                  // it has written all of it
  CHECK(head ==
        "CONNECT psa.example:443 HTTP/1.1\r\nHost: psa.example:443\r\n"
        "Proxy-Authorization: Basic eA==\r\n\r\n");
  CHECK(hello.substr(0, 2) == "\x16\x03");  // a TLS handshake
}

TEST_CASE("a proxy that refuses is an error that names it, and nothing was sent") {
  for (const std::string status : {"407 Proxy Authentication Required", "403 Forbidden"}) {
    RawServer proxy([&](RawServer::Peer& peer, int) {
      peer.read_head();
      peer.send("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    });
    Setup setup;
    ClientRequest request = request_to(1);
    request.origin = {true, "psa.example", 443};
    request.proxy = std::make_shared<Proxy>(Proxy{{false, "127.0.0.1", proxy.port()}, ""});
    const Answer answer = setup.send(request);
    REQUIRE_FALSE(answer.has_value());
    CHECK_FALSE(answer.error().maybe_sent);
    CHECK(answer.error().error.message.find("opens no way to psa.example:443 (HTTP status " +
                                            status.substr(0, 3)) != std::string::npos);
  }
}

}  // namespace patchbay::http
