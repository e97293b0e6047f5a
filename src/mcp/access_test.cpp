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
  // Of two the one that is judged may not be the one that the browser sent.
  for (const char* second : {"http://evil.example.com", "http://127.0.0.1:8080"}) {
    CHECK(status(open, {{"Origin", "http://localhost:6274"}, {"Origin", second}}) == 403);
    CHECK(status(open, {{"Origin", second}, {"Origin", "http://localhost:6274"}}) == 403);
  }
  CHECK(status(open, {{"Origin", "http://localhost"}, {"Origin", "http://localhost"}}) == 200);
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

TEST_CASE("a field that says one thing says nothing where it is there twice and says two") {
  TestEndpoint endpoint;
  const auto status = [&](std::string_view path, HeaderList headers) {
    headers.emplace_back("Content-Type", "application/json");
    return endpoint
        .send(http::Method::post, std::string(path), std::move(headers), legacy_body("ping"))
        .status;
  };
  CHECK(status("/mcp", {{"Authorization", "Bearer pbm_open"}}) == 200);
  CHECK(status("/mcp", {{"Authorization", "Bearer pbm_open"}, {"Authorization", "Bearer x"}}) ==
        404);
  const std::string guarded = url(kGuardedToken);
  CHECK(status(guarded, {{"X-Api-Token", "pba_mine"}}) == 200);
  CHECK(status(guarded, {{"X-Api-Token", "pba_mine"}, {"X-Api-Token", "pba_other"}}) == 401);
  CHECK(status(url(kOpenToken), {{"Content-Type", "text/plain"}}) == 415);
}

TEST_CASE("a paused server says so at every door, to whoever has both keys and to nobody else") {
  TestEndpoint endpoint;
  const auto reaction = [&](http::Method method, const std::string& path, HeaderList headers) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Origin", "http://localhost:6274");
    return endpoint.send(method, path, std::move(headers), legacy_body("tools/list"));
  };
  const std::string paused = url(kPausedToken);
  const std::pair<http::Method, std::string> doors[] = {{http::Method::post, paused},
                                                        {http::Method::get, paused},
                                                        {http::Method::get, paused + "/sse"},
                                                        {http::Method::post, paused + "/messages"}};
  for (const auto& [method, path] : doors) {
    CAPTURE(path);
    CHECK(reaction(method, path, {}).status == 401);
    const Reaction told = reaction(method, path, {{"X-Api-Token", "pba_mine"}});
    CHECK(told.status == 403);
    CHECK(told.json.string_or("error", "") == "paused");
    CHECK(told.body.contains("paused by its operator"));
    CHECK_FALSE(told.headers.find("WWW-Authenticate"));
    // Once: browsers refuse a list of two.
    CHECK(told.headers.find_all("Access-Control-Allow-Origin").size() == 1);
  }
  const Reaction by_header =
      endpoint.send(http::Method::post, "/mcp",
                    {{"Authorization", "Bearer pbm_paused"}, {"Content-Type", "application/json"}},
                    legacy_body("ping"));
  CHECK(by_header.status == 401);
}
