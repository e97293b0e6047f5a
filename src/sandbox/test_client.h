// For tests: an engine on a clock that stands still, asked without sockets.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/encoding.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/value.h"
#include "sandbox/engine.h"
#include "sandbox/language/date_literal.h"

namespace patchbay::sandbox::testing {

struct TestReply {
  int status = 0;
  http::Headers headers;
  std::string text;
  json::Value body;  // null if the text is no JSON

  std::string_view header(std::string_view name) const {
    return headers.find(name).value_or("<absent>");
  }
  std::string_view message() const { return body.string_or("message", ""); }
  std::string_view code() const { return body.string_or("code", ""); }
  std::size_t size() const { return body.if_array() == nullptr ? 0 : body.if_array()->size(); }
};

class TestClient {
 public:
  explicit TestClient(SandboxOptions options = {}, std::string_view start = "2026-03-11T15:04:05Z")
      : options_(std::move(options)),
        clock(WallTime(*parse_date_literal(start))),
        engine(clock, options_) {
    authorization = "Basic " + to_base64(options_.company_id + "+" + options_.public_key + ":" +
                                         options_.private_key);
  }

  // `target` below the API's root ("/service/tickets?…", query values encoded by the caller or
  // plain ASCII without '&'), or absolute when it starts with "//".
  TestReply send(http::Method method, std::string_view target, std::string body = {},
                 std::vector<std::pair<std::string, std::string>> extra = {}) {
    std::string full = target.starts_with("//") ? std::string(target.substr(1))
                                                : "/v4_6_release/apis/3.0" + std::string(target);
    full = encode(full);
    http::Request request;
    request.method = method;
    request.target = full;
    request.path = std::string_view(full).substr(0, full.find('?'));
    if (full.find('?') != std::string::npos) {
      request.query = std::string_view(full).substr(full.find('?') + 1);
    }
    request.headers.add("Host", "psa.test:8080");
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    if (!client_id.empty()) request.headers.add("clientId", client_id);
    for (auto& [name, value] : extra) request.headers.set(name, value);
    request.body = std::move(body);
    http::Response response = engine.handle(request);
    TestReply reply{response.status,
                    std::move(response.headers),
                    response.head + (response.shared ? *response.shared : "") + response.tail,
                    {}};
    if (auto parsed = json::parse(reply.text)) reply.body = std::move(*parsed);
    return reply;
  }
  TestReply get(std::string_view target) { return send(http::Method::get, target); }
  TestReply post(std::string_view target, std::string body) {
    return send(http::Method::post, target, std::move(body));
  }
  TestReply patch(std::string_view target, std::string body) {
    return send(http::Method::patch, target, std::move(body));
  }
  TestReply put(std::string_view target, std::string body) {
    return send(http::Method::put, target, std::move(body));
  }
  TestReply remove(std::string_view target) { return send(http::Method::delete_, target); }

  // "/service/tickets?conditions=" and the rest encoded.
  TestReply find(std::string_view path, std::string_view conditions, std::string_view more = {}) {
    return get(std::string(path) + "?conditions=" + http::percent_encode(conditions) +
               std::string(more));
  }

 private:
  static std::string encode(std::string_view target) {
    std::string encoded;
    for (const char c : target) encoded += c == ' ' ? std::string("%20") : std::string(1, c);
    return encoded;
  }

  SandboxOptions options_;

 public:
  std::string authorization;
  std::string client_id = "00000000-0000-4000-8000-00000000d3a0";
  ManualClock clock;
  Engine engine;
};

}  // namespace patchbay::sandbox::testing
