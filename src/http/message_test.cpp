#include "http/message.h"

#include <doctest/doctest.h>

#include "http/client.h"
#include "http/origin_policy.h"
#include "http/response_head.h"
#include "http/sse.h"
#include "http/status.h"
#include "http/url.h"

namespace patchbay::http {

TEST_CASE("headers keep their order and compare names without regard to case") {
  Headers headers;
  headers.add("Content-Type", "  text/plain \t");
  headers.add("Accept", "a");
  headers.add("accept", "b");
  CHECK(headers.size() == 3);
  CHECK(headers.find("CONTENT-TYPE") == "text/plain");
  CHECK(headers.find("Accept") == "a");
  CHECK(headers.find_all("ACCEPT") == std::vector<std::string_view>{"a", "b"});
  CHECK_FALSE(headers.find("Accep"));
  std::string all;
  for (auto [name, value] : headers) all.append(name).append("=").append(value).append(";");
  CHECK(all == "Content-Type=text/plain;Accept=a;accept=b;");
}

TEST_CASE("setting a header replaces all of its name, also by its own value") {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", std::string(500, 'b'));
  headers.add("a", "2");
  headers.set("A", *headers.find("B"));
  CHECK(headers.size() == 2);
  CHECK(headers.find("a") == std::string(500, 'b'));
  headers.remove("b");
  CHECK(headers.size() == 1);
  headers.clear();
  CHECK(headers.empty());
}

TEST_CASE("methods are read in upper case only") {
  CHECK(parse_method("DELETE") == Method::delete_);
  CHECK(to_string(Method::delete_) == "DELETE");
  CHECK_FALSE(parse_method("get"));
  CHECK_FALSE(parse_method("TRACE"));
  CHECK_FALSE(parse_method(""));
}

TEST_CASE("percent-decoding takes whole escapes only, and no NUL") {
  CHECK(percent_decode("a%20b%2Fc%e2%82%ac", false) == "a b/c\xe2\x82\xac");
  CHECK(percent_decode("a+b", false) == "a+b");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(percent_decode("", true) == "");
  for (std::string_view broken : {"%", "a%2", "%zz", "%2g", "%00", "%%20"}) {
    CAPTURE(broken);
    CHECK_FALSE(percent_decode(broken, false));
  }
  CHECK_FALSE(percent_decode(std::string_view("a\0b", 3), false));
}

TEST_CASE("percent-encoding leaves unreserved characters only and is undone by decoding") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b/c?&=+%\xff") == "a%20b%2Fc%3F%26%3D%2B%25%FF");
  std::string every;
  for (int c = 1; c < 256; ++c) every.push_back(static_cast<char>(c));
  CHECK(percent_decode(percent_encode(every), true) == every);
}

TEST_CASE("a query is its decoded pairs in their order") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(parse_query("a=1&b=x%26y&a=&c&=d&&e=f=g") ==
        Pairs{{"a", "1"}, {"b", "x&y"}, {"a", ""}, {"c", ""}, {"", "d"}, {"e", "f=g"}});
  CHECK(parse_query("") == Pairs{});
  CHECK(parse_query("q=a+b") == Pairs{{"q", "a b"}});
  CHECK_FALSE(parse_query("a=%"));
  CHECK_FALSE(parse_query("%zz=1"));
}

