// Who may speak at all: web pages by their origin, and the names that the endpoint is addressed by.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "mcp/test_endpoint.h"

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string url(std::string_view token) {
  return "/mcp/" + std::string(token);
}

}  // namespace

TEST_CASE("foreign origins and hosts are refused before anything else") {
  TestEndpoint open;
  const std::string ping = legacy_body("ping");
  const auto status = [&](TestEndpoint& endpoint, HeaderList headers) {
    return endpoint.post(ping, std::move(headers)).status;
  };
  CHECK(status(open, {}) == 200);
  CHECK(status(open, {{"Origin", "http://localhost:6274"}}) == 200);
  CHECK(status(open, {{"Origin", "http://127.0.0.1"}}) == 200);
  CHECK(status(open, {{"Origin", "http://[::1]:80"}}) == 200);
  for (const char* origin :
       {"http://evil.example.com", "null", "", "http://localhost.evil.com",
        "http://localhost@evil.com", "http://evil.com/localhost", "http://127.0.0.1.evil.com",
        "ftp://localhost", "http://[::1].evil.example", "http://[::1]evil.example:80"}) {
    CHECK_MESSAGE(status(open, {{"Origin", origin}}) == 403, origin);
  }
  TestEndpoint narrow(
      {.server_version = "1",
       .places = http::OriginPolicy::make(std::array<std::string, 1>{"https://app.example.com"},
                                          std::array<std::string, 1>{"mcp.example.com"})
                     .value()});
  CHECK(status(narrow, {{"Origin", "https://app.example.com"}}) == 200);
  CHECK(status(narrow, {{"Origin", "https://app.example.com:444"}}) == 403);
  CHECK(
      narrow.send(http::Method::get, "/mcp/pbm_open", {{"Origin", "https://evil.example.com"}}, "")
          .status == 403);
}

TEST_CASE("an allowed origin may read the answer and ask before it posts") {
  TestEndpoint endpoint;
  const Reaction answer = endpoint.post(legacy_body("ping"), {{"Origin", "http://localhost:6274"}});
  CHECK(answer.headers.find("Access-Control-Allow-Origin") == "http://localhost:6274");
  const Reaction before =
      endpoint.send(http::Method::options, url(kOpenToken),
                    {{"Origin", "http://localhost:6274"},
                     {"Access-Control-Request-Headers", "content-type, Mcp-Param-Region"}},
                    "");
  CHECK(before.status == 204);
  const std::string allowed(*before.headers.find("Access-Control-Allow-Headers"));
  CHECK(allowed.find("mcp-protocol-version") != std::string::npos);
  CHECK(allowed.find("mcp-param-region") != std::string::npos);
  // Pages end sessions with DELETE, where these are handed out.
  const auto methods = [&](const std::string& path) {
    return std::string(
        endpoint.send(http::Method::options, path, {{"Origin", "http://localhost:6274"}}, "")
            .headers.find("Access-Control-Allow-Methods")
            .value_or(""));
  };
  CHECK(methods(url(kOpenToken)) == "POST, GET, DELETE");
  CHECK(methods("/mcp") == "POST, GET, DELETE");
  CHECK(methods(url(kOpenToken) + "/sse") == "POST, GET");
  CHECK(endpoint.send(http::Method::options, url(kOpenToken), {{"Origin", "http://evil.com"}}, "")
            .status == 403);
}
