// For tests: the gateway before the sandbox, over a socket.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "gateway/test_harness.h"
#include "sandbox/sandbox.h"

namespace patchbay::gateway {

struct World {
  io::Runtime runtime{{.loops = 2}};
  TestDay clock;
  sandbox::Sandbox psa;
  Harness harness;
  http::Client client{runtime, {}};  // past the gateway; making one reads all of the system's CAs

  explicit World(sandbox::SandboxOptions options = {}, GatewayOptions gateway_options = {})
      : psa(runtime, clock, std::move(options)),
        harness((start(), runtime), psa.port(), std::move(gateway_options)) {}
  ~World() {
    psa.stop(std::chrono::milliseconds(0));
    runtime.stop();
  }
  void start() {
    runtime.start();
    REQUIRE(psa.start());
  }
  Answered call(const std::string& tool, const std::string& arguments) {
    return harness.call(tool, arguments);
  }
  // What the sandbox itself says, past the gateway.
  json::Value direct(const std::string& target) { return past(http::Method::get, target, ""); }
  // A change that somebody else makes there: a list of JSON Patch operations.
  json::Value change(const std::string& target, const std::string& operations) {
    return past(http::Method::patch, target, operations);
  }
  json::Value past(http::Method method, const std::string& target, const std::string& sent) {
    http::ClientRequest request;
    request.origin = {false, "127.0.0.1", psa.port()};
    request.method = method;
    request.target = "/v4_6_release/apis/3.0" + target;
    request.body = sent;
    request.allow_loopback = true;
    request.headers.add("Authorization",
                        "Basic " + to_base64("patchbay+demo-public-key:demo-private-key"));
    request.headers.add("clientId", "00000000-0000-4000-8000-00000000d3a0");
    if (!sent.empty()) request.headers.add("Content-Type", "application/json");
    std::string body;
    runtime.run(runtime.loop(0), [&]() -> io::Task<> {
      auto answer = co_await client.send(request);
      REQUIRE(answer.has_value());
      CHECK_MESSAGE((answer->status == 200 || answer->status == 201), answer->body);
      body = answer->body;
    });
    return json::parse(body).value();
  }
  std::vector<std::int64_t> direct_ids(const std::string& path) {
    std::vector<std::int64_t> ids;
    for (int page = 1;; ++page) {
      const auto records =
          direct(path + (path.contains('?') ? '&' : '?') +
                 "fields=id&orderBy=id&pageSize=1000&page=" + std::to_string(page));
      for (const auto& record : *records.if_array()) ids.push_back(record.int64_or("id", 0));
      if (records.if_array()->size() < 1000) return ids;
    }
  }
  // What a tool cannot be called without: the parents in its path as they are in the sandbox, the
  // first choice of what is chosen, and 5012, a ticket, for any other number.
  json::Object required_arguments(const catalog::Tool& tool) {
    json::Object arguments;
    std::string path;
    std::string_view rest = tool.method->path.text();
    while (!rest.empty()) {
      const auto open = rest.find('{');
      path += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = rest.find('}', open);
      const std::string name(rest.substr(open + 1, close - open - 1));
      rest.remove_prefix(close + 1);
      const auto parents =
          direct(path.substr(0, path.size() - 1) + "?fields=id&orderBy=id&pageSize=1");
      REQUIRE_MESSAGE(!parents.if_array()->empty(), path);
      const auto id = parents.if_array()->front().int64_or("id", 0);
      path += std::to_string(id);
      arguments[name] = id;
    }
    for (const auto& argument : tool.method->arguments) {
      const bool needed =
          argument.required ||
          std::ranges::find(tool.method->needs, argument.name) != tool.method->needs.end();
      if (!needed || arguments.contains(argument.name)) continue;
      const auto* choices = argument.schema.find("enum");
      arguments[argument.name] =
          choices != nullptr ? choices->if_array()->front() : json::Value(5012);
    }
    return arguments;
  }
  // Follows cursors to the end. `between` runs after each page.
  std::vector<std::int64_t> follow(const std::string& tool, const std::string& arguments,
                                   const std::function<void(int)>& between = {}) {
    std::vector<std::int64_t> ids;
    auto query = json::parse(arguments).value();
    for (int page = 0; page < 2000; ++page) {
      const auto outcome = harness.call_value(tool, query);
      REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
      const auto& records = *outcome.value.find("result")->if_array();
      CHECK(static_cast<std::int64_t>(records.size()) ==
            outcome.value.int64_or("result_count", -1));
      for (const auto& record : records) ids.push_back(record.int64_or("id", 0));
      const auto cursor = outcome.value.string_or("next_cursor", "");
      if (cursor.empty()) return ids;
      CHECK(!records.empty());
      query["next_cursor"] = cursor;
      if (between) between(page);
    }
    FAIL("the cursors never end");
    return ids;
  }
};

}  // namespace patchbay::gateway