TEST_CASE("a URL is taken apart, and only plain ones of http and https are taken") {
  auto url = parse_url("https://API.example.com:8443/v4/tickets?page=1&q=a%20b");
  REQUIRE(url);
  CHECK(url->origin == Origin{true, "api.example.com", 8443});
  CHECK(url->path == "/v4/tickets");
  CHECK(url->query == "page=1&q=a%20b");

  CHECK(parse_url("http://h")->origin == Origin{false, "h", 80});
  CHECK(parse_url("http://h")->path == "/");
  CHECK(parse_url("http://h?x")->query == "x");
  CHECK(parse_url("HTTPS://[::1]:1/")->origin == Origin{true, "::1", 1});

  for (std::string_view bad : {"",
                               "/path",
                               "ftp://h/",
                               "http://",
                               "http:///x",
                               "http://u@h/",
                               "http://u:p@h/",
                               "http://h/#x",
                               "http://h:0/",
                               "http://h:65536/",
                               "http://h:x/",
                               "http://h:1x/",
                               "http://h a/",
                               "http://h/a b",
                               "http://[::1/",
                               "http://[::1]x/",
                               "http://[]/",
                               "http://[::1%25eth0]/",
                               "http://h\\@evil/",
                               "http://h%2f/",
                               "http://h\n/",
                               "javascript:x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_url(bad));
  }
}

TEST_CASE("an authority is a host and perhaps a port, and nothing around them") {
  CHECK(parse_authority("MCP.example.com") == Authority{"mcp.example.com", std::nullopt});
  CHECK(parse_authority("127.0.0.1:8080") == Authority{"127.0.0.1", 8080});
  CHECK(parse_authority("[0:0::1]:80") == Authority{"::1", 80});
  for (const char* bad :
       {"", ":80", "a b", "user@host", "host:", "host:0", "host:65536", "host:8o", "host:80:80",
        "[::1", "[::1].evil.example", "[::1]evil", "[]", "[::1%lo]", "[1.2.3.4]", "h\\ost"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_authority(bad));
    CHECK_FALSE(parse_url("http://" + std::string(bad) + "?").has_value());
  }
}

TEST_CASE("origins and hosts are compared as what they are") {
  const auto make = [](std::vector<std::string> origins, std::vector<std::string> hosts) {
    return OriginPolicy::make(origins, hosts);
  };
  const auto narrow = make({"https://App.example.com", "vscode-file://vscode-app"},
                           {"mcp.example.com", "[::0]:90"});
  REQUIRE(narrow);
  for (const char* good : {"https://app.example.com", "HTTPS://APP.EXAMPLE.COM:443",
                           "vscode-file://vscode-app", "http://localhost:1", "http://[0::1]"}) {
    CHECK_MESSAGE(narrow->allows_origin(good), good);
  }
  for (const char* bad :
       {"http://app.example.com", "https://app.example.com:444", "https://app.example.com/",
        "https://app.example.com.evil.example", "https://x@app.example.com", "null", "",
        "http://[::1].evil.example", "http://[::1", "vscode-file://vscode-app.evil", "*"}) {
    CHECK_MESSAGE(!narrow->allows_origin(bad), bad);
  }
  for (const char* good :
       {"mcp.example.com", "MCP.example.com:8443", "[::]:90", "localhost:8080", "[::1]"}) {
    CHECK_MESSAGE(narrow->allows_host(good), good);
  }
  for (const char* bad : {"", "mcp.example.com.evil.example", "evil.mcp.example.com", "[::]:91",
                          "[::1].evil.example", "localhost.evil.example", "localhost:x"}) {
    CHECK_MESSAGE(!narrow->allows_host(bad), bad);
  }
  CHECK(OriginPolicy().allows_host("anything"));
  CHECK_FALSE(OriginPolicy().allows_origin("https://app.example.com"));
  CHECK(make({"*"}, {})->allows_origin("null"));
  for (const char* bad : {"app.example.com", "https://", "https://a/b", "http://[::1].evil"}) {
    CHECK_FALSE(make({bad}, {}));
  }
  CHECK_FALSE(make({}, {"https://mcp.example.com"}));
}

TEST_CASE("a response's head cannot be split by a header's value") {
  Response response;
  response.status = 201;
  response.headers.add("X-Echo", "a\r\nSet-Cookie: evil=1");
  response.headers.add("Content-Length", "999");
  response.headers.add("connection", "upgrade");
  std::string head;
  append_head(head, response, {.length = 5, .server_name = "patchbay", .request_id = "r1"});
  CHECK(
      head.starts_with("HTTP/1.1 201 Created\r\nX-Echo: a  Set-Cookie: evil=1\r\n"
                       "Content-Length: 5\r\nDate: "));
  CHECK(head.ends_with(" GMT\r\nServer: patchbay\r\nX-Request-Id: r1\r\n\r\n"));
  CHECK(head.find("upgrade") == std::string::npos);
  CHECK(head.find("999") == std::string::npos);
}

TEST_CASE("every error code has a status") {
  CHECK(status_of(ErrorCode::invalid_argument) == 400);
  CHECK(status_of(ErrorCode::not_found) == 404);
  CHECK(status_of(ErrorCode::rate_limited) == 429);
  CHECK(status_of(ErrorCode::internal) == 500);
}

TEST_CASE("an event has its name, and each line of data its own field") {
  CHECK(sse_event("message", "{\"a\":1}") == "event: message\ndata: {\"a\":1}\n\n");
  CHECK(sse_event("m", "a\r\nb\rc\n") == "event: m\ndata: a\ndata: b\ndata: c\ndata: \n\n");
  CHECK(sse_event("m", "") == "event: m\ndata: \n\n");
}

}  // namespace patchbay::http
