// For tests: a sandbox that answers otherwise than it would, and what others make in it.
#pragma once

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

// What the sandbox has made of it, past the gateway. `target`: from the root.
inline json::Value make_past(World& world, const std::string& target, const json::Object& body) {
  http::ClientRequest request;
  request.origin = {false, "127.0.0.1", world.psa.port()};
  request.method = http::Method::post;
  request.target = target;
  request.body = json::to_string(body);
  request.allow_loopback = true;
  request.headers.add("Authorization",
                      "Basic " + to_base64("patchbay+demo-public-key:demo-private-key"));
  request.headers.add("clientId", "00000000-0000-4000-8000-00000000d3a0");
  request.headers.add("Content-Type", "application/json");
  std::string made;
  world.runtime.run(world.runtime.loop(0), [&]() -> io::Task<> {
    auto answer = co_await world.client.send(request);
    REQUIRE(answer.has_value());
    REQUIRE_MESSAGE(answer->status == 201, answer->body);
    made = answer->body;
  });
  return json::parse(made).value_or(json::Value());
}

// The next request of that kind is answered so, and nothing is done.
inline void answer_with(World& world, const std::string& verb, int status, const std::string& body,
                        json::Object headers = {}) {
  make_past(
      world, "/_sandbox/faults",
      {{"method", verb}, {"status", status}, {"body", body}, {"headers", std::move(headers)}});
}

}  // namespace patchbay::gateway
